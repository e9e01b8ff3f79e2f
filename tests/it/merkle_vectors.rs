//! The inclusion and consistency cases of other transparency logs hold here too.
//!
//! The files are those of transparency-dev/merkle: 98 inclusion and 98 consistency cases,
//! most of them proofs that must fail.

use std::fs;
use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proof::Hash;
use proof::merkle::{Index, Size, verify_consistency, verify_inclusion};
use serde_json::Value;

/// How many cases the folders hold together.
const CASES: usize = 196;

#[test]
fn other_logs_merkle_cases_hold_here() {
    let Some(data) = tests::data_dir() else {
        tests::not_run(CASES, "merkle cases");
        return;
    };
    let inclusion = run(&data.join("merkle/inclusion"), inclusion_holds);
    let consistency = run(&data.join("merkle/consistency"), consistency_holds);
    assert_eq!(inclusion + consistency, CASES);
}

/// Runs all cases under a folder, and returns how many there were. Both answers must occur.
fn run(folder: &Path, holds: fn(&Value) -> bool) -> usize {
    let files = files(folder);
    let mut refused = 0;
    for file in &files {
        let text = fs::read_to_string(file).expect("a readable case");
        let case: Value = serde_json::from_str(&text).expect("a case in JSON");
        let must_fail = case["wantErr"].as_bool().expect("wantErr");
        assert_eq!(
            holds(&case),
            !must_fail,
            "{}: {}",
            file.display(),
            case["desc"]
        );
        refused += usize::from(must_fail);
    }
    assert!(
        refused > 0 && refused < files.len(),
        "{refused} of {} must fail",
        files.len()
    );
    files.len()
}

fn inclusion_holds(case: &Value) -> bool {
    // What is not 32 bytes long cannot even be handed over.
    let (Some(leaf), Some(root), Some(proof)) = (
        Hash::from_slice(&bytes(&case["leafHash"])),
        Hash::from_slice(&bytes(&case["root"])),
        proof(case)
            .iter()
            .map(|hash| Hash::from_slice(hash))
            .collect::<Option<Vec<_>>>(),
    ) else {
        return false;
    };
    let (index, size) = (
        Index::new(number(case, "leafIdx")),
        Size::new(number(case, "treeSize")),
    );
    verify_inclusion(index, size, &leaf, &proof, &root).is_ok()
}

fn consistency_holds(case: &Value) -> bool {
    // Some cases compare short texts in place of roots, and one of them must hold. Here a hash
    // always has 32 bytes, so a hash of the text stands in: equal stays equal, others differ.
    let hash = |bytes: &Vec<u8>| {
        Hash::from_slice(bytes).unwrap_or_else(|| Hash::of(&[b"stands in for ", &**bytes].concat()))
    };
    let proof: Vec<Hash> = proof(case).iter().map(hash).collect();
    let (old_root, new_root) = (hash(&bytes(&case["root1"])), hash(&bytes(&case["root2"])));
    let (old, new) = (
        Size::new(number(case, "size1")),
        Size::new(number(case, "size2")),
    );
    verify_consistency(old, new, &proof, &old_root, &new_root).is_ok()
}

/// The hashes of a proof; Go writes an empty list as null.
fn proof(case: &Value) -> Vec<Vec<u8>> {
    let list = &case["proof"];
    if list.is_null() {
        return Vec::new();
    }
    list.as_array()
        .expect("a proof")
        .iter()
        .map(bytes)
        .collect()
}

/// Bytes in base64; Go writes none as null.
fn bytes(value: &Value) -> Vec<u8> {
    if value.is_null() {
        return Vec::new();
    }
    STANDARD
        .decode(value.as_str().expect("base64"))
        .expect("base64")
}

fn number(case: &Value, field: &str) -> u64 {
    case[field].as_u64().expect("a number")
}

/// All JSON files under a folder, in a stable order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder of cases") {
            let path = entry.expect("a folder entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
