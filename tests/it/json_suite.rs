//! JSONTestSuite (Seriot, "Parsing JSON is a Minefield"): what must be read is read, what must not
//! is not, and what a standard leaves open is decided here, in lists that a change has to touch.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gateway::json::{FaultKind, JsonWriter, Limits, scan, scan_batch};
use serde_json::Value;
use tests::{data_dir, not_run};

/// Valid JSON that is refused nevertheless, because readers disagree about it.
const REFUSED_VALID: [(&str, FaultKind); 4] = [
    ("y_object_duplicated_key.json", FaultKind::DuplicateKey),
    (
        "y_object_duplicated_key_and_value.json",
        FaultKind::DuplicateKey,
    ),
    ("y_object_escaped_null_in_key.json", FaultKind::Nul),
    ("y_string_null_escape.json", FaultKind::Nul),
];

/// Of what RFC 8259 leaves to us, this is read: numbers past `f64`'s exactness, kept as text. All
/// else of it is refused.
const ACCEPTED_OPEN: [&str; 3] = [
    "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
];

/// The transform cases that are refused; all others are written in one spelling.
const REFUSED_TRANSFORM: [&str; 11] = [
    "number_1e-999.json",
    "object_same_key_different_values.json",
    "object_same_key_same_value.json",
    "object_same_key_unclear_values.json",
    "string_1_escaped_invalid_codepoint.json",
    "string_1_invalid_codepoint.json",
    "string_2_escaped_invalid_codepoints.json",
    "string_2_invalid_codepoints.json",
    "string_3_escaped_invalid_codepoints.json",
    "string_3_invalid_codepoints.json",
    "string_with_escaped_NULL.json",
];

const PARSING_CASES: usize = 318;
const TRANSFORM_CASES: usize = 22;

#[test]
fn the_public_json_suite_is_read_as_decided() {
    let Some(data) = data_dir() else {
        not_run(PARSING_CASES, "JSON parsing cases");
        return;
    };
    let cases = cases(&data.join("json/test_parsing"));
    assert_eq!(cases.len(), PARSING_CASES);
    let mut wrong = Vec::new();
    let mut accepted_open = BTreeSet::new();
    for (name, bytes) in &cases {
        let read = scan(bytes, &Limits::default())
            .map(|_| ())
            .map_err(|fault| fault.kind);
        let exception = REFUSED_VALID.iter().find(|(refused, _)| refused == name);
        let right = match (name.get(..2), exception) {
            (Some("y_"), Some((_, kind))) => read == Err(*kind),
            (Some("y_"), None) => read.is_ok(),
            (Some("n_"), _) => read.is_err(),
            (Some("i_"), _) => true,
            (Some(_) | None, _) => panic!("{name} is of no known sort"),
        };
        if !right {
            wrong.push((name, read));
        }
        if name.starts_with("i_") && read.is_ok() {
            accepted_open.insert(name.as_str());
        }
        // No tolerance for one bad event may turn what is not JSON into a batch.
        if name.starts_with("n_") && matches!(read, Err(FaultKind::Syntax | FaultKind::Trailing)) {
            assert!(
                scan_batch(bytes, &Limits::default(), Some("batch")).is_err(),
                "{name}"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(accepted_open, BTreeSet::from(ACCEPTED_OPEN));
}

#[test]
fn what_is_written_means_what_was_read() {
    let Some(data) = data_dir() else {
        not_run(TRANSFORM_CASES, "JSON transform cases");
        return;
    };
    let transform = cases(&data.join("json/test_transform"));
    assert_eq!(transform.len(), TRANSFORM_CASES);
    let refused: BTreeSet<_> = refused_or_rewritten(&transform).into_iter().collect();
    assert_eq!(refused, BTreeSet::from(REFUSED_TRANSFORM));
    refused_or_rewritten(&cases(&data.join("json/test_parsing")));
}

/// Checks that each case is refused, or is written such that `serde_json` reads the same from what
/// is written as from what came; gives the names of the refused.
fn refused_or_rewritten(cases: &[(String, Vec<u8>)]) -> Vec<&str> {
    let mut refused = Vec::new();
    for (name, bytes) in cases {
        let Ok(document) = scan(bytes, &Limits::default()) else {
            refused.push(name.as_str());
            continue;
        };
        let mut written = Vec::new();
        JsonWriter::new(&mut written).node(document.root());
        let oracle: Value =
            serde_json::from_slice(bytes).expect("accepted here, so accepted there");
        let again: Value = serde_json::from_slice(&written).expect("what is written is JSON");
        assert_eq!(again, oracle, "{name}");
    }
    refused
}

/// Every case in a folder: its name and its bytes.
fn cases(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("the test data holds the JSON suite");
    let mut cases: Vec<_> = entries
        .map(|entry| {
            let entry = entry.expect("the folder is readable");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            (name, fs::read(entry.path()).expect("the case is readable"))
        })
        .collect();
    cases.sort();
    cases
}
