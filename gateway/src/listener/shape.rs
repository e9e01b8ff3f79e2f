//! Shapes of requests that some servers read one way and others another: refused before the body.
//!
//! hyper refuses most; these are what it lets pass. What it mends before anybody sees it is in
//! `raw`.

use http::header::{CONTENT_LENGTH, EXPECT, HOST, TRANSFER_ENCODING};
use http::uri::Authority;
use http::{HeaderMap, Method, Request, StatusCode, Version};

use crate::config::Limits;

/// Whether a request head may be served.
///
/// # Errors
/// The status to answer with; the connection is closed after it.
pub(super) fn check<B>(request: &Request<B>, limits: &Limits) -> Result<(), StatusCode> {
    let bad = Err(StatusCode::BAD_REQUEST);
    let (headers, uri) = (request.headers(), request.uri());
    if [Method::CONNECT, Method::TRACE].contains(request.method()) {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    let target = uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if target > limits.target_bytes {
        return Err(StatusCode::URI_TOO_LONG);
    }
    let Some(host) = one_host(headers) else {
        return bad;
    };
    if uri.authority().is_some_and(|authority| *authority != host) {
        return bad;
    }
    if headers.contains_key(TRANSFER_ENCODING) && request.version() != Version::HTTP_11 {
        return bad;
    }
    if !framing_is_plain(headers) {
        return bad;
    }
    match headers.get(EXPECT) {
        Some(expect) if !expect.as_bytes().eq_ignore_ascii_case(b"100-continue") => {
            Err(StatusCode::EXPECTATION_FAILED)
        }
        Some(_) | None => Ok(()),
    }
}

/// RFC 9112 section 3.2: exactly one `Host`, which is an authority.
fn one_host(headers: &HeaderMap) -> Option<Authority> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?;
    if hosts.next().is_some() {
        return None;
    }
    let authority: Authority = host.to_str().ok()?.parse().ok()?;
    (!authority.as_str().contains('@')).then_some(authority)
}

fn framing_is_plain(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let coding = codings.next();
    let is_chunked = coding.is_none_or(|coding| coding.as_bytes().eq_ignore_ascii_case(b"chunked"));
    let length = headers
        .get(CONTENT_LENGTH)
        .map_or(b"0".as_slice(), |length| length.as_bytes());
    let is_plain_length = length == b"0" || !length.starts_with(b"0");
    // Servers behind CGI read `_` as `-`.
    let has_twin = headers
        .keys()
        .any(|name| matches!(name.as_str(), "content_length" | "transfer_encoding"));
    is_chunked && codings.next().is_none() && is_plain_length && !has_twin
}

#[cfg(test)]
mod tests {
    use http::{Request, StatusCode, Version};

    use super::check;
    use crate::config::Limits;

    fn judge(uri: &str, headers: &[(&str, &str)]) -> Result<(), StatusCode> {
        let mut request = Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check(&request.body(()).unwrap(), &Limits::default())
    }

    const HOST: (&str, &str) = ("host", "shop.example");

    #[test]
    fn what_clients_send_is_served() {
        assert_eq!(
            judge("/v1/batch", &[HOST, ("content-length", "12")]),
            Ok(())
        );
        assert_eq!(
            judge("/v1/batch", &[HOST, ("transfer-encoding", "chunked")]),
            Ok(())
        );
        assert_eq!(judge("http://shop.example/v1/t", &[HOST]), Ok(()));
        assert_eq!(judge("/", &[HOST, ("expect", "100-continue")]), Ok(()));
    }

    #[test]
    fn what_readers_disagree_about_is_refused() {
        let shapes: &[&[(&str, &str)]] = &[
            &[],
            &[HOST, HOST],
            &[("host", "a b")],
            &[("host", "user@shop.example")],
            &[
                HOST,
                ("transfer-encoding", "chunked"),
                ("transfer-encoding", "chunked"),
            ],
            &[HOST, ("transfer-encoding", "gzip, chunked")],
            &[HOST, ("transfer-encoding", ",chunked")],
            &[HOST, ("content-length", "02")],
            &[HOST, ("content_length", "2")],
        ];
        for shape in shapes {
            assert_eq!(
                judge("/v1/batch", shape),
                Err(StatusCode::BAD_REQUEST),
                "{shape:?}"
            );
        }
        assert_eq!(
            judge("http://other.example/", &[HOST]),
            Err(StatusCode::BAD_REQUEST)
        );
        assert_eq!(
            judge("/", &[HOST, ("expect", "bogus")]),
            Err(StatusCode::EXPECTATION_FAILED)
        );
    }

    #[test]
    fn old_versions_and_odd_methods_are_refused() {
        let limits = Limits::default();
        let request = Request::post("/")
            .version(Version::HTTP_10)
            .header("host", "a");
        let request = request
            .header("transfer-encoding", "chunked")
            .body(())
            .unwrap();
        assert_eq!(check(&request, &limits), Err(StatusCode::BAD_REQUEST));
        let request = Request::builder()
            .method("TRACE")
            .uri("/")
            .header("host", "a");
        let request = request.body(()).unwrap();
        assert_eq!(
            check(&request, &limits),
            Err(StatusCode::METHOD_NOT_ALLOWED)
        );
        let long = format!("/{}", "x".repeat(9000));
        assert_eq!(judge(&long, &[HOST]), Err(StatusCode::URI_TOO_LONG));
    }
}
