use policy::situation::{Heard, Millis, Place};
use policy::verdict::EventId;
use policy::{Permit, Situation, Verdict};

use super::{Addressed, Kept, Sanitized};
use crate::config::Format;
use crate::event::Event;
use crate::fixture;
use crate::json::{Limits, Path, scan};
use crate::plan::{Category, Plan};
use ledger::Outgoing as _;
use policy::ast::SignalName;

const AT: Millis = Millis(1_780_000_000_000);

fn permit(plan: &Plan, id: EventId) -> Permit {
    let situation = Situation {
        at: AT,
        place: Place::parse("DE"),
        signals: [(SignalName::Segment("advertising".to_owned()), Heard::Grants)].into(),
        ..Situation::default()
    };
    let flow = plan.policy().flow("web shop", "Ad Network", "ads").unwrap();
    match plan.policy().evaluate(flow, id, &situation, &situation) {
        Verdict::Permit(permit) => permit,
        Verdict::Refused(refusal) => panic!("{refusal:?}"),
    }
}

fn write_for(permit_id: EventId, body: &str) -> Option<Sanitized> {
    let mut plan = fixture::plan();
    // A checked policy draws no category inside another; should one ever, the inner one decides.
    let paths = vec![Path::parse("$.properties.order.note").unwrap()];
    plan.categories.push(Category {
        name: "gift note".into(),
        paths,
    });
    let document = scan(body.as_bytes(), &Limits::default()).unwrap();
    let event = Event::new(document.root(), Format::Segment).unwrap();
    let addressed = Addressed {
        id: EventId([1; 16]),
        event: &event,
        event_type: "track",
        source: "web shop",
        recipient: "Ad Network",
        purpose: "ads",
        subjects: &[],
        happened: &Situation {
            at: AT,
            ..Situation::default()
        },
    };
    let permit = permit(&plan, permit_id);
    Sanitized::write(permit, &addressed, &plan, &fixture::keys())
}

/// The body without the skeleton, and the categories that were edited.
fn check(event: &str, body: &str, edited: &[&str]) {
    let sanitized = write_for(EventId([1; 16]), event).unwrap();
    let text = std::str::from_utf8(sanitized.body()).unwrap();
    let skeleton = r#"{"type":"track","messageId":""#;
    let rest = text
        .strip_prefix(skeleton)
        .and_then(|rest| rest.get(33..))
        .unwrap();
    assert_eq!(
        rest.strip_prefix(',').unwrap_or(rest),
        format!("{body}}}"),
        "{event}"
    );
    let names: Vec<&str> = sanitized
        .edited_categories()
        .iter()
        .map(AsRef::as_ref)
        .collect();
    assert_eq!(names, edited, "{event}");
    assert_eq!(sanitized.edited(), !edited.is_empty());
}

#[test]
fn what_is_listed_leaves_and_what_is_in_no_category_does_not_exist() {
    check(
        r#"{"type":"track","event":"Paid","secret":1,"context":{"app":"x"},"properties":{"y":2}}"#,
        r#""event":"Paid""#,
        &[],
    );
}

#[test]
fn edits_are_made_at_their_paths() {
    check(
        r#"{"timestamp":"2026-05-28T20:26:40.123Z","context":{"ip":"203.0.113.77","ua":"x"}}"#,
        r#""timestamp":"2026-05-28T20:00:00Z","context":{"ip":"203.0.113.0"}"#,
        &["event time", "IP address"],
    );
    check(
        r#"{"properties":{"items":[{"sku":"a","price":12},{"sku":"b"},{"price":"27"}]}}"#,
        r#""properties":{"items":[{"price":10},{"price":"30"}]}"#,
        &["prices"],
    );
}

#[test]
fn an_unlisted_category_stays_behind_and_counts_as_edited() {
    check(
        r#"{"event":"Read","anonymousId":"v-1","properties":{"condition":"asthma"}}"#,
        r#""event":"Read""#,
        &["visitor id", "health"],
    );
}

#[test]
fn what_has_parts_leaves_only_by_paths_that_name_the_parts() {
    check(
        r#"{"event":{"name":"a","email":"kim@mail.example"},"properties":{"order":7}}"#,
        r#""properties":{"order":7}"#,
        &["event name"],
    );
    check(
        r#"{"event":"a","properties":{"order":{"id":7,"note":"for Kim"},"x":1}}"#,
        r#""event":"a""#,
        &["order", "gift note"],
    );
    check(
        r#"{"event":"a","properties":{"order":["for Kim"]}}"#,
        r#""event":"a""#,
        &["order"],
    );
}

#[test]
fn what_cannot_be_edited_as_told_does_not_leave() {
    check(
        r#"{"event":"a","traits":{"email":{"home":"kim@mail.example"}}}"#,
        r#""event":"a""#,
        &["email"],
    );
    check(
        r#"{"event":"a","context":{"ip":"not an address"}}"#,
        r#""event":"a""#,
        &["IP address"],
    );
    check(
        r#"{"event":"a","traits":{"email":true}}"#,
        r#""event":"a""#,
        &["email"],
    );
}

#[test]
fn null_is_no_value() {
    check(r#"{"event":"a","anonymousId":null}"#, r#""event":"a""#, &[]);
}

#[test]
fn nothing_of_the_event_takes_the_name_of_a_member_of_ours() {
    let event = r#"{"messageid":"m","TYPE":"x","messageId":"m-1","event":"a"}"#;
    let document = scan(event.as_bytes(), &Limits::default());
    // The scanner finds names that differ only in case before we do.
    assert!(document.is_err());
    check(
        r#"{"TYPE":"x","MessageID":"m-1","event":"a"}"#,
        r#""event":"a""#,
        &[],
    );
}

#[test]
fn a_permit_for_another_event_writes_nothing() {
    assert!(write_for(EventId([2; 16]), r#"{"event":"a"}"#).is_none());
}

#[test]
fn a_row_is_read_back_and_a_damaged_one_is_not() {
    let sanitized = write_for(EventId([1; 16]), r#"{"event":"a"}"#).unwrap();
    let row = sanitized.to_row();
    let read = Sanitized::from_row(&row).unwrap();
    assert_eq!(read.body(), sanitized.body());
    assert_eq!(read.facts(), sanitized.facts());
    assert_eq!(
        (read.event(), read.recipient()),
        (sanitized.event(), "Ad Network")
    );
    for end in 0..row.len() {
        assert!(Sanitized::from_row(&row[..end]).is_none(), "{end}");
    }
}

#[test]
fn what_is_kept_for_deciding_again_holds_no_value() {
    let event =
        r#"{"event":"Paid","traits":{"email":"kim@mail.example"},"context":{"ip":"203.0.113.77"}}"#;
    let sanitized = write_for(EventId([1; 16]), event).unwrap();
    let facts = String::from_utf8_lossy(sanitized.facts()).into_owned();
    assert!(facts.contains("email"), "the category's name is kept");
    assert!(!facts.contains("kim") && !facts.contains("203.0") && !facts.contains("Paid"));
    let kept = Kept::decode(sanitized.facts()).unwrap();
    let written: Vec<&str> = kept
        .written
        .iter()
        .map(|written| &*written.category)
        .collect();
    assert_eq!(written, ["event name", "email", "IP address"]);
}
