use proptest::prelude::*;

use super::{
    Commitment, Edit, FactBits, ITEMS_MAX, Opening, Sidecar, SidecarError, TEXT_BYTES_MAX, commit,
    commit_sent,
};
use crate::cbor::CborError;

fn full() -> Sidecar {
    Sidecar {
        occurred_ms: Some(1_700_000_000_123),
        decided_ms: 1_700_000_000_456,
        facts: Some(FactBits {
            layout: 1,
            bits: vec![0b1010_0001, 0x00],
        }),
        clauses: vec!["A1".to_owned()],
        edits: vec![Edit {
            path: "context.ip".to_owned(),
            category: "network address".to_owned(),
            words: "shorten IP".to_owned(),
        }],
        records: vec![[1; 16], [2; 16]],
        owner: Some([3; 16]),
        sent: Some(commit_sent(&[4; 32], b"{}")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_golden_sidecar_is_written_byte_for_byte() {
    let sidecar = Sidecar {
        decided_ms: 1_700_000_000_456,
        clauses: vec!["A1".to_owned()],
        owner: Some([3; 16]),
        ..Sidecar::default()
    };
    assert_eq!(
        hex(&sidecar.encode().unwrap()),
        "a60001021b0000018bcfe569c805816241310680078008\
         5003030303030303030303030303030303"
    );
}

#[test]
fn a_sidecar_survives() {
    for sidecar in [full(), Sidecar::default()] {
        assert!(Sidecar::decode(&sidecar.encode().unwrap()) == Ok(sidecar));
    }
}

#[test]
fn broken_sidecars_are_refused() {
    let bytes = full().encode().unwrap();
    for length in 0..bytes.len() {
        assert!(Sidecar::decode(&bytes[..length]).is_err(), "{length} bytes");
    }
    let trailing = [bytes.as_slice(), &[0]].concat();
    assert!(Sidecar::decode(&trailing) == Err(SidecarError::Cbor(CborError::Trailing)));
    let mut version = bytes;
    version[2] = 2;
    assert!(Sidecar::decode(&version) == Err(SidecarError::Version(2)));
}

#[test]
fn what_is_too_long_is_refused() {
    let text = Sidecar {
        clauses: vec!["x".repeat(TEXT_BYTES_MAX + 1)],
        ..full()
    };
    assert_eq!(text.encode(), Err(SidecarError::TooLong("clauses")));
    let list = Sidecar {
        records: vec![[0; 16]; ITEMS_MAX + 1],
        ..full()
    };
    assert_eq!(list.encode(), Err(SidecarError::TooLong("record ids")));
    let bits = FactBits {
        layout: 1,
        bits: vec![0; 1025],
    };
    let facts = Sidecar {
        facts: Some(bits),
        ..full()
    };
    assert_eq!(facts.encode(), Err(SidecarError::TooLong("facts")));
}

#[test]
fn only_salt_and_payload_together_open_a_commitment() {
    let commitment = commit(&[1; 32], b"payload");
    let opens = |salt, payload: &[u8]| {
        Opening {
            salt: [salt; 32],
            payload: payload.to_vec(),
        }
        .opens(&commitment)
    };
    assert!(opens(1, b"payload"));
    assert!(!opens(2, b"payload"));
    assert!(!opens(1, b"payloaf"));
    assert_ne!(commitment, commit_sent(&[1; 32], b"payload"));
    // SHA-256 of 0x02, 32 times 0x01, "payload".
    let mut input = vec![0x02];
    input.extend([0x01; 32]);
    input.extend(b"payload");
    assert_eq!(
        commitment,
        Commitment::from_bytes(*crate::Hash::of(&input).as_bytes())
    );
}

#[test]
fn debug_shows_nothing_of_a_person() {
    let opening = Opening {
        salt: [1; 32],
        payload: full().encode().unwrap(),
    };
    assert_eq!(
        format!("{:?} {opening:?}", full()),
        "Sidecar { .. } Opening { .. }"
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in any::<Vec<u8>>()) {
        drop(Sidecar::decode(&bytes));
    }

    #[test]
    fn a_mutated_sidecar_is_refused_or_canonical(
        at in any::<prop::sample::Index>(), to in any::<u8>(),
    ) {
        let mut bytes = full().encode().unwrap();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(decoded) = Sidecar::decode(&bytes) {
            prop_assert_eq!(decoded.encode().unwrap(), bytes);
        }
    }
}
