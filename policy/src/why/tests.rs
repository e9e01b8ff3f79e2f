use std::path::Path;

use super::*;
use crate::ast::SignalName;
use crate::situation::{Age, Heard, Place};

const SHOP: &str = r#"
policy "Tests" version 1.
category email is user.contact.email at $.email.
purpose ads is marketing.advertising.third_party.targeted.
  ground is notice and opt-out, CCPA 1798.120, in US-CA.
  opt-out is read from Global Privacy Control.
  needs DPIA "D1".
source shop is host "shop.example".
recipient Ads is host "ads.example"; processor.
A1. allow shop to send email
      to Ads for ads if the lawful basis is met.   -- the only one
  at most 20 events per person per day.
B1. block ads in US-CA when the person opts out, under 11 CCR 7025(c).
N1. never profile a person who is or may be under 18 for advertising.
"#;

fn explain(situation: &Situation) -> Explanation {
    let policy = Policy::compile(Path::new("why.policy"), SHOP)
        .unwrap_or_else(|report| panic!("{report:#?}"));
    let flow = policy.flow("shop", "Ads", "ads").unwrap();
    why(&policy, flow, situation).unwrap()
}

fn clause<'why>(explanation: &'why Explanation, label: &str) -> (Holds, &'why [String]) {
    let clause = explanation
        .clauses
        .iter()
        .find(|clause| *clause.label.0 == *label)
        .unwrap();
    (clause.holds, &clause.because)
}

#[test]
fn every_clause_of_the_flow_is_explained() {
    let mut situation = Situation {
        place: Place::parse("US-CA"),
        ..Situation::default()
    };
    situation
        .signals
        .insert(SignalName::GlobalPrivacyControl, Heard::Refuses);
    let explanation = explain(&situation);
    assert!(
        explanation.gates.iter().any(|(_, is_open)| !is_open),
        "the assessment was not fed"
    );
    assert_eq!(
        clause(&explanation, "B1"),
        (
            Holds::Yes,
            &[
                "the person is in US-CA: yes".to_owned(),
                "the person opts out: yes".to_owned()
            ][..]
        ),
    );
    assert_eq!(
        clause(&explanation, "A1"),
        (Holds::No, &["the lawful basis is met: no".to_owned()][..])
    );
    assert_eq!(
        clause(&explanation, "N1"),
        (
            Holds::No,
            &["the person is or may be under 18: no".to_owned()][..]
        )
    );
}

#[test]
fn what_cannot_be_told_or_read_is_said_so() {
    let mut situation = Situation::default();
    situation
        .signals
        .insert(SignalName::GlobalPrivacyControl, Heard::Refuses);
    let (holds, because) = (Holds::CannotTell, "the person is in US-CA: cannot tell");
    let explanation = explain(&situation);
    assert_eq!(clause(&explanation, "B1").0, holds);
    assert!(clause(&explanation, "B1").1.contains(&because.to_owned()));
    situation
        .signals
        .insert(SignalName::GlobalPrivacyControl, Heard::Unreadable);
    let explanation = explain(&situation);
    assert_eq!(clause(&explanation, "B1").0, Holds::Unreadable);
    assert_eq!(clause(&explanation, "A1").0, Holds::Unreadable);
}

#[test]
fn clauses_are_quoted_whole() {
    let explanation = explain(&Situation {
        age: Age {
            years: Some(12),
            may_be_under: None,
        },
        ..Situation::default()
    });
    let sentence = |label: &str| {
        let clause = explanation
            .clauses
            .iter()
            .find(|clause| *clause.label.0 == *label);
        clause.unwrap().sentence.clone()
    };
    assert_eq!(
        sentence("A1"),
        "A1. allow shop to send email to Ads for ads if the lawful basis is met. \
         at most 20 events per person per day.",
    );
    assert_eq!(
        sentence("B1"),
        "B1. block ads in US-CA when the person opts out, under 11 CCR 7025(c).",
    );
    assert_eq!(clause(&explanation, "N1").0, Holds::Yes);
}
