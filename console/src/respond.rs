//! Every answer of the admin API, and the only file that turns an error into HTTP (RFC 9457).
//!
//! A problem never shows what was sent: not a value, not a field's name, not an identifier.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
    detail: String,
}

impl Problem {
    /// What was sent is wrong.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "the request is malformed", detail)
    }

    /// There is no such thing.
    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is no such thing", detail)
    }

    /// It does not fit what is there.
    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "this does not fit what is there",
            detail,
        )
    }

    /// It cannot be done now.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "this cannot be done now",
            detail,
        )
    }

    /// The body is too long.
    pub(crate) fn too_large() -> Self {
        let detail = format!("at most {} bytes are read", crate::api::BODY_BYTES_MAX);
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too long",
            detail,
        )
    }

    /// The body did not arrive.
    pub(crate) fn too_slow() -> Self {
        let detail = format!(
            "within {} seconds it must be here",
            crate::api::BODY_TIME.as_secs()
        );
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "the body came too slowly",
            detail,
        )
    }

    /// There is no such way to ask.
    pub(crate) fn wrong_method() -> Self {
        let detail = "`/openapi.json` says which methods there are";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "this is not how to ask",
            detail,
        )
    }

    /// Nobody with a key asked.
    pub(crate) fn no_key() -> Self {
        let detail = "send `Authorization: Bearer KEY` with a key of the configuration";
        Self::new(StatusCode::UNAUTHORIZED, "a key is needed", detail)
    }

    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            title,
            detail: detail.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut response = with(self.status, "application/problem+json", body.to_string());
        if self.status == StatusCode::UNAUTHORIZED {
            // Basic too, so that a browser can show the status page: any name, the key as password.
            // A field each: browsers do not take a list apart.
            for scheme in [r#"Basic realm="sluice""#, r#"Bearer realm="sluice""#] {
                let scheme = HeaderValue::from_static(scheme);
                response.headers_mut().append(WWW_AUTHENTICATE, scheme);
            }
        }
        response
    }
}

/// An answer in JSON.
pub(crate) fn json_ok(value: &Value) -> Response {
    with(StatusCode::OK, "application/json", value.to_string())
}

/// Something new was kept.
pub(crate) fn json_created(value: &Value) -> Response {
    with(StatusCode::CREATED, "application/json", value.to_string())
}

/// A text of some media type.
pub(crate) fn with(status: StatusCode, media: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_a_problem_document() {
        let response = Problem::malformed("line 1, column 7").into_response();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let media = response.headers().get(CONTENT_TYPE).unwrap();
        assert_eq!(media, "application/problem+json");
    }

    #[test]
    fn who_has_no_key_is_told_how_to_present_one() {
        let response = Problem::no_key().into_response();
        let schemes: Vec<_> = response
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .collect();
        assert_eq!(
            schemes,
            [r#"Basic realm="sluice""#, r#"Bearer realm="sluice""#]
        );
    }
}
