use super::*;
use crate::diagnostic::Severity;

const DEMO: &str = include_str!("../../../policies/demo/shop.policy");

fn codes(text: &str) -> Vec<String> {
    let (file, read) = crate::parse::parse(text);
    assert_eq!(read, [], "the text reads");
    check(&file, text)
        .iter()
        .map(|found| found.code.to_string())
        .collect()
}

#[test]
fn the_demo_policy_has_only_the_one_lint_it_wants() {
    // Its ad network matches on a plain hash, and a lint says what that means.
    assert_eq!(codes(DEMO), ["P0403"]);
}

#[test]
fn what_could_not_be_read_hides_nothing_and_is_blamed_once() {
    let text = DEMO.replace(
        "category email           is",
        "category email           iss",
    );
    let text = text.replace("version 1.", "version 0.");
    let (file, read) = crate::parse::parse(&text);
    assert_eq!(read.len(), 1, "{read:#?}");
    let errors: Vec<_> = check(&file, &text)
        .into_iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| found.code.to_string())
        .collect();
    assert_eq!(
        errors,
        ["P0302"],
        "`email` is not called unknown, and version 0 is still seen"
    );
}
