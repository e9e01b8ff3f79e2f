use proptest::prelude::*;

use super::{
    Body, CLAUSES_MAX, DeliveryOutcome, Entry, EntryError, EntryId, Kind, RightsAct, Stage,
    SwitchState, SwitchWhat, TEXT_BYTES_MAX, Verdict,
};
use crate::cbor::CborError;
use crate::hash::Hash;
use crate::merkle::{Index, Size};
use crate::sidecar::{Commitment, commit};

/// The golden entry, as `docs/LEDGER.md` dissects it.
const GOLDEN: &str = "ac00010101021a6553f1000350000102030405060708090a0b0c0d0e0f0458203587eb8895fd\
    ceb8e5c52d92e8d1251f3b19bbcdfea226608e723c4ee9cd5ad20801095820823412d1eacb67\
    956220e532959f0104603057c88704863ca38e7cd188fda8120a685765622073686f700b684d\
    61696c626972640c6a6e6577736c65747465720d020e82624131624232";
const GOLDEN_LEAF: &str = "73c7c8179b5ce8eaa33ab480c3f2378fa2464ae88dac12889051af2fc82df9f1";

/// The longest an entry with usual names may be, in bytes.
const USUAL_BYTES_MAX: usize = 180;

fn golden() -> Entry {
    Entry {
        second: 1_700_000_000,
        id: EntryId::parse("000102030405060708090a0b0c0d0e0f").unwrap(),
        commitment: Some(commit(&[0x11; 32], b"payload")),
        body: Body::Decision {
            stage: Stage::Collect,
            policy: Hash::of(b"policy"),
            source: "Web shop".to_owned(),
            recipient: "Mailbird".to_owned(),
            purpose: "newsletter".to_owned(),
            verdict: Verdict::Edited,
            clauses: vec!["A1".to_owned(), "B2".to_owned()],
            reason: None,
        },
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |pair: &[u8]| std::str::from_utf8(pair).unwrap().to_owned();
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(&digits(pair), 16).unwrap())
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_golden_entry_is_written_byte_for_byte() {
    assert_eq!(hex(&golden().encode().unwrap()), GOLDEN);
    assert_eq!(Entry::decode(&unhex(GOLDEN)), Ok(golden()));
    assert_eq!(golden().leaf_hash().unwrap().to_string(), GOLDEN_LEAF);
}

#[test]
fn the_document_shows_the_golden_entry() {
    let document = include_str!("../../../docs/LEDGER.md");
    let shown: String = document.split_whitespace().collect();
    assert!(
        shown.contains(GOLDEN),
        "docs/LEDGER.md does not show the golden entry"
    );
    assert!(
        shown.contains(GOLDEN_LEAF),
        "docs/LEDGER.md does not show its leaf hash"
    );
}

fn one_of_each() -> Vec<Body> {
    let hash = Hash::of(b"content");
    let name = || "Name".to_owned();
    vec![
        golden().body,
        Body::Policy {
            hash,
            name: name(),
            version: "3".to_owned(),
        },
        Body::Rights {
            act: RightsAct::Withdrawn,
            purpose: Some(name()),
        },
        Body::Rights {
            act: RightsAct::OptedOut,
            purpose: None,
        },
        Body::Start {
            software: "sluice 1.0".to_owned(),
            policy: hash,
        },
        Body::Switch {
            what: SwitchWhat::Recipient,
            name: name(),
            state: SwitchState::Stopped,
            reason_hash: hash,
        },
        Body::Delivery {
            recipient: name(),
            outcome: DeliveryOutcome::Overflow,
            count: 12,
        },
        Body::Facts { name: name(), hash },
        Body::Export {
            first: Index::new(0),
            size: Size::new(9),
            root: hash,
            hash: Some(hash),
        },
        Body::Export {
            first: Index::new(0),
            size: Size::new(9),
            root: hash,
            hash: None,
        },
    ]
}

#[test]
fn every_kind_survives_and_is_small() {
    let mut kinds: Vec<Kind> = Vec::new();
    for body in one_of_each() {
        for commitment in [None, Some(Commitment::from_bytes([7; 32]))] {
            let entry = Entry {
                commitment,
                body: body.clone(),
                ..golden()
            };
            let bytes = entry.encode().unwrap();
            assert!(
                bytes.len() <= USUAL_BYTES_MAX,
                "{}: {} bytes",
                entry.kind(),
                bytes.len()
            );
            assert_eq!(Entry::decode(&bytes), Ok(entry));
        }
        kinds.push(body.kind());
    }
    kinds.dedup();
    assert_eq!(kinds, Kind::ALL);
}

#[test]
fn codes_and_words_are_unique() {
    for (place, kind) in Kind::ALL.iter().enumerate() {
        assert_eq!(kind.code(), place as u64 + 1);
        assert_eq!(Kind::from_code(kind.code()), Some(*kind));
        assert!(
            Kind::ALL
                .iter()
                .filter(|other| other.word() == kind.word())
                .count()
                == 1
        );
    }
    assert_eq!(Kind::from_code(0), None);
    assert_eq!(Verdict::from_code(4), None);
}

/// Changes the golden bytes at a place, which must be what is expected there.
fn changed(at: usize, from: u8, to: u8) -> Result<Entry, EntryError> {
    let mut bytes = unhex(GOLDEN);
    assert_eq!(bytes[at], from);
    bytes[at] = to;
    Entry::decode(&bytes)
}

#[test]
fn what_the_schema_does_not_know_is_refused() {
    assert_eq!(changed(2, 1, 2), Err(EntryError::Version(2)));
    assert_eq!(
        changed(4, 1, 9),
        Err(EntryError::Code {
            field: "kind",
            code: 9
        })
    );
    assert_eq!(
        changed(3, 1, 2),
        Err(EntryError::Cbor(CborError::KeyMissing(1)))
    );
    assert_eq!(
        changed(0, 0xac, 0xab),
        Err(EntryError::Cbor(CborError::KeyMissing(14)))
    );
    assert_eq!(
        changed(0, 0xac, 0xad),
        Err(EntryError::Cbor(CborError::Truncated))
    );
    assert_eq!(
        changed(0, 0xac, 0x8c),
        Err(EntryError::Cbor(CborError::Type))
    );

    let mut trailing = unhex(GOLDEN);
    trailing.push(0);
    assert_eq!(
        Entry::decode(&trailing),
        Err(EntryError::Cbor(CborError::Trailing))
    );

    // A key beyond the last one.
    let mut unknown = unhex(GOLDEN);
    unknown[0] = 0xad;
    unknown.extend([0x18, 0x63, 0x00]);
    assert_eq!(
        Entry::decode(&unknown),
        Err(EntryError::Cbor(CborError::KeyUnexpected(99)))
    );
}

#[test]
fn every_shorter_entry_is_refused() {
    let bytes = unhex(GOLDEN);
    for length in 0..bytes.len() {
        assert!(Entry::decode(&bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn long_or_disturbing_texts_are_refused() {
    let named = |name: String| Entry {
        body: Body::Facts {
            name,
            hash: Hash::of(b""),
        },
        ..golden()
    };
    assert!(named("x".repeat(TEXT_BYTES_MAX)).encode().is_ok());
    assert_eq!(
        named("x".repeat(TEXT_BYTES_MAX + 1)).encode(),
        Err(EntryError::TextTooLong {
            field: "name",
            bytes: 201
        })
    );
    assert_eq!(
        named("\u{1b}[2J".to_owned()).encode(),
        Err(EntryError::TextControl("name"))
    );

    // The reader holds the same line as the writer.
    let mut control = named("x".to_owned()).encode().unwrap();
    let at = control.iter().position(|byte| *byte == b'x').unwrap();
    control[at] = 0x07;
    assert_eq!(
        Entry::decode(&control),
        Err(EntryError::TextControl("name"))
    );
}

#[test]
fn too_many_clauses_are_refused() {
    let with = |count: usize| {
        let mut entry = golden();
        if let Body::Decision { clauses, .. } = &mut entry.body {
            *clauses = vec!["A1".to_owned(); count];
        }
        entry.encode()
    };
    assert!(with(CLAUSES_MAX).is_ok());
    assert_eq!(with(CLAUSES_MAX + 1), Err(EntryError::TooManyClauses(17)));
}

#[test]
fn an_entry_id_is_read_as_it_is_written() {
    let text = "000102030405060708090a0b0c0d0e0f";
    assert_eq!(EntryId::parse(text).unwrap().to_string(), text);
    for bad in [
        "",
        "00",
        "000102030405060708090A0B0C0D0E0F",
        "+00102030405060708090a0b0c0d0e0f",
    ] {
        assert_eq!(EntryId::parse(bad), None, "{bad:?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>()) {
        drop(Entry::decode(&bytes));
    }

    // What is accepted is the one encoding: no second form of any entry exists.
    #[test]
    fn a_mutated_entry_is_refused_or_canonical(
        kind in 0_usize..10, at in any::<prop::sample::Index>(), to in any::<u8>(),
    ) {
        let entry = Entry { body: one_of_each()[kind].clone(), ..golden() };
        let mut bytes = entry.encode().unwrap();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(decoded) = Entry::decode(&bytes) {
            prop_assert_eq!(decoded.encode().unwrap(), bytes);
        }
    }
}
