use proptest::prelude::*;

use super::{Checkpoint, CheckpointError};
use crate::hash::{Hash, empty_root};
use crate::merkle::Size;
use crate::note::{NoteError, SigningKey, VerifyingKey};

/// The secret key of RFC 8032, section 7.1, test 1.
const SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
    0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const VKEY: &str = "example.com/ledger+60db519f+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
const TEXT: &str = "example.com/ledger\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n";
const SIGNATURE: &str = "\u{2014} example.com/ledger YNtRn2gzE9LAJwGMgl/BVkntTh9PpiPy/kV5jU1IrHQ8t\
    EC00JHqKCIoEpwgkM2AgFamiFXF1o00jTDXQucFLBEpCgc=\n";
/// A witness's cosignature on the same checkpoint, by RFC 8032 test key 2.
const COSIGNATURE: &str = "\u{2014} witness.example/w1 BNLYMwAAAABlU/EALVIfs4w252hbB6k2noBoP/veML5\
    b2lgJIypSyPYdhyPE4J8vtqN+r5Fn8tQywBj5ghuwcm8lIfub87NdnDidDw==\n";

fn key() -> SigningKey {
    SigningKey::from_seed("example.com/ledger", &SEED).unwrap()
}

fn golden() -> Checkpoint {
    Checkpoint::parse(TEXT).unwrap()
}

#[test]
fn the_golden_checkpoint_is_written_byte_for_byte() {
    assert_eq!(key().vkey().to_string(), VKEY);
    assert_eq!(golden().size, Size::new(8));
    assert_eq!(
        golden().root.to_string(),
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    );
    assert_eq!(golden().to_text(), TEXT);
    assert_eq!(
        golden().sign(&key()).unwrap(),
        format!("{TEXT}\n{SIGNATURE}")
    );
}

#[test]
fn the_golden_checkpoint_opens_with_and_without_its_witness() {
    let key = VerifyingKey::parse(VKEY).unwrap();
    for note in [
        format!("{TEXT}\n{SIGNATURE}"),
        format!("{TEXT}\n{SIGNATURE}{COSIGNATURE}"),
    ] {
        assert_eq!(Checkpoint::open(&note, &key), Ok(golden()));
    }
    assert_eq!(
        Checkpoint::open(&format!("{TEXT}\n{COSIGNATURE}"), &key),
        Err(CheckpointError::Note(NoteError::NotSigned))
    );
}

#[test]
fn another_size_or_root_under_the_same_signature_fails() {
    let key = VerifyingKey::parse(VKEY).unwrap();
    for (from, to) in [
        ("\n8\n", "\n9\n"),
        ("Xcna", "Xcnb"),
        ("XcnaeacG", "XcnaeacH"),
    ] {
        let note = format!("{}\n{SIGNATURE}", TEXT.replace(from, to));
        assert_eq!(
            Checkpoint::open(&note, &key),
            Err(CheckpointError::Note(NoteError::SignatureFails(
                "example.com/ledger".to_owned()
            )))
        );
    }
}

#[test]
fn a_key_signs_and_opens_only_its_own_ledger() {
    let other = Checkpoint {
        origin: "example.com/other".to_owned(),
        ..golden()
    };
    let differs = CheckpointError::OriginDiffers {
        origin: "example.com/other".to_owned(),
        key: "example.com/ledger".to_owned(),
    };
    assert_eq!(other.sign(&key()), Err(differs.clone()));
    let note = key().sign(&other.to_text()).unwrap();
    assert_eq!(Checkpoint::open(&note, key().vkey()), Err(differs));
}

#[test]
fn malformed_checkpoints_are_refused() {
    let root = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";
    let cases = [
        (String::new(), CheckpointError::Form),
        (TEXT.trim_end().to_owned(), CheckpointError::Form),
        (format!("{TEXT}extension\n"), CheckpointError::Form),
        (format!("{TEXT}\n"), CheckpointError::Form),
        (format!("o\n{root}\n"), CheckpointError::Form),
        (format!("\n8\n{root}\n"), CheckpointError::Origin),
        (format!("o\n08\n{root}\n"), CheckpointError::Size),
        (format!("o\n00\n{root}\n"), CheckpointError::Size),
        (format!("o\n+8\n{root}\n"), CheckpointError::Size),
        (format!("o\n-8\n{root}\n"), CheckpointError::Size),
        (format!("o\n 8\n{root}\n"), CheckpointError::Size),
        (format!("o\n\n{root}\n"), CheckpointError::Size),
        (format!("o\n\u{0661}\n{root}\n"), CheckpointError::Size),
        (
            format!("o\n18446744073709551616\n{root}\n"),
            CheckpointError::Size,
        ),
        ("o\n8\nXcna\n".to_owned(), CheckpointError::Root),
        (
            format!("o\n8\n{}\n", root.replace('=', "")),
            CheckpointError::Root,
        ),
        // The last digit carries two bits that no byte uses: they must be zero.
        (
            format!("o\n8\n{}\n", root.replace("yg=", "yh=")),
            CheckpointError::Root,
        ),
        (format!("o\n8\n{root}\r\n"), CheckpointError::Root),
    ];
    for (text, error) in cases {
        assert_eq!(Checkpoint::parse(&text), Err(error), "{text:?}");
    }
}

#[test]
fn sizes_from_nothing_to_the_last_number() {
    for size in [0, 1, 10, u64::MAX] {
        let checkpoint = Checkpoint {
            origin: "o".to_owned(),
            size: Size::new(size),
            root: empty_root(),
        };
        assert_eq!(Checkpoint::parse(&checkpoint.to_text()), Ok(checkpoint));
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".*\n.*\n.*\n") {
        drop(Checkpoint::parse(&text));
        drop(Checkpoint::open(&text, key().vkey()));
    }

    #[test]
    fn what_is_written_is_read(size in any::<u64>(), root in any::<[u8; 32]>()) {
        let checkpoint = Checkpoint {
            origin: "example.com/ledger".to_owned(),
            size: Size::new(size),
            root: Hash::from_bytes(root),
        };
        let note = checkpoint.sign(&key()).unwrap();
        prop_assert_eq!(Checkpoint::open(&note, key().vkey()), Ok(checkpoint));
    }
}
