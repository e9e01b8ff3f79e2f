use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Uri};

use super::{Head, presented_key};
use crate::config::{Format, KeyDigest, Limits, Route};

fn route(path: &str, format: Format, key: Option<&str>) -> Route {
    Route {
        name: path.to_owned(),
        path: path.to_owned(),
        format,
        source: "web shop".to_owned(),
        write_keys: key
            .into_iter()
            .map(|key| KeyDigest::of(key.as_bytes()))
            .collect(),
        flows: Vec::new(),
    }
}

fn head(routes: &[Route], path: &str) -> Option<Head> {
    Head::of(routes, path, &HeaderMap::new(), &Uri::from_static("/"))
}

#[test]
fn the_longest_path_serves() {
    let routes = [
        route("/", Format::Segment, None),
        route("/till", Format::Json, None),
        route("/app", Format::Segment, None),
    ];
    assert_eq!(head(&routes, "/v1/batch").unwrap().routes, [0]);
    assert_eq!(head(&routes, "/till").unwrap().routes, [1]);
    assert_eq!(head(&routes, "/app/v1/track").unwrap().routes, [2]);
    for path in ["/", "/v1", "/tills", "/app/v1/nothing", ""] {
        assert!(head(&routes, path).is_none(), "{path}");
    }
}

#[test]
fn the_key_says_which_route() {
    let routes = [
        route("/", Format::Segment, Some("web")),
        route("/", Format::Segment, Some("till")),
    ];
    let head = head(&routes, "/v1/batch").unwrap();
    let of = |key: Option<&str>| {
        let key = key.map(|key| KeyDigest::of(key.as_bytes()));
        head.route(&routes, key)
            .map(|route| route.write_keys == routes[1].write_keys)
    };
    assert_eq!(of(Some("web")), Some(false));
    assert_eq!(of(Some("till")), Some(true));
    assert_eq!(of(Some("other")), None);
    assert_eq!(of(None), None);
}

#[test]
fn keys_are_presented_in_basic_or_bearer() {
    let presented = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        presented_key(&headers)
    };
    let key = Some(KeyDigest::of(b"web"));
    assert_eq!(
        presented(&format!("Basic {}", STANDARD.encode("web:"))),
        key
    );
    assert_eq!(presented(&format!("basic {}", STANDARD.encode("web"))), key);
    assert_eq!(presented("Bearer web"), key);
    assert_ne!(presented("Bearer web2"), key);
    for nothing in ["Basic ???", "Digest web", "web"] {
        assert_eq!(presented(nothing), None, "{nothing}");
    }
}

#[test]
fn the_protocols_limit_is_kept_where_it_is_tighter() {
    let routes = [
        route("/", Format::Segment, None),
        route("/j", Format::Json, None),
    ];
    let ours = Limits::default();
    assert_eq!(
        head(&routes, "/v1/batch").unwrap().limits(&ours).body_bytes,
        500 << 10
    );
    assert_eq!(
        head(&routes, "/j").unwrap().limits(&ours).body_bytes,
        ours.body_bytes
    );
}
