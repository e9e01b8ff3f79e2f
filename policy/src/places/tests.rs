use super::*;

const TODAY: Day = Day {
    year: 2026,
    month: 12,
    day: 5,
};
const LONG_AGO: Day = Day {
    year: 2019,
    month: 6,
    day: 1,
};

fn word(text: &str) -> PlaceWord {
    canonical(text).unwrap_or_else(|| panic!("{text} is a place"))
}

fn place(code: &str) -> Place {
    Place::parse(code).expect("a code")
}

#[test]
fn words_become_codes() {
    for (text, code) in [
        ("UK", "GB"),
        ("California", "US-CA"),
        ("New York", "US-NY"),
        ("Germany", "DE"),
        ("DE-BY", "DE-BY"),
        ("EEA", "EEA"),
    ] {
        assert_eq!(word(text).0, code);
    }
}

#[test]
fn words_that_are_no_place_are_none() {
    for text in ["Europe", "XX", "US-ZZ", "us-ca", "", "-", "DE-", "GB "] {
        assert_eq!(canonical(text), None, "{text}");
    }
}

#[test]
fn membership_has_dates() {
    assert_eq!(within(&word("EU"), &place("GB"), LONG_AGO), Within::In);
    assert_eq!(within(&word("EU"), &place("GB"), TODAY), Within::Out);
    assert_eq!(within(&word("EEA"), &place("NO"), TODAY), Within::In);
    assert_eq!(within(&word("EU"), &place("NO"), TODAY), Within::Out);
    assert_eq!(
        within(&word("EU"), &place("RE"), TODAY),
        Within::In,
        "Art. 355(1) TFEU"
    );
}

#[test]
fn a_coarse_place_cannot_be_told() {
    assert_eq!(
        within(&word("US-CA"), &place("US"), TODAY),
        Within::CannotTell
    );
    assert_eq!(within(&word("US-CA"), &place("US-NY"), TODAY), Within::Out);
    assert_eq!(within(&word("US-CA"), &place("US-CA"), TODAY), Within::In);
    assert_eq!(within(&word("US"), &place("US-CA"), TODAY), Within::In);
    assert_eq!(within(&word("US-CA"), &place("FR"), TODAY), Within::Out);
}

#[test]
fn covering_and_overlapping() {
    assert!(covers(&word("US"), &word("US-CA"), TODAY));
    assert!(!covers(&word("US-CA"), &word("US"), TODAY));
    assert!(covers(&word("EEA"), &word("EU"), TODAY));
    assert!(overlap(&word("US-CA"), &word("US"), TODAY));
    assert!(!overlap(&word("UK"), &word("EEA"), TODAY));
}
