//! Answers to clients: the protocol's own, the same bytes for sent and refused (I11).

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

use crate::config::Format;
use crate::formats::Said;

/// What clients are answered with.
pub(crate) type Answered = Response<Full<Bytes>>;

/// Says something in a format's own words.
pub(crate) fn say(format: Format, said: Said) -> Answered {
    let answer = format.wire().answer(said);
    let mut response = plain(answer.status, answer.body);
    let headers = response.headers_mut();
    match said {
        Said::Busy => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Said::NotPosted => {
            headers.insert(ALLOW, HeaderValue::from_static("POST"));
        }
        // The rest of the body may still be under way; nobody will read it.
        Said::TooLarge | Said::TooSlow => {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Said::Accepted | Said::Malformed | Said::WrongKey | Said::NotFound => {}
    }
    response
}

/// Refuses a request whose shape readers disagree about, and the connection with it.
pub(crate) fn close(status: StatusCode) -> Answered {
    let mut response = plain(
        status,
        r#"{"success":false,"error":"the request is malformed"}"#.to_owned(),
    );
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn plain(status: StatusCode, body: String) -> Answered {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
