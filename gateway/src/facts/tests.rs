use policy::situation::{Age, Millis, Place};

use super::{age, day, place};
use crate::config::Format;
use crate::event::Event;
use crate::json::{Limits, Path, scan};
use crate::plan::{AgeOrigin, PlaceOrigin};

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

fn with<R>(body: &str, look: impl FnOnce(&Event<'_>) -> R) -> R {
    let document = scan(body.as_bytes(), &Limits::default()).unwrap();
    look(&Event::new(document.root(), Format::Segment).unwrap())
}

fn place_of(body: &str) -> Option<Place> {
    let origins = [
        PlaceOrigin::OurRecords,
        PlaceOrigin::At {
            country: path("$.country"),
            region: Some(path("$.region")),
        },
        PlaceOrigin::At {
            country: path("$.geo"),
            region: None,
        },
    ];
    with(body, |event| place(event, &origins, None))
}

#[test]
fn places_that_agree_are_known_and_the_narrower_counts() {
    assert_eq!(place_of(r#"{"country":"DE"}"#), Place::parse("DE"));
    assert_eq!(
        place_of(r#"{"country":"US","region":"CA"}"#),
        Place::parse("US-CA")
    );
    assert_eq!(
        place_of(r#"{"country":"US","region":"us-ca"}"#),
        Place::parse("US-CA")
    );
    assert_eq!(
        place_of(r#"{"country":"US","region":"CA","geo":"US"}"#),
        Place::parse("US-CA")
    );
    assert_eq!(place_of(r#"{"geo":"us"}"#), Place::parse("US"));
}

#[test]
fn silence_disagreement_and_nonsense_leave_the_place_unknown() {
    for body in [
        "{}",
        r#"{"country":null}"#,
        r#"{"country":"DE","geo":"FR"}"#,
        r#"{"country":"US","region":"CA","geo":"US-NV"}"#,
        r#"{"country":"US","region":"DE-BE"}"#,
        r#"{"country":"Germany","geo":"DE"}"#,
        r#"{"country":["DE"]}"#,
        r#"{"country":"US","region":{}}"#,
    ] {
        assert_eq!(place_of(body), None, "{body}");
    }
}

/// 2026-06-01T00:00:00Z.
const AT: Millis = Millis(1_780_272_000_000);

fn age_of(body: &str) -> Age {
    let origins = [
        AgeOrigin::YearsAt(path("$.age")),
        AgeOrigin::BirthDateAt(path("$.born")),
    ];
    with(body, |event| age(event, &origins, Age::default(), AT))
}

#[test]
fn an_age_is_that_of_the_instant() {
    assert_eq!(age_of(r#"{"born":"2008-06-01"}"#).years, Some(18));
    assert_eq!(age_of(r#"{"born":"2008-06-02"}"#).years, Some(17));
    assert_eq!(
        age_of(r#"{"born":"2008-06-01T10:00:00Z","age":18}"#).years,
        Some(18)
    );
    assert_eq!(
        age_of(r#"{"age":"34"}"#),
        Age {
            years: Some(34),
            may_be_under: None
        }
    );
    assert_eq!(age_of("{}"), Age::default());
}

#[test]
fn ages_that_disagree_warn_of_the_lower_one() {
    let disagree = Age {
        years: None,
        may_be_under: Some(17),
    };
    assert_eq!(age_of(r#"{"born":"1990-01-01","age":16}"#), disagree);
}

#[test]
fn an_age_that_cannot_be_read_may_be_a_child_s() {
    let unreadable = Age {
        years: None,
        may_be_under: Some(13),
    };
    for context in [
        r#"{"born":"yesterday","age":36}"#,
        r#"{"born":"1990-01-01","age":["11"]}"#,
        r#"{"age":300}"#,
        r#"{"born":"2030-01-01"}"#,
    ] {
        assert_eq!(age_of(context), unreadable, "{context}");
    }
    assert_eq!(age_of(r#"{"born":" ","age":""}"#), Age::default());
}

#[test]
fn a_source_directed_to_children_says_that_people_may_be_children() {
    let origins = [AgeOrigin::DirectedToChildren];
    let found = with("{}", |event| age(event, &origins, Age::default(), AT));
    assert_eq!(
        found,
        Age {
            years: None,
            may_be_under: Some(13)
        }
    );
}

#[test]
fn an_instant_has_a_utc_day() {
    assert_eq!(day(AT).unwrap().to_string(), "2026-06-01");
    assert_eq!(day(Millis(AT.0 - 1)).unwrap().to_string(), "2026-05-31");
}
