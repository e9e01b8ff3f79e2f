//! Broken policies, each with what is printed about it: code, words at fault, reason and suggestion.

use std::fs;
use std::path::{Path, PathBuf};

use policy::diagnostic::{Report, registry};

#[test]
fn broken_policies_are_explained_as_recorded() {
    let files = golden();
    assert!(files.len() >= 70, "only {} files were found", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let expected = fs::read_to_string(file.with_extension("stderr")).unwrap_or_default();
        let found = report(&file).render(false);
        if found != expected {
            wrong.push(format!(
                "{}\n-- expected\n{expected}\n-- found\n{found}",
                file.display()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_finding_says_how_to_mend_it() {
    for file in golden() {
        for found in report(&file).diagnostics {
            assert!(
                !found.reason.is_empty(),
                "{} in {}",
                found.code,
                file.display()
            );
            assert!(
                found.suggestion.is_some(),
                "{} in {}",
                found.code,
                file.display()
            );
        }
    }
}

#[test]
fn replacements_mend_what_they_are_offered_for() {
    let mut mended = 0;
    for file in golden() {
        let before = report(&file);
        for (at, found) in before.diagnostics.iter().enumerate() {
            let replacement = found
                .suggestion
                .as_ref()
                .and_then(|words| words.replacement.as_ref());
            let Some(replacement) = replacement else {
                continue;
            };
            let mut text = before.text.clone();
            let range = found.span.start as usize..found.span.end as usize;
            text.replace_range(range, replacement);
            let after = examine(&file, text);
            let code = found.code;
            let count = |report: &Report| {
                report
                    .diagnostics
                    .iter()
                    .filter(|found| found.code == code)
                    .count()
            };
            assert!(
                count(&after) < count(&before),
                "{code} (finding {at}) in {}",
                file.display()
            );
            mended += 1;
        }
    }
    assert!(mended >= 15, "only {mended} replacements were tried");
}

#[test]
fn every_code_has_a_broken_policy() {
    let seen: Vec<_> = golden()
        .iter()
        .flat_map(|file| report(file).diagnostics)
        .map(|found| found.code)
        .collect();
    // Texts past the limits are too long to keep; the parser's own tests make them.
    let made_elsewhere = [registry::TEXT_TOO_LONG, registry::TOO_MANY_SENTENCES];
    for entry in registry::TABLE {
        let is_seen = seen.contains(&entry.code) || made_elsewhere.contains(&entry.code);
        assert!(is_seen, "{} ({})", entry.code, entry.title);
    }
}

fn golden() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/policy");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the golden folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "policy")
        })
        .collect();
    files.sort();
    files
}

fn report(file: &Path) -> Report {
    examine(file, fs::read_to_string(file).expect("a policy"))
}

fn examine(file: &Path, text: String) -> Report {
    let (tree, mut found) = policy::parse::parse(&text);
    found.extend(policy::check::check(&tree, &text));
    Report::new(file.file_name().expect("a name").into(), text, found)
}

const GUIDE: &str = include_str!("../../docs/POLICY_LANGUAGE.md");

#[test]
fn the_guide_lists_every_code_as_it_is() {
    for entry in registry::TABLE {
        let (code, kind) = (entry.code, entry.severity);
        let line = format!("| {code} | {kind} | {} | {} |", entry.title, entry.why);
        assert!(
            GUIDE.contains(&line),
            "docs/POLICY_LANGUAGE.md lacks\n{line}"
        );
    }
}

#[test]
fn the_policy_of_page_one_compiles_and_passes_its_test() {
    let page = GUIDE
        .split("## How a decision is made")
        .next()
        .expect("page one");
    let code: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .collect();
    let policy = policy::Policy::compile(Path::new("page one"), &code.join("\n"))
        .unwrap_or_else(|report| panic!("{}", report.render(false)));
    let outcomes = policy::testing::run(&policy);
    assert_eq!(outcomes.len(), 1);
    assert!(
        outcomes.iter().all(|outcome| outcome.passed),
        "{outcomes:?}"
    );
}
