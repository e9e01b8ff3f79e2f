use std::path::Path;

use super::*;

const SHOP: &str = r#"
policy "Tests" version 1.
category email      is user.contact.email             at $.email.
category birth date is user.demographic.date_of_birth at $.born.
category total      is user.behavior.purchase_history at $.total.
category health     is user.health_and_medical        at $.health;
  special category under GDPR Art. 9(1).
purpose ads is marketing.advertising.third_party.targeted.
  lawful basis is consent, GDPR Art. 6(1)(a).
  consent is read from our records.
source shop is host "shop.example".
recipient Ads is host "ads.example"; processor.
A1. allow shop to send email, birth date and total to Ads for ads if the lawful basis is met.
  first hash email with key "k"; turn birth date into age band 18-24, 25-34, 35-49, 50+.
B1. block ads when the person objects.
"#;

/// Runs one test and gives what was found, empty where it passed.
fn found(test: &str) -> String {
    let text = format!("{SHOP}\ntest \"it\".\n{test}\n");
    let policy = Policy::compile(Path::new("tests.policy"), &text)
        .unwrap_or_else(|report| panic!("{report:#?}"));
    let outcomes = run(&policy);
    let [outcome] = outcomes.as_slice() else {
        panic!("{outcomes:?}")
    };
    assert_eq!(outcome.passed, outcome.found.is_empty());
    assert_eq!(outcome.name, "it");
    outcome.found.clone()
}

const GIVEN: &str = r#"given a person in DE, born 1990-04-02, who consented to ads on 2026-11-01,
    and email "a@b.example", total 12.50, health "asthma","#;
const WHEN: &str = "when shop sends it to Ads for ads on 2026-12-05,";

#[test]
fn what_is_as_expected_passes() {
    for expect in [
        "expect sent because A1; email is hashed; birth date is \"35-49\"; health is absent.",
        "expect sent; total is unchanged.",
        "expect edited because A1; total is 12.50.",
    ] {
        assert_eq!(found(&format!("{GIVEN} {WHEN} {expect}")), "");
    }
}

#[test]
fn every_difference_is_told_in_words() {
    for (expect, words) in [
        ("expect refused because B1.", "it was sent because of A1"),
        (
            "expect sent because B1.",
            "expected because of B1, found A1",
        ),
        (
            "expect sent; email is unchanged; total is hashed; health is \"asthma\".",
            "email should be unchanged, but is `",
        ),
        (
            "expect sent; total is hashed.",
            "total should be hashed, but is `12.50`",
        ),
        (
            "expect sent; email is absent.",
            "email should be absent, but is `",
        ),
        (
            "expect sent; health is unchanged.",
            "health should be unchanged, but is absent",
        ),
    ] {
        let found = found(&format!("{GIVEN} {WHEN} {expect}"));
        assert!(found.contains(words), "{expect}: {found}");
    }
}

#[test]
fn a_refusal_says_why() {
    let objecting = "given a person in DE, who objected to ads on 2026-11-01,";
    assert_eq!(
        found(&format!("{objecting} {WHEN} expect refused because B1.")),
        ""
    );
    assert_eq!(
        found(&format!("{objecting} {WHEN} expect sent.")),
        "it was refused because of B1: a block clause applies",
    );
    let silent = "given a person in DE, and total 12,";
    let found = found(&format!("{silent} {WHEN} expect refused because B1."));
    assert!(
        found.starts_with("expected because of B1, found A1 ("),
        "{found}"
    );
}

#[test]
fn edited_means_that_something_changed() {
    let same = "given a person in DE, who consented to ads on 2026-11-01, and total 12,";
    assert_eq!(found(&format!("{same} {WHEN} expect sent.")), "");
    assert!(found(&format!("{same} {WHEN} expect edited.")).starts_with("it was sent unchanged"));
}

#[test]
fn a_consent_does_not_reach_back() {
    let later = "given a person in DE, who consented to ads on 2026-12-06,";
    assert_eq!(found(&format!("{later} {WHEN} expect refused.")), "");
}

#[test]
fn opting_in_is_no_consent() {
    for recipient in ["", " for Ads"] {
        let only = format!("given a person in DE, who opted in to ads{recipient} on 2026-11-01,");
        assert_eq!(
            found(&format!("{only} {WHEN} expect refused because A1.")),
            ""
        );
    }
}

#[test]
fn the_demo_policy_keeps_its_own_tests() {
    let text = include_str!("../../../policies/demo/shop.policy");
    let policy = Policy::compile(Path::new("shop.policy"), text)
        .unwrap_or_else(|report| panic!("{report:#?}"));
    let outcomes = run(&policy);
    assert!(outcomes.len() >= 10, "{}", outcomes.len());
    for outcome in outcomes {
        assert!(outcome.passed, "{}: {}", outcome.name, outcome.found);
    }
}
