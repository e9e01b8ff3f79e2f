use super::*;

const DEMO: &str = include_str!("../../../policies/demo/shop.policy");

/// Messages of a text, for comparing.
fn faults(text: &str) -> Vec<String> {
    parse(text)
        .1
        .iter()
        .map(|found| format!("{} {}", found.code, found.message))
        .collect()
}

#[test]
fn the_demo_policy_reads_without_a_fault() {
    let syntax = syntax(DEMO);
    assert_eq!(syntax.diagnostics, []);
    assert_eq!(syntax.tree.text(), DEMO);
    assert_eq!(syntax.file.categories.len(), 11);
    assert_eq!(syntax.file.allows.len(), 2);
    assert_eq!(syntax.file.tests.len(), 12);
    assert!(syntax.file.broken.is_empty());
}

#[test]
fn a_broken_sentence_hides_no_other() {
    let found = faults(
        "policy \"p\" version x.\ncategory a iss user at $.a.\npurpose b is marketing\n\
         category c is user at 5.\nA1. alow c.\n",
    );
    assert_eq!(
        found,
        [
            "P0104 the sentence has no full stop after `marketing`",
            "P0110 `x` is not a version number",
            "P0106 expected `is`, found `iss`",
            "P0106 expected a JSON path, found `5`",
            "P0106 expected `allow`, `block`, `keep` or `never`, found `alow`",
        ]
    );
}

#[test]
fn names_of_several_words_are_read_longest_first() {
    let (file, found) = parse(
        "category order is user at $.o. category order value is user at $.v. source s is host \"s\".
         recipient R and D is host \"r\". recipient R is host \"r\". purpose p q is marketing.
         A1. allow s to send order value, order and order value to R for p q.",
    );
    assert_eq!(found.len(), 1, "only `and` inside a name: {found:?}");
    let names: Vec<&str> = file.allows[0]
        .categories
        .iter()
        .map(|name| name.node.as_str())
        .collect();
    assert_eq!(names, ["order value", "order", "order value"]);
}

#[test]
fn later_constructs_have_a_code_of_their_own() {
    for text in [
        "prove health never reaches Meta Ads.",
        "include \"eu/gdpr.policy\".",
    ] {
        assert!(
            faults(text)[0].starts_with("P0111"),
            "{text}: {:?}",
            faults(text)
        );
    }
}

#[test]
fn limits_hold() {
    assert!(faults(&"x".repeat(TEXT_MAX + 1))[0].starts_with("P0101"));
    assert!(faults(&"a b.\n".repeat(SENTENCES_MAX + 1))[0].starts_with("P0102"));
}

#[test]
fn hostile_texts_end_soon() {
    for unit in [
        "\"",
        "A1. ",
        ". ",
        "category a ",
        "a, ",
        "$['",
        "policy\n",
        "-- ",
        "A1. allow a to send a, ",
    ] {
        let text = unit.repeat(TEXT_MAX / unit.len());
        let syntax = syntax(&text);
        assert!(!syntax.diagnostics.is_empty() || unit == "-- ");
    }
}

/// Words of the language, to be thrown together.
const SOUP: &[&str] = &[
    "A1.",
    "B1.",
    "allow",
    "block",
    "never",
    "keep",
    "test",
    "given",
    "when",
    "expect",
    "policy",
    "version",
    "7",
    "category",
    "purpose",
    "source",
    "recipient",
    "is",
    "at",
    "$.a",
    "$.a.b",
    "\"x\"",
    "\"open",
    ".",
    ".\n",
    ",",
    ";",
    "and",
    "or",
    "to",
    "send",
    "for",
    "if",
    "unless",
    "known",
    "be",
    "under",
    "18",
    "first",
    "hash",
    "shorten",
    "/24",
    "turn",
    "into",
    "age",
    "band",
    "18-24",
    "50+",
    "round",
    "most",
    "20",
    "events",
    "per",
    "person",
    "day",
    "in",
    "EEA",
    "US-CA",
    "consent",
    "read",
    "from",
    "our",
    "records",
    "GPP",
    "Google",
    "TCF",
    "purposes",
    "1",
    "except",
    "the",
    "lawful",
    "basis",
    "met",
    "use",
    "data",
    "a",
    "on",
    "list",
    "with",
    "DPIA",
    "2026-01-01",
    "because",
    "--c\n",
];

proptest::proptest! {
    #[test]
    fn any_text_gives_back_itself(text in proptest::prelude::any::<String>()) {
        proptest::prop_assert_eq!(syntax(&text).tree.text(), text);
    }

    #[test]
    fn any_soup_of_words_is_read_and_checked(
        words in proptest::collection::vec(proptest::sample::select(SOUP), 0..120)
    ) {
        let text = words.join(" ");
        let syntax = syntax(&text);
        proptest::prop_assert_eq!(syntax.tree.text(), text.as_str());
        let mut found = syntax.diagnostics;
        found.extend(crate::check::check(&syntax.file, &text));
        for one in &found {
            let range = one.span.start as usize..one.span.end as usize;
            proptest::prop_assert!(text.get(range).is_some(), "{:?} is not in the text", one);
        }
        let report = crate::diagnostic::Report::new("soup".into(), text, found);
        proptest::prop_assert_eq!(report.render(false).is_empty(), report.diagnostics.is_empty());
    }

    #[test]
    fn the_demo_with_a_piece_cut_out_is_read_and_checked(
        from in 0..DEMO.len(),
        length in 0..400_usize,
    ) {
        let start = DEMO.floor_char_boundary(from);
        let end = DEMO.floor_char_boundary((from + length).min(DEMO.len()));
        let before = DEMO.get(..start).expect("a start");
        let text = format!("{before}{}", DEMO.get(end..).expect("an end"));
        let syntax = syntax(&text);
        proptest::prop_assert_eq!(syntax.tree.text(), text.as_str());
        let _found = crate::check::check(&syntax.file, &text);
    }
}
