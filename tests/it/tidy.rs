//! The house rules as a test: licences, crate docs, the dependency picture, commented migrations, sizes, the README's map.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tests::root;

/// The picture of ARCHITECTURE: a crate uses lower rows only. Folders whose time has not come are listed already.
const ROWS: &[&[&str]] = &[
    &["stats"],
    &["bias", "policy", "proof", "store"],
    &["ledger"],
    &["consent"],
    &["attribution", "dsar", "segmentation"],
    &["gateway"],
    &["console"],
    &["cli"],
];

/// Licences that may be linked into the executable or run in its tests.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn crates_use_lower_rows_only() {
    let row: BTreeMap<&str, usize> = ROWS
        .iter()
        .enumerate()
        .flat_map(|(at, row)| row.iter().map(move |name| (*name, at)))
        .collect();
    for package in packages(&metadata(true)) {
        if package.name == "tests" {
            continue;
        }
        let mine = row
            .get(package.name.as_str())
            .unwrap_or_else(|| panic!("`{}` stands in no row of the picture", package.name));
        // A crate may test itself with a feature of its own on; that is no arrow.
        for used in package
            .uses
            .iter()
            .filter(|used| used.local && used.name != package.name)
        {
            let theirs = row.get(used.name.as_str()).unwrap_or_else(|| {
                panic!(
                    "`{}` uses `{}`, which stands in no row",
                    package.name, used.name
                )
            });
            assert!(
                theirs < mine,
                "`{}` must not use `{}`",
                package.name,
                used.name
            );
        }
    }
}

#[test]
fn pure_crates_stay_pure() {
    let banned: &[(&str, &[&str])] = &[
        ("policy", &["sqlx", "tokio", "hyper", "axum", "tracing"]),
        ("proof", &["sqlx", "tokio", "hyper", "axum", "tracing"]),
    ];
    for package in packages(&metadata(true)) {
        for (name, names) in banned {
            for used in package
                .uses
                .iter()
                .filter(|used| !used.dev && package.name == *name)
            {
                assert!(
                    !names.contains(&used.name.as_str()),
                    "{name} must not use {}",
                    used.name
                );
            }
        }
        let names_sqlx = package.uses.iter().any(|used| used.name == "sqlx");
        assert!(
            !names_sqlx
                || ["store", "ledger", "consent", "gateway", "tests"]
                    .contains(&package.name.as_str()),
            "`{}` must not name sqlx",
            package.name
        );
    }
}

#[test]
fn every_licence_is_on_the_list() {
    for package in packages(&metadata(false)) {
        let fits = package
            .licence
            .replace(" / ", " OR ")
            .replace('/', " OR ")
            .split(" OR ")
            .any(|choice| {
                choice
                    .trim_matches(|c| c == '(' || c == ')')
                    .split(" AND ")
                    .all(|part| LICENCES.contains(&part.trim_matches(|c| c == '(' || c == ')')))
            });
        assert!(
            fits,
            "`{}` has the licence `{}`",
            package.name, package.licence
        );
    }
}

#[test]
fn every_crate_says_what_it_is() {
    for package in packages(&metadata(true)) {
        let folder = root().join(&package.name);
        let entry = ["src/lib.rs", "src/main.rs", "harness/lib.rs"]
            .iter()
            .map(|file| folder.join(file))
            .find(|file| file.is_file())
            .unwrap_or_else(|| panic!("`{}` is not a folder of that name", package.name));
        let text = std::fs::read_to_string(&entry).expect("a source file");
        let doc = text
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .count();
        assert!(doc >= 3, "{} says too little about itself", entry.display());
    }
}

#[test]
fn every_manifest_line_says_why() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let start = manifest.find("# network").expect("the dependency section");
    let end = manifest.find("[workspace.lints.rust]").expect("the lints");
    let section = manifest
        .get(start..end)
        .expect("dependencies stand before lints");
    for line in section.lines().filter(|line| line.contains(" = ")) {
        assert!(line.contains('#'), "no reason given: {line}");
    }
}

#[test]
fn every_migration_column_is_commented() {
    let mut seen = 0;
    for file in files_below(&root().join("migrations"), "sql") {
        let text = std::fs::read_to_string(&file).expect("a migration");
        let mut inside = false;
        for line in text.lines() {
            let code = line.trim();
            if code.to_ascii_uppercase().starts_with("CREATE TABLE") {
                inside = true;
                continue;
            }
            if code.starts_with(')') {
                inside = false;
            }
            let column = inside
                && !code.is_empty()
                && !code.starts_with("--")
                && !["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT"]
                    .iter()
                    .any(|word| code.to_ascii_uppercase().starts_with(word));
            if column {
                seen += 1;
                assert!(
                    code.contains("--"),
                    "{}: no comment on `{code}`",
                    file.display()
                );
            }
        }
    }
    assert!(
        seen > 10,
        "no columns found: this test looks in the wrong place"
    );
}

#[test]
fn files_hold_one_idea() {
    for file in sources() {
        let text = std::fs::read_to_string(&file).expect("a source file");
        let lines = text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines", file.display());
        for (number, line) in text.lines().enumerate() {
            let place = format!("{}:{}", file.display(), number + 1);
            assert!(!line.contains("TO\u{44}O"), "{place}: a naked to-do");
            assert!(!line.ends_with(' '), "{place}: trailing space");
        }
    }
}

/// README's table `where things live`: rows of | what | `file` | `function` |.
#[test]
fn the_readme_map_is_true() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let table = readme
        .split("## Where things live")
        .nth(1)
        .expect("the section");
    let mut rows = 0;
    for line in table
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
    {
        let names: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
        let [file, function] = names.as_slice() else {
            continue;
        };
        rows += 1;
        let text = std::fs::read_to_string(root().join(file))
            .unwrap_or_else(|_| panic!("README names {file}, which is not there"));
        assert!(
            text.contains(&format!("fn {function}(")),
            "README says `{function}` stands in {file}; it does not"
        );
    }
    assert!(rows >= 5, "the map has {rows} rows");
}

/// ARCHITECTURE's table of invariants: each names a test that exists, or says `not yet`.
#[test]
fn every_invariant_names_its_test() {
    let text = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("ARCHITECTURE");
    let all: String = sources()
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("a source file"))
        .collect();
    for number in 1..=12 {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("| I{number} ")))
            .unwrap_or_else(|| panic!("no row for I{number}"));
        let names: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        assert!(
            !names.is_empty() || row.contains("not yet"),
            "I{number} names no test"
        );
        for name in names {
            assert!(
                all.contains(&format!("fn {name}(")),
                "I{number} names `{name}`, which is no test"
            );
        }
    }
}

#[test]
fn every_folder_stands_in_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    for package in packages(&metadata(true)) {
        assert!(
            readme.contains(&format!("`{}/`", package.name)),
            "README does not say why {} exists",
            package.name
        );
    }
}

struct Package {
    name: String,
    licence: String,
    uses: Vec<Use>,
}

struct Use {
    name: String,
    local: bool,
    dev: bool,
}

fn metadata(only_ours: bool) -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--locked"]);
    if only_ours {
        cargo.arg("--no-deps");
    }
    let output = cargo.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

fn packages(metadata: &Value) -> Vec<Package> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    metadata["packages"]
        .as_array()
        .expect("a list of packages")
        .iter()
        .map(|package| Package {
            name: text(&package["name"]),
            licence: text(&package["license"]),
            uses: package["dependencies"]
                .as_array()
                .expect("a list of dependencies")
                .iter()
                .map(|used| Use {
                    name: text(&used["name"]),
                    local: used["path"].is_string(),
                    dev: used["kind"] == "dev",
                })
                .collect(),
        })
        .collect()
}

fn sources() -> Vec<PathBuf> {
    let skip: BTreeSet<&str> = ["target", "node_modules", ".git"].into();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root())
        .expect("the project's folder")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() && !skip.contains(entry.file_name().to_string_lossy().as_ref()) {
            found.extend(files_below(&path, "rs"));
        }
    }
    assert!(
        found.len() > 30,
        "no sources found: this test looks in the wrong place"
    );
    found
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            found.extend(files_below(&path, ending));
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found
}
