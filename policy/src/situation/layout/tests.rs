use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::ast::SignalName;
use crate::reference::tests::generate;
use crate::situation::{Choice, ChoiceState, Heard, Millis, Place, Record};

/// One of everything, and its bytes as the layout has them.
fn golden() -> (Situation, Vec<u8>) {
    let record = Record {
        general: Some(Choice {
            state: ChoiceState::Given,
            since: Millis(1),
        }),
        recipients: BTreeMap::from([(
            "M".to_owned(),
            Choice {
                state: ChoiceState::Withdrawn,
                since: Millis(2),
            },
        )]),
        objection: None,
        opt_out: Some(Millis(-1)),
        opt_in: Some(Millis(4)),
        opt_ins: BTreeMap::from([("M".to_owned(), Millis(5))]),
    };
    let situation = Situation {
        at: Millis(256),
        place: Place::parse("US-CA"),
        age: Age {
            years: Some(16),
            may_be_under: Some(18),
        },
        records: BTreeMap::from([("ads".to_owned(), record)]),
        signals: BTreeMap::from([
            (SignalName::GlobalPrivacyControl, Heard::Refuses),
            (SignalName::Tcf(vec![1, 3]), Heard::Unreadable),
        ]),
        lists: BTreeSet::from(["l".to_owned()]),
        gates: BTreeMap::from([("g".to_owned(), Millis(3))]),
        present: BTreeSet::from(["a".to_owned(), "b".to_owned()]),
    };
    let bytes = [
        b"\x02" as &[u8],
        b"\0\0\0\0\0\0\x01\0",
        b"\x02US\x02CA",
        &[0b000_1111, 0b111_0000, 0b111_0000],
        b"\x01\x03ads\x0d\x01\0\0\0\0\0\0\0\x01\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\0\0\0\0\0\0\0\x04",
        b"\x01\x01M\x03\0\0\0\0\0\0\0\x02",
        b"\x01\x01M\0\0\0\0\0\0\0\x05",
        b"\x02\x01\x01\x03\x02\x01\x03\x02",
        b"\x01\x01l",
        b"\x01\x01g\0\0\0\0\0\0\0\x03",
        b"\x02\x01a\x01b",
    ];
    (situation, bytes.concat())
}

#[test]
fn the_layout_is_as_documented() {
    let (situation, bytes) = golden();
    assert_eq!(situation.encode(), bytes);
    assert_eq!(Situation::decode(&bytes), Ok(situation));
}

#[test]
fn an_empty_situation_is_eighteen_bytes() {
    let mut bytes = vec![0; 18];
    bytes[0] = 2;
    assert_eq!(Situation::default().encode(), bytes);
    assert_eq!(Situation::decode(&bytes), Ok(Situation::default()));
}

#[test]
fn ages_are_sides_of_thresholds_only() {
    for (years, youngest) in [
        (0, 0),
        (12, 0),
        (13, 13),
        (17, 16),
        (18, 18),
        (24, 21),
        (99, 25),
    ] {
        let age = Age {
            years: Some(years),
            may_be_under: None,
        };
        let situation = Situation {
            age,
            ..Situation::default()
        };
        let read = Situation::decode(&situation.encode()).unwrap();
        assert_eq!(read.age.years, Some(youngest), "{years}");
    }
}

#[test]
fn every_other_form_is_refused() {
    let (_, bytes) = golden();
    for end in 0..bytes.len() {
        assert!(Situation::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    let longer = [&bytes[..], b"\0"].concat();
    assert_eq!(
        Situation::decode(&longer),
        Err(DecodeError::Malformed(bytes.len()))
    );
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        Situation::decode(&bytes)
    };
    for version in [0, 1, 3] {
        assert_eq!(with(0, version), Err(DecodeError::Version(version)));
    }
    assert!(with(23, 0x1d).is_err(), "a flag nobody knows");
    assert!(with(10, b'u').is_err(), "a country in lower case");
    assert!(with(15, 0b000_0001).is_err(), "an age of nobody");
    assert!(
        with(bytes.len() - 1, b'a').is_err(),
        "a list that does not ascend"
    );
    let mut overlong = vec![0; 19];
    overlong[0] = 2;
    overlong[13] = 0x80;
    assert!(
        Situation::decode(&overlong).is_err(),
        "a count in two bytes that fits into one"
    );
}

proptest! {
    #[test]
    fn what_was_written_is_read(situation in generate::situation()) {
        let bytes = situation.encode();
        let read = Situation::decode(&bytes).unwrap();
        prop_assert_eq!(read.encode(), bytes);
        prop_assert_eq!(Situation { age: situation.age, ..read }, situation);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(situation) = Situation::decode(&bytes) {
            prop_assert_eq!(situation.encode(), bytes);
        }
    }

    #[test]
    fn a_changed_byte_is_read_exactly_or_refused(
        situation in generate::situation(),
        at in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let mut bytes = situation.encode();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Situation::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
    }
}
