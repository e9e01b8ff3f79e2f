use std::fmt::Write as _;

use proptest::prelude::*;

use super::{Note, NoteError, SigningKey, VerifyingKey};

/// The example of c2sp.org/signed-note.
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE: &str = "This is an example message.\n\n\
    \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH\
    3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed("example.com/test", &[seed; 32]).unwrap()
}

fn verify(note: &str, keys: &[VerifyingKey]) -> Result<String, NoteError> {
    Note::parse(note)?.verify(keys).map(str::to_owned)
}

#[test]
fn the_published_example_verifies() {
    let key = VerifyingKey::parse(EXAMPLE_KEY).unwrap();
    assert_eq!(key.to_string(), EXAMPLE_KEY);
    assert_eq!(key.id().to_string(), "530d903a");
    assert_eq!(
        verify(EXAMPLE, &[key]).unwrap(),
        "This is an example message.\n"
    );
}

#[test]
fn a_changed_text_fails() {
    let key = VerifyingKey::parse(EXAMPLE_KEY).unwrap();
    let changed = EXAMPLE.replace("an example", "no example");
    assert_eq!(
        verify(&changed, &[key]),
        Err(NoteError::SignatureFails("example.com/foo".to_owned()))
    );
}

#[test]
fn unknown_keys_are_ignored_and_known_ones_must_hold() {
    let (ours, theirs) = (key(1), key(2));
    let note = ours.sign("text\n").unwrap();
    let (_, foreign) = theirs
        .sign("text\n")
        .unwrap()
        .split_once("\n\n")
        .map(own)
        .unwrap();
    let (_, failing) = ours
        .sign("other\n")
        .unwrap()
        .split_once("\n\n")
        .map(own)
        .unwrap();
    let public = [ours.vkey().clone()];

    assert_eq!(
        verify(&format!("{note}{foreign}"), &public),
        Ok("text\n".to_owned())
    );
    assert_eq!(
        verify(&note, &[theirs.vkey().clone()]),
        Err(NoteError::NotSigned)
    );
    assert_eq!(
        verify(&format!("{note}{failing}"), &public),
        Err(NoteError::SignatureFails("example.com/test".to_owned()))
    );
}

fn own((text, signatures): (&str, &str)) -> (String, String) {
    (text.to_owned(), signatures.to_owned())
}

#[test]
fn sixteen_signatures_are_accepted_and_a_flood_is_not() {
    let ours = key(0);
    let mut note = ours.sign("text\n").unwrap();
    for seed in 1..16 {
        let other = key(seed).sign("text\n").unwrap();
        note.write_str(other.split_once("\n\n").unwrap().1).unwrap();
    }
    let all: Vec<_> = (0..16).map(|seed| key(seed).vkey().clone()).collect();
    assert_eq!(verify(&note, &all), Ok("text\n".to_owned()));

    let line = note.lines().last().unwrap().to_owned();
    for _ in 0..100 {
        writeln!(note, "{line}").unwrap();
    }
    assert_eq!(verify(&note, &all), Err(NoteError::TooLarge));
}

#[test]
fn an_empty_line_in_the_text_does_not_end_it() {
    let text = "one\n\n\u{2014} two\n\nthree\n";
    let note = key(1).sign(text).unwrap();
    assert_eq!(verify(&note, &[key(1).vkey().clone()]), Ok(text.to_owned()));
}

#[test]
fn texts_and_names_that_no_note_may_hold_are_refused() {
    for text in ["", "no newline", "tab\t\n", "return\r\n"] {
        assert_eq!(key(1).sign(text), Err(NoteError::Text), "{text:?}");
    }
    for name in ["", "a b", "a+b", "a\nb", "a\u{2003}b"] {
        let refused = SigningKey::from_seed(name, &[1; 32]).map(|_| ());
        assert_eq!(refused, Err(NoteError::Name(name.to_owned())), "{name:?}");
    }
}

#[test]
fn malformed_notes_are_refused() {
    let note = key(1).sign("text\n").unwrap();
    let (text, signature) = note.split_once("\n\n").unwrap();
    let form = [
        String::new(),
        text.to_owned(),
        format!("{text}\n\n"),
        note.trim_end().to_owned(),
        format!("{note}\n"),
        note.replace("text", "te\tt"),
    ];
    for note in form {
        assert_eq!(Note::parse(&note), Err(NoteError::Form), "{note:?}");
    }
    let lines = [
        signature.replace('\u{2014}', "-"),
        signature.replace("test ", "test  "),
        signature.replace("test ", "test"),
        signature.replace('\n', " \n"),
        signature.replace('=', ""),
        "\u{2014} example.com/test YNtRnw==\n".to_owned(),
    ];
    for line in lines {
        let note = format!("{text}\n\n{line}");
        assert_eq!(
            Note::parse(&note),
            Err(NoteError::SignatureLine(1)),
            "{line:?}"
        );
    }
}

#[test]
fn malformed_keys_are_refused() {
    let cases = [
        ("", NoteError::KeyForm),
        ("name", NoteError::KeyForm),
        ("name+530d903a", NoteError::KeyForm),
        ("name+530d903a+AekyeRrm", NoteError::KeyForm),
        ("name+530d903a+!", NoteError::KeyForm),
    ];
    for (vkey, error) in cases {
        assert_eq!(VerifyingKey::parse(vkey), Err(error), "{vkey:?}");
    }
    let disturbing = VerifyingKey::parse("a\u{1b}b+530d903a+AekyeRrm")
        .unwrap_err()
        .to_string();
    assert!(disturbing.contains("`a\\u{1b}b`"), "{disturbing}");
    assert_eq!(
        VerifyingKey::parse(&EXAMPLE_KEY.replace("foo", "bar")),
        Err(NoteError::KeyIdDiffers("example.com/bar".to_owned()))
    );
    assert_eq!(
        VerifyingKey::parse(
            "witness.example/w1+04d2d833+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM"
        ),
        Err(NoteError::KeyAlgorithm {
            name: "witness.example/w1".to_owned(),
            algorithm: 4
        })
    );
}

#[test]
fn debug_of_a_secret_key_shows_its_name_only() {
    assert_eq!(
        format!("{:?}", key(1)),
        r#"SigningKey { name: "example.com/test", .. }"#
    );
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".*", key in ".*") {
        drop(Note::parse(&text));
        drop(VerifyingKey::parse(&key));
    }

    #[test]
    fn what_is_signed_verifies(text in "[^\u{0}-\u{1f}]*", seed in any::<[u8; 32]>()) {
        let key = SigningKey::from_seed("example.com/test", &seed).unwrap();
        let text = format!("{text}\n");
        let note = key.sign(&text).unwrap();
        prop_assert_eq!(verify(&note, &[key.vkey().clone()]), Ok(text));
    }
}
