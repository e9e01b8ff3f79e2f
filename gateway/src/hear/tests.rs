use http::{HeaderMap, HeaderValue, Uri};
use policy::ast::SignalName;
use policy::situation::Heard;

use super::{Said, signals, stamp};
use crate::config::Format;
use crate::event::Event;
use crate::fixture;
use crate::json::{Limits, scan_batch};
use consent::standards::segment::{self, Stamp};

fn with<R>(body: &str, look: impl FnOnce(&Event<'_>) -> R) -> R {
    let batch = scan_batch(body.as_bytes(), &Limits::default(), Some("batch")).unwrap();
    let node = batch.elements().next().unwrap().unwrap();
    look(
        &Event::new(node, Format::Segment)
            .unwrap()
            .within(batch.around()),
    )
}

fn heard(body: &str) -> Option<Heard> {
    with(body, |event| segment::heard(&stamp(event), "advertising"))
}

#[test]
fn a_stamp_is_absent_readable_or_unreadable() {
    assert_eq!(heard("{}"), None);
    let stamped = |consent: &str| heard(&format!(r#"{{"context":{{"consent":{consent}}}}}"#));
    assert_eq!(
        stamped(r#"{"categoryPreferences":{"advertising":true}}"#),
        Some(Heard::Grants)
    );
    assert_eq!(
        stamped(r#"{"categoryPreferences":{"advertising":false}}"#),
        Some(Heard::Refuses)
    );
    assert_eq!(stamped(r#"{"categoryPreferences":{"other":true}}"#), None);
    for broken in ["null", "{}", "true", r#"{"categoryPreferences":[]}"#] {
        assert_eq!(stamped(broken), Some(Heard::Unreadable), "{broken}");
    }
}

#[test]
fn what_is_said_for_the_whole_batch_counts_for_each_event() {
    let body = |event: bool| {
        format!(
            r#"{{"context":{{"consent":{{"categoryPreferences":{{"advertising":false}}}}}},
                "batch":[{{"context":{{"consent":
                {{"categoryPreferences":{{"advertising":{event}}}}}}}}}]}}"#
        )
    };
    assert_eq!(heard(&body(false)), Some(Heard::Refuses));
    assert_eq!(heard(&body(true)), Some(Heard::Unreadable));
    assert!(with(r#"{"batch":[{}]}"#, |event| stamp(event) == Stamp::Absent));
}

#[test]
fn global_privacy_control_is_heard_from_the_request() {
    let gpc = |values: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("sec-gpc", HeaderValue::from_static(value));
        }
        let said = Said::of(&headers, &Uri::from_static("/v1/batch"));
        let plan = fixture::plan();
        let heard = with("{}", |event| signals(&said, event, &plan));
        heard.get(&SignalName::GlobalPrivacyControl).copied()
    };
    assert_eq!(gpc(&[]), None);
    assert_eq!(gpc(&["1"]), Some(Heard::Refuses));
    assert_eq!(gpc(&["0"]), Some(Heard::Unreadable));
    assert_eq!(gpc(&["1", "1"]), Some(Heard::Unreadable));
}

#[test]
fn material_of_other_standards_is_noticed_in_query_cookies_and_events() {
    let tcf = SignalName::Tcf(vec![1]);
    let mut headers = HeaderMap::new();
    assert_eq!(
        Said::of(&headers, &Uri::from_static("/?a=b"))
            .unread
            .heard(&tcf),
        None
    );
    let query = Said::of(&headers, &Uri::from_static("/?a=b&gdpr_consent=CP"));
    assert_eq!(query.unread.heard(&tcf), Some(Heard::Unreadable));
    headers.insert("cookie", HeaderValue::from_static("a=b; euconsent-v2=CP"));
    let cookie = Said::of(&headers, &Uri::from_static("/"));
    assert_eq!(cookie.unread.heard(&tcf), Some(Heard::Unreadable));
    let mut seen = consent::standards::unread::Seen::default();
    with(r#"{"a":[{"tcString":""}]}"#, |event| {
        super::note_names(event.node(), &mut seen)
    });
    assert_eq!(seen.heard(&tcf), Some(Heard::Unreadable));
}
