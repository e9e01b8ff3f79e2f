use std::fs;

use super::*;

const POLICY: &str = include_str!("../../../policies/demo/shop.policy");
const EXAMPLE: &str = include_str!("../../../docs/sluice.example.toml");

/// A folder with the demo's policy and a configuration.
struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    fn with(text: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("policies/demo")).unwrap();
        fs::create_dir_all(dir.path().join("docs")).unwrap();
        fs::write(dir.path().join("policies/demo/shop.policy"), POLICY).unwrap();
        fs::write(dir.path().join("docs/sluice.toml"), text).unwrap();
        Self { dir }
    }

    fn read(&self, variables: &[(&str, &str)]) -> Reading {
        let variables: Vec<(String, String)> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Reading::of(&self.dir.path().join("docs/sluice.toml"), &variables).unwrap()
    }

    /// Everything that is told, without the folder's own name.
    fn told(&self, variables: &[(&str, &str)]) -> String {
        let folder = self.dir.path().join("docs").display().to_string();
        self.read(variables)
            .told()
            .join("\n\n")
            .replace(&format!("{folder}/"), "")
            + "\n"
    }
}

#[test]
fn the_documented_example_is_good() {
    let folder = Folder::with(EXAMPLE);
    let reading = folder.read(&[]);
    assert_eq!(reading.told(), Vec::<String>::new());
    let config = reading.config.unwrap();
    assert_eq!(config.origin, "shop.example/sluice");
    assert_eq!(config.gateway.routes[0].flows.len(), 2);
    assert_eq!(config.key_files().len(), 6);
}

#[test]
fn the_documented_limits_are_the_defaults() {
    let config = Folder::with(EXAMPLE).read(&[]).config.unwrap();
    let defaults = (wire::Limits::default(), wire::Delivery::default());
    assert_eq!(
        format!("{:?}", config.gateway.limits),
        format!("{:?}", defaults.0)
    );
    assert_eq!(
        format!("{:?}", config.gateway.delivery),
        format!("{:?}", defaults.1)
    );
}

#[test]
fn a_variable_overrides_a_key() {
    let folder = Folder::with(EXAMPLE);
    let variables = [
        ("SLUICE_PROXY__LISTEN", "127.0.0.1:7"),
        ("SLUICE_LIMITS__DEPTH", "9"),
    ];
    let config = folder.read(&variables).config.unwrap();
    assert_eq!(config.gateway.listen.port(), 7);
    assert_eq!(config.gateway.limits.depth, 9);
}

#[test]
fn all_errors_come_in_one_run_with_place_and_suggestion() {
    let folder = Folder::with(include_str!("tests/broken.toml"));
    let told = folder.told(&[("SLUICE_DATA__DIRR", "x"), ("SLUICE_PROXY__LISTEN", "here")]);
    assert_eq!(told, include_str!("tests/broken.txt"));
}

#[test]
fn a_text_that_is_not_toml_is_told_as_that_only() {
    let folder = Folder::with("[policy\nfile = \"x\"\n[data]\ndir =\n");
    let told = folder.told(&[]);
    assert_eq!(
        told.matches("error: ").count(),
        told.matches("this is not TOML").count()
    );
    assert!(
        told.contains("sluice.toml:1:8") && told.contains("sluice.toml:4:"),
        "{told}"
    );
}

#[test]
fn a_broken_policy_is_told_beside_the_wires() {
    let folder = Folder::with(&EXAMPLE.replace("depth = 64", "depht = 64"));
    let policy = folder.dir.path().join("policies/demo/shop.policy");
    fs::write(&policy, POLICY.replace("B1. block", "B1 block")).unwrap();
    let reading = folder.read(&[]);
    assert!(reading.config.is_none());
    let told = reading.told().join("\n");
    assert!(
        told.contains("no key `depht`") && told.contains("error[P"),
        "{told}"
    );
}

#[test]
fn a_missing_section_is_told_once_for_each_thing_it_must_say() {
    let told = Folder::with("").told(&[]);
    for needed in [
        "`file`",
        "`dir`",
        "`origin`",
        "`ledger`",
        "`listen`",
        "[[admin.keys]]",
    ] {
        assert!(told.contains(needed), "{needed} in {told}");
    }
}

#[test]
fn secrets_are_read_only_when_asked_for_and_all_missing_ones_are_told() {
    let mut config = Folder::with(EXAMPLE).read(&[]).config.unwrap();
    let told = format!("{:#}", config.secrets().unwrap_err().error);
    assert_eq!(told.matches("no key file").count(), 6, "{told}");
}
