use proptest::prelude::*;

use super::{TlogProof, TlogProofError};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{Body, Entry, EntryId};
use crate::hash::{Hash, leaf_hash};
use crate::merkle::{Frontier, Index, MerkleError, inclusion_proof};
use crate::note::SigningKey;

fn key() -> SigningKey {
    SigningKey::from_seed("example.com/ledger", &[1; 32]).unwrap()
}

fn entry(number: u8) -> Entry {
    Entry {
        second: 1_700_000_000,
        id: EntryId::from_bytes([number; 16]),
        commitment: None,
        body: Body::Facts {
            name: "Ages".to_owned(),
            hash: Hash::of(&[number]),
        },
    }
}

/// The proof of entry `index` in a ledger of `size` entries.
fn proof(index: u8, size: u8) -> TlogProof {
    let leaves: Vec<Hash> = (0..size)
        .map(|number| entry(number).leaf_hash().unwrap())
        .collect();
    let tree: Frontier = leaves.iter().copied().collect();
    let index_in_tree = Index::new(u64::from(index));
    let checkpoint = Checkpoint {
        origin: key().name().to_owned(),
        size: tree.size(),
        root: tree.root(),
    };
    TlogProof {
        entry: entry(index).encode().unwrap(),
        index: index_in_tree,
        path: inclusion_proof(&leaves, index_in_tree, tree.size()).unwrap(),
        checkpoint: checkpoint.sign(&key()).unwrap(),
    }
}

#[test]
fn one_file_is_enough() {
    for (index, size) in [(0, 1), (0, 7), (5, 7), (6, 7)] {
        let text = proof(index, size).to_text();
        let proven = TlogProof::parse(&text)
            .unwrap()
            .verify(key().vkey())
            .unwrap();
        assert_eq!(proven.entry, entry(index));
        assert_eq!(proven.index, Index::new(u64::from(index)));
        assert_eq!(proven.checkpoint.size.get(), u64::from(size));
    }
}

#[test]
fn the_file_has_the_form_of_c2sp() {
    let text = proof(2, 3).to_text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "c2sp.org/tlog-proof@v1");
    assert!(lines[1].starts_with("extra "));
    assert_eq!(lines[2], "index 2");
    assert_eq!(lines[3].len(), 44);
    assert_eq!(lines[4], "");
    assert_eq!(lines[5], "example.com/ledger");
    assert_eq!(lines[6], "3");
    assert_eq!(lines.len(), 10);
}

#[test]
fn every_changed_bit_is_found() {
    let text = proof(2, 5).to_text();
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            // What is no longer text cannot even be handed over.
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let verified = TlogProof::parse(&changed).and_then(|it| it.verify(key().vkey()));
            assert!(verified.is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn another_entry_index_or_key_fails() {
    let other_entry = TlogProof {
        entry: entry(3).encode().unwrap(),
        ..proof(2, 5)
    };
    assert!(matches!(
        other_entry.verify(key().vkey()),
        Err(TlogProofError::Path(MerkleError::Root { .. }))
    ));
    let outside = TlogProof {
        index: Index::new(5),
        ..proof(2, 5)
    };
    assert!(matches!(
        outside.verify(key().vkey()),
        Err(TlogProofError::Path(MerkleError::IndexOutside { .. }))
    ));
    let other = SigningKey::from_seed("example.com/ledger", &[2; 32]).unwrap();
    assert!(matches!(
        proof(2, 5).verify(other.vkey()),
        Err(TlogProofError::Checkpoint(CheckpointError::Note(_)))
    ));
}

#[test]
fn a_leaf_that_is_not_an_entry_is_refused() {
    let tree: Frontier = [leaf_hash(b"not an entry")].into_iter().collect();
    let checkpoint = Checkpoint {
        origin: key().name().to_owned(),
        size: tree.size(),
        root: tree.root(),
    };
    let proof = TlogProof {
        entry: b"not an entry".to_vec(),
        index: Index::new(0),
        path: Vec::new(),
        checkpoint: checkpoint.sign(&key()).unwrap(),
    };
    assert!(matches!(
        proof.verify(key().vkey()),
        Err(TlogProofError::Entry(_))
    ));
}

#[test]
fn malformed_files_name_the_line() {
    let good = proof(2, 3).to_text();
    let hash = good.lines().nth(3).unwrap().to_owned();
    let cases = [
        (good.replace("@v1", "@v2"), 1),
        (good.replace("extra ", "extra"), 2),
        (good.replace("extra ", "extra !"), 2),
        (good.replace("index 2", "index 02"), 3),
        (good.replace("index 2", "index -2"), 3),
        (good.replace("index 2\n", ""), 3),
        (good.replace(&hash, "AAAA"), 4),
        (good.replace(&hash, &[hash.as_str(); 65].join("\n")), 68),
    ];
    for (text, expected) in cases {
        match TlogProof::parse(&text) {
            Err(TlogProofError::Line { line, .. }) => assert_eq!(line, expected, "{text}"),
            other => panic!("{other:?} from {text}"),
        }
    }
    assert_eq!(TlogProof::parse(""), Err(TlogProofError::NoCheckpoint));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(
        text in ".*",
        lines in "c2sp.org/tlog-proof@v1\nextra .*\n.*\n\n.*",
    ) {
        drop(TlogProof::parse(&text));
        drop(TlogProof::parse(&lines).and_then(|proof| proof.verify(key().vkey())));
    }
}
