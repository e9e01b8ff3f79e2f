use super::*;

fn of(kind: IdentifierKind, value: &str) -> Option<SubjectId> {
    Pseudonyms::new(&[7; 32]).of(kind, &Personal::new(value))
}

#[test]
fn one_identifier_has_one_pseudonym_however_it_is_spelled() {
    let same = [
        (IdentifierKind::Email, "Ada@Example.COM ", "ada@example.com"),
        (
            IdentifierKind::Device,
            "6D92078A-8246-4BA4",
            "6d92078a-8246-4ba4",
        ),
        (IdentifierKind::Phone, "+49 (170) 123-45", "004917012345"),
        (IdentifierKind::User, " u-17 ", "u-17"),
    ];
    for (kind, one, other) in same {
        assert!(of(kind, one).is_some());
        assert_eq!(of(kind, one), of(kind, other), "{}", kind.word());
    }
}

#[test]
fn another_value_kind_or_key_is_another_person() {
    let ada = of(IdentifierKind::Email, "ada@example.com");
    assert_ne!(ada, of(IdentifierKind::Email, "bob@example.com"));
    assert_ne!(ada, of(IdentifierKind::User, "ada@example.com"));
    assert_ne!(of(IdentifierKind::User, "A"), of(IdentifierKind::User, "a"));
    let other = Pseudonyms::new(&[8; 32]);
    assert_ne!(
        ada,
        other.of(IdentifierKind::Email, &Personal::new("ada@example.com"))
    );
}

#[test]
fn an_empty_identifier_names_nobody() {
    for (kind, value) in [
        (IdentifierKind::User, ""),
        (IdentifierKind::Email, " \t"),
        (IdentifierKind::Phone, "unknown"),
        (IdentifierKind::Phone, "00"),
    ] {
        assert_eq!(of(kind, value), None, "{}", kind.word());
    }
}

#[test]
fn a_pseudonym_is_stable_across_releases() {
    let bytes = of(IdentifierKind::Email, "ada@example.com").map(|id| *id.as_bytes());
    assert_eq!(bytes, Some(GOLDEN));
}

/// HMAC-SHA-256 under 32 bytes 7, of `sluice subject v1`, 0, 3 and the address; first 16 bytes.
const GOLDEN: [u8; 16] = [
    0xb5, 0xdd, 0x07, 0xa9, 0xae, 0xea, 0x26, 0xb3, 0x78, 0x01, 0x1a, 0xe8, 0xd3, 0x6c, 0x7f, 0x14,
];

#[test]
fn words_name_their_kind() {
    for kind in IdentifierKind::ALL {
        assert_eq!(IdentifierKind::from_word(kind.word()), Some(kind));
    }
    assert_eq!(IdentifierKind::from_word("Email"), None);
}

#[test]
fn nothing_personal_is_in_debug_text() {
    let ada = Personal::new("ada@example.com");
    let text = format!(
        "{ada:?} {:?} {:?}",
        Pseudonyms::new(&[7; 32]),
        SubjectId([65; 16])
    );
    assert_eq!(text, "Personal(..) Pseudonyms(..) SubjectId(..)");
    assert_eq!(*ada.expose(), "ada@example.com");
    assert_eq!(ada.expose_owned(), "ada@example.com");
}
