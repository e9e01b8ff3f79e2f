//! The words of the policy language are the published ones: every key of fideslang 3.0, and no
//! other.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use policy::vocabulary::{DATA_CATEGORIES, DATA_USES, SPECIAL_CATEGORIES, USE_WORDS, is_below};
use serde_json::Value;

/// How many keys both files hold together.
const KEYS: usize = 139;

#[test]
fn keys_are_those_that_fideslang_publishes() {
    let Some(data) = tests::data_dir() else {
        tests::not_run(KEYS, "fideslang keys");
        return;
    };
    let folder = data.join("vocabulary");
    let categories = published(&folder.join("data_categories.json"), "data_category");
    let uses = published(&folder.join("data_uses.json"), "data_use");
    assert_eq!(categories.len() + uses.len(), KEYS);
    assert_eq!(ours(DATA_CATEGORIES), categories);
    assert_eq!(ours(DATA_USES), uses);
}

#[test]
fn words_that_stand_for_keys_stand_for_known_ones() {
    let listed = |keys: &[&str], key: &str| keys.contains(&key);
    for key in SPECIAL_CATEGORIES {
        assert!(listed(DATA_CATEGORIES, key), "{key}");
    }
    for (word, key) in USE_WORDS {
        assert!(listed(DATA_USES, key), "{word}: {key}");
    }
}

#[test]
fn keys_ascend_and_stand_below_one_another() {
    for keys in [DATA_CATEGORIES, DATA_USES] {
        assert!(keys.is_sorted(), "readers look for keys by their letters");
        for key in keys {
            let above = key.rsplit_once('.').map(|(above, _)| above);
            let is_known = |above: &str| keys.contains(&above) && is_below(key, above);
            assert!(above.is_none_or(is_known), "{key} hangs in the air");
        }
    }
}

fn ours(keys: &[&str]) -> BTreeSet<String> {
    let set: BTreeSet<String> = keys.iter().map(|&key| key.to_owned()).collect();
    assert_eq!(set.len(), keys.len(), "a key stands there twice");
    set
}

fn published(file: &Path, list: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(file).expect("a readable file");
    let found: Value = serde_json::from_str(&text).expect("JSON");
    let entries = found[list].as_array().expect("a list");
    let key = |entry: &Value| entry["fides_key"].as_str().expect("a key").to_owned();
    entries.iter().map(key).collect()
}
