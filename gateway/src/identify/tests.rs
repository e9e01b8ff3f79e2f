use consent::{IdentifierKind, Personal, Pseudonyms, SubjectId};

use super::subjects;
use crate::config::Format;
use crate::event::Event;
use crate::fixture;
use crate::json::{Limits, scan_batch};

fn found(body: &str) -> Vec<SubjectId> {
    let batch = scan_batch(body.as_bytes(), &Limits::default(), Some("batch")).unwrap();
    let node = batch.elements().next().unwrap().unwrap();
    let event = Event::new(node, Format::Segment)
        .unwrap()
        .within(batch.around());
    subjects(&event, &fixture::plan(), &Pseudonyms::new(&[3; 32]))
}

fn of(kind: IdentifierKind, value: &str) -> SubjectId {
    Pseudonyms::new(&[3; 32])
        .of(kind, &Personal::new(value))
        .unwrap()
}

#[test]
fn every_identifier_is_found_the_most_lasting_first() {
    let body = r#"{"anonymousId":"v-1","userId":"u-1","traits":{"email":"Kim@Mail.example"},
        "context":{"device":{"advertisingId":"D-1"},"traits":{"phone":"+49 1"}}}"#;
    let user = of(IdentifierKind::User, "u-1");
    // The test policy calls `$.anonymousId` a pseudonym, which may be a user's.
    let as_user = of(IdentifierKind::User, "v-1");
    let subjects = found(body);
    assert!(
        subjects
            .first()
            .is_some_and(|first| [user, as_user].contains(first))
    );
    for expected in [
        user,
        as_user,
        of(IdentifierKind::Email, "kim@mail.example"),
        of(IdentifierKind::Phone, "491"),
        of(IdentifierKind::Device, "d-1"),
        of(IdentifierKind::Anonymous, "v-1"),
    ] {
        assert!(subjects.contains(&expected));
    }
    assert_eq!(subjects.len(), 6);
}

#[test]
fn odd_spellings_hide_nobody() {
    assert_eq!(found(r#"{"userId":17}"#), [of(IdentifierKind::User, "17")]);
    assert_eq!(found(r#"{"userId":"u-1","traits":{"id":"u-1"}}"#).len(), 1);
    let two = found(r#"{"traits":{"email":["a@x.example",{"work":"b@x.example"}]}}"#);
    assert_eq!(two.len(), 2);
    let batch = found(r#"{"context":{"traits":{"email":"a@x.example"}},"batch":[{}]}"#);
    assert_eq!(batch, [of(IdentifierKind::Email, "a@x.example")]);
}

#[test]
fn empty_values_name_nobody() {
    assert!(found(r#"{"userId":"","anonymousId":null,"traits":{"email":" "}}"#).is_empty());
}

#[test]
fn an_address_that_serves_as_account_id_is_still_an_address() {
    let found = found(r#"{"userId":"Kim@Mail.example"}"#);
    let user = of(IdentifierKind::User, "Kim@Mail.example");
    assert_eq!(found, [user, of(IdentifierKind::Email, "kim@mail.example")]);
}
