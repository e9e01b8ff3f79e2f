use std::os::unix::fs::PermissionsExt as _;

use super::*;

#[test]
fn a_key_comes_back_from_its_file_and_only_its_owner_may_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.key");
    let key = Secret::random().unwrap();
    key.write(&path).unwrap();
    assert_eq!(Secret::read(&path).unwrap().bytes(), key.bytes());
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(matches!(key.write(&path), Err(KeyError::Exists(_))));
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.key");
    Secret::random().unwrap().write(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Secret::read(&path), Err(KeyError::Open(_))));
}

#[test]
fn what_is_no_key_is_refused_without_being_shown() {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("short", "abc"),
        ("letters", &"zz".repeat(32)),
        ("long", &"a".repeat(66)),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = Secret::read(&path).unwrap_err();
        assert!(matches!(error, KeyError::Form(_)), "{error:?}");
        assert!(!error.to_string().contains(content));
    }
    let missing = Secret::read(&dir.path().join("none.key"))
        .unwrap_err()
        .to_string();
    assert!(missing.contains("sluice keys new"), "{missing}");
}

#[test]
fn debug_shows_nothing() {
    let key = Secret::random().unwrap();
    assert!(!format!("{key:?}").contains(&key.token()));
}
