use super::{Endpoint, Format, Said};
use crate::event::Event;
use crate::json::{JsonWriter, Limits, scan};

#[test]
fn no_literal_path_is_lost() {
    let count = |format: Format| {
        let places = format.wire().places();
        (
            places.identifiers.len(),
            places.message_id.len(),
            places.times.len(),
        )
    };
    assert_eq!(count(Format::Segment), (23, 1, 2));
    assert_eq!(count(Format::Json), (17, 3, 2));
}

#[test]
fn words_and_codes_lead_back() {
    for format in [Format::Json, Format::Segment] {
        assert_eq!(Format::from_word(format.word()), Some(format));
        assert_eq!(Format::from_code(format.code()), Some(format));
    }
    assert_eq!(Format::from_word("csv"), None);
    assert_eq!(Format::from_code(9), None);
}

#[test]
fn segment_serves_its_own_addresses() {
    let endpoint = |rest| Format::Segment.wire().endpoint(rest);
    assert_eq!(endpoint("/v1/batch"), Some(Endpoint::Keyed("batch")));
    assert_eq!(endpoint("/v1/track"), Some(Endpoint::Single(Some("track"))));
    assert_eq!(endpoint("/v1/i"), Some(Endpoint::Single(Some("identify"))));
    for rest in ["", "/", "/v1/", "/v1/batch/", "/v2/batch", "/v1/delete"] {
        assert_eq!(endpoint(rest), None, "{rest}");
    }
}

fn event_type(body: &str, endpoint: Endpoint) -> Option<&'static str> {
    let document = scan(body.as_bytes(), &Limits::default()).unwrap();
    let event = Event::new(document.root(), Format::Segment).unwrap();
    Format::Segment.wire().event_type(&event, endpoint)
}

#[test]
fn a_type_is_one_of_segments_and_agrees_with_the_address() {
    let batch = Endpoint::Keyed("batch");
    let track = Endpoint::Single(Some("track"));
    assert_eq!(event_type(r#"{"type":"page"}"#, batch), Some("page"));
    assert_eq!(event_type("{}", track), Some("track"));
    assert_eq!(event_type(r#"{"type":"track"}"#, track), Some("track"));
    assert_eq!(event_type("{}", batch), None);
    assert_eq!(event_type(r#"{"type":"page"}"#, track), None);
    assert_eq!(event_type(r#"{"type":"kim@mail.example"}"#, batch), None);
    assert_eq!(event_type(r#"{"type":1}"#, batch), None);
}

#[test]
fn requests_to_recipients_are_written_by_us() {
    let mut event = Vec::new();
    let mut object = JsonWriter::new(&mut event).object();
    Format::Segment
        .wire()
        .write_skeleton(&mut object, "track", "id-1");
    object.end();
    let joined = Format::Segment.wire().join(&[&event, b"{}"]);
    let golden = r#"{"batch":[{"type":"track","messageId":"id-1"},{}]}"#;
    assert_eq!(String::from_utf8(joined).unwrap(), golden);
    assert_eq!(
        Format::Segment.wire().authorization("key"),
        "Basic a2V5Og=="
    );
    assert_eq!(Format::Json.wire().join(&[b"{}"]), br#"{"events":[{}]}"#);
    assert_eq!(Format::Json.wire().authorization("key"), "Bearer key");
}

#[test]
fn answers_hold_nothing_of_the_request() {
    let answer = Format::Segment.wire().answer(Said::Accepted);
    assert_eq!(
        (answer.status.as_u16(), &*answer.body),
        (200, r#"{"success":true}"#)
    );
    for said in [Said::Busy, Said::Malformed, Said::TooLarge, Said::WrongKey] {
        let answer = Format::Segment.wire().answer(said);
        assert!(answer.body.starts_with(r#"{"success":false,"error":""#));
        assert_ne!(answer.status.as_u16(), 429);
    }
}
