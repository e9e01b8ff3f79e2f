use proptest::prelude::*;

use super::*;

fn words(text: &str) -> Vec<&str> {
    lex(text)
        .into_iter()
        .filter(|token| !token.kind.is_trivia())
        .map(|token| {
            text.get(token.span.start as usize..token.span.end as usize)
                .expect("whole letters")
        })
        .collect()
}

#[test]
fn dots_inside_words_end_nothing() {
    for text in [
        "user.contact.email",
        "3.0",
        "graph.facebook.com",
        "$.a.b",
        "203.0.113.77",
    ] {
        assert_eq!(words(text), [text]);
        assert_eq!(words(&format!("{text}.")), [text, "."]);
        assert_eq!(words(&format!("{text}.--x")), [text, "."]);
    }
}

#[test]
fn the_dot_of_an_article_ends_nothing_where_a_number_follows() {
    assert_eq!(
        words("GDPR Art. 6(1)(a)."),
        ["GDPR", "Art.", "6(1)(a)", "."]
    );
    assert_eq!(words("modern Art. allow"), ["modern", "Art", ".", "allow"]);
}

#[test]
fn quotations_hold_marks_and_end_at_their_line() {
    assert_eq!(words("\"a. b; -- c\".\n"), ["\"a. b; -- c\"", "."]);
    assert_eq!(words("\"open.\nnext"), ["\"open.", "next"]);
    assert_eq!(lex("\"open")[0].kind, TokenKind::OpenQuote);
}

#[test]
fn quoted_keys_of_paths_stay_whole() {
    assert_eq!(
        words("at $['odd name. x'].y, $.b."),
        ["at", "$['odd name. x'].y", ",", "$.b", "."]
    );
    assert_eq!(words("$['open\nnext"), ["$['open", "next"]);
}

#[test]
fn comments_run_to_the_line_end() {
    assert_eq!(words("a -- b. c\nd"), ["a", "d"]);
    assert_eq!(words("well-known"), ["well-known"]);
}

proptest! {
    #[test]
    fn tokens_cover_any_text(text in any::<String>()) {
        let mut at = 0;
        for token in lex(&text) {
            prop_assert_eq!(token.span.start as usize, at);
            prop_assert!(token.span.end > token.span.start);
            at = token.span.end as usize;
            prop_assert!(text.is_char_boundary(at));
        }
        prop_assert_eq!(at, text.len());
    }
}
