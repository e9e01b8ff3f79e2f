use std::path::Path;

use policy::situation::{Choice, ChoiceState, Millis, Place, Record};
use policy::verdict::{EventId, Verdict};
use policy::{Permit, Policy, Situation};
use proof::Index;

use super::{Meta, Outgoing, Recorded, Ticket};

const POLICY: &str = "policy \"Test\" version 1.\n\
    category email is user.contact.email at $.email.\n\
    purpose ads is marketing.advertising.third_party.targeted.\n\
      lawful basis is consent, GDPR Art. 6(1)(a), in EEA.\n\
      consent is read from our records. consent lasts 13 months.\n\
    source web shop is host \"shop.example\".\n\
    recipient Mailer is host \"mailer.example\"; processor; in IE.\n\
    A1. allow web shop to send email to Mailer for ads if the lawful basis is met,\n\
      unless known to be under 18.\n";

/// A real permit: there is no other.
fn permit(event: EventId) -> Permit {
    let policy = Policy::compile(Path::new("test.policy"), POLICY).unwrap();
    let flow = policy.flow("web shop", "Mailer", "ads").unwrap();
    let at = Millis(1_781_524_800_000);
    let given = Choice {
        state: ChoiceState::Given,
        since: Millis(at.0 - 86_400_000),
    };
    let record = Record {
        general: Some(given),
        ..Record::default()
    };
    let situation = Situation {
        at,
        place: Place::parse("DE"),
        records: [("ads".to_owned(), record)].into(),
        present: ["email".to_owned()].into(),
        ..Situation::default()
    };
    match policy.evaluate(flow, event, &situation, &situation) {
        Verdict::Permit(permit) => permit,
        Verdict::Refused(refusal) => panic!("{refusal:?}"),
    }
}

struct Letter(&'static str);

impl Outgoing for Letter {
    fn event(&self) -> EventId {
        EventId([1; 16])
    }

    fn recipient(&self) -> &str {
        "Mailer"
    }

    fn to_row(&self) -> Vec<u8> {
        self.0.into()
    }

    fn from_row(_row: &[u8]) -> Option<Self> {
        None
    }
}

fn recorded() -> Recorded<Letter> {
    let value = Letter("the body");
    let meta = Meta {
        event: value.event(),
        recipient: "Mailer".into(),
        index: Index::new(3),
        ticket: Ticket { row: 1, place: 0 },
        recorded_ms: 0,
        policy: None,
    };
    Recorded { value, meta }
}

#[test]
fn a_permit_for_this_event_opens_it_and_is_used_up() {
    let released = recorded().redecide(permit(EventId([1; 16]))).unwrap();
    assert_eq!(released.0, "the body");
    let again = released.retain();
    assert_eq!(again.meta().index, Index::new(3));
    assert!(again.redecide(permit(EventId([1; 16]))).is_ok());
}

#[test]
fn a_permit_for_another_event_hands_it_back_closed() {
    let mismatch = recorded().redecide(permit(EventId([2; 16]))).unwrap_err();
    let closed = mismatch.into_recorded();
    assert_eq!(closed.meta().event, EventId([1; 16]));
}

#[test]
fn nothing_of_the_body_is_shown_in_debug() {
    let shown = format!("{:?}", recorded());
    assert!(!shown.contains("the body"), "{shown}");
    let released = recorded().redecide(permit(EventId([1; 16]))).unwrap();
    assert!(!format!("{released:?}").contains("the body"));
}
