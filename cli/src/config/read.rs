//! From the document to the configuration, section by section.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateway::config as wire;
use policy::Policy;

use super::document::{self, Entry, Value};
use super::section::{Problems, Section, Written};
use super::{AdminKeyFile, Config, KeyFiles, Origin, Problem, Reading, wires};

/// Reads a text, and the policy that it names.
pub(super) fn read(file: &Path, text: String, variables: &[(String, String)]) -> Reading {
    let (entries, mut problems) = document::read(&text, variables);
    if !problems.is_empty() {
        // What a broken text seems to say is no ground for further complaints.
        return Reading {
            file: file.to_owned(),
            text,
            problems,
            policy: None,
            config: None,
        };
    }
    let base = file.parent().unwrap_or_else(|| Path::new("")).to_owned();
    let mut root = Section::root(&entries);
    let draft = Draft::read(&mut root, &base, &mut problems);
    root.finish(&mut problems);
    let (policy, report) = match draft.policy_file.as_ref().map(compile) {
        None => (None, None),
        Some(Ok(policy)) => (Some(policy), None),
        Some(Err(Uncompiled::Unreadable(problem))) => {
            problems.push(problem);
            (None, None)
        }
        Some(Err(Uncompiled::Invalid(report))) => (None, Some(report)),
    };
    if let (Some(policy), Some(gateway)) = (&policy, &draft.gateway) {
        let faults = wire::validate(gateway, policy);
        problems.extend(faults.into_iter().map(|fault| {
            let origin = place(&entries, &fault.at);
            Problem::new(&origin, fault.what).help(fault.mend)
        }));
        missing_edit_keys(
            policy,
            &draft,
            &root_origin(&entries, "keys"),
            &mut problems,
        );
    }
    problems.sort();
    problems.dedup();
    let config = match (problems.is_empty(), policy) {
        (true, Some(policy)) => draft.finish(policy),
        (false, _) | (true, None) => None,
    };
    Reading {
        file: file.to_owned(),
        text,
        problems,
        policy: report,
        config,
    }
}

/// What could be read; whatever is missing has been complained about.
struct Draft {
    policy_file: Option<Written<PathBuf>>,
    data: Option<PathBuf>,
    origin: Option<String>,
    keys: Option<KeyFiles>,
    admin: Option<std::net::SocketAddr>,
    admin_keys: Vec<AdminKeyFile>,
    gateway: Option<wire::Config>,
    route_keys: Vec<super::RouteKeys>,
}

impl Draft {
    fn read(root: &mut Section<'_>, base: &Path, problems: &mut Problems) -> Self {
        let mut section = root.table("policy", problems);
        let policy_file = section.must_path("file", base, problems);
        section.finish(problems);

        let mut section = root.table("data", problems);
        let data = section
            .must_path("dir", base, problems)
            .map(|dir| dir.value);
        section.finish(problems);

        let mut section = root.table("ledger", problems);
        let origin = section.must_text("origin", problems);
        section.finish(problems);
        let origin = origin.and_then(|origin| origin_name(&origin, problems));

        let keys = keys(root, base, problems);
        let (admin, admin_keys) = admin(root, base, problems);
        let (gateway, route_keys) = wires::read(root, base, problems);
        Self {
            policy_file,
            data,
            origin,
            keys,
            admin,
            admin_keys,
            gateway,
            route_keys,
        }
    }

    fn finish(self, policy: Arc<Policy>) -> Option<Config> {
        Some(Config {
            policy_file: self.policy_file?.value,
            policy,
            data: self.data?,
            origin: self.origin?,
            keys: self.keys?,
            admin: self.admin?,
            admin_keys: self.admin_keys,
            gateway: self.gateway?,
            route_keys: self.route_keys,
        })
    }
}

/// The name of a note's key: no space and no plus (c2sp.org/signed-note).
fn origin_name(origin: &Written<String>, problems: &mut Problems) -> Option<String> {
    let refused = |letter: char| letter.is_whitespace() || letter == '+' || letter.is_control();
    if origin.value.contains(refused) {
        let message = "`origin` must have no space and no plus";
        let problem = Problem::new(&origin.origin, message);
        problems.push(problem.help("write it like `shop.example/sluice`"));
        return None;
    }
    Some(origin.value.clone())
}

fn keys(root: &mut Section<'_>, base: &Path, problems: &mut Problems) -> Option<KeyFiles> {
    let mut section = root.table("keys", problems);
    let ledger = section.must_path("ledger", base, problems);
    let pseudonyms = section.must_path("pseudonyms", base, problems);
    let message_ids = section.must_path("message_ids", base, problems);
    let mut edits = Vec::new();
    for (name, file) in section.texts("edits", problems) {
        edits.push((name, base.join(file)));
    }
    section.finish(problems);
    Some(KeyFiles {
        ledger: ledger?.value,
        pseudonyms: pseudonyms?.value,
        message_ids: message_ids?.value,
        edits,
    })
}

fn admin(
    root: &mut Section<'_>,
    base: &Path,
    problems: &mut Problems,
) -> (Option<std::net::SocketAddr>, Vec<AdminKeyFile>) {
    let mut section = root.table("admin", problems);
    let listen = section
        .must_address("listen", problems)
        .map(|listen| listen.value);
    let mut keys: Vec<AdminKeyFile> = Vec::new();
    for mut key in section.tables("keys", problems) {
        let owner = key.must_text("owner", problems);
        let file = key.must_path("file", base, problems);
        key.finish(problems);
        let (Some(owner), Some(file)) = (owner, file) else {
            continue;
        };
        if keys.iter().any(|other| other.owner == owner.value) {
            let message = format!("`{}` has a key already", owner.value);
            let help = "one key an owner: two people must be told apart";
            problems.push(Problem::new(&owner.origin, message).help(help));
        }
        keys.push(AdminKeyFile {
            owner: owner.value,
            file: file.value,
        });
    }
    if keys.is_empty() {
        let message = "nobody may use the admin API";
        let help = "add `[[admin.keys]]` with `owner` and `file`";
        problems.push(Problem::new(section.origin(), message).help(help));
    }
    section.finish(problems);
    (listen, keys)
}

enum Uncompiled {
    Unreadable(Problem),
    Invalid(policy::diagnostic::Report),
}

fn compile(file: &Written<PathBuf>) -> Result<Arc<Policy>, Uncompiled> {
    let text = std::fs::read_to_string(&file.value).map_err(|error| {
        let message = format!(
            "the policy `{}` cannot be read: {error}",
            file.value.display()
        );
        Uncompiled::Unreadable(Problem::new(&file.origin, message))
    })?;
    Policy::compile(&file.value, &text)
        .map(Arc::new)
        .map_err(Uncompiled::Invalid)
}

fn missing_edit_keys(policy: &Policy, draft: &Draft, origin: &Origin, problems: &mut Problems) {
    let Some(keys) = &draft.keys else {
        return;
    };
    let has = |name: &str| keys.edits.iter().any(|(own, _)| own == name);
    for name in policy.keys().iter().filter(|name| !has(name)) {
        let message = format!("an edit of the policy needs the key `{name}`, which has no file");
        let help = format!("add `\"{name}\" = \"keys/{name}.key\"` under `[keys.edits]`");
        problems.push(Problem::new(origin, message).help(help));
    }
}

fn root_origin(entries: &[Entry], key: &str) -> Origin {
    let found = entries.iter().find(|entry| entry.key == key);
    found.map_or(Origin::File(0, 0), |entry| entry.origin.clone())
}

/// Where `routes[0].flows[1].upstream` was written, or the nearest thing around it.
fn place(entries: &[Entry], path: &str) -> Origin {
    let mut origin = Origin::File(0, 0);
    let mut entries = entries;
    for step in path.split('.') {
        let (key, index) = match step.split_once('[') {
            Some((key, rest)) => (key, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (step, None),
        };
        let in_ms = format!("{key}_ms");
        let Some(entry) = entries
            .iter()
            .find(|entry| entry.key == key || entry.key == in_ms)
        else {
            return origin;
        };
        let node = match (&entry.node.value, index) {
            (Value::List(items), Some(index)) => items.get(index).unwrap_or(&entry.node),
            (Value::Text(_), _)
            | (Value::Integer(_), _)
            | (Value::Bool, _)
            | (Value::List(_), None)
            | (Value::Table(_), _)
            | (Value::Other(_), _) => &entry.node,
        };
        origin = node.origin.clone();
        match &node.value {
            Value::Table(inner) => entries = inner,
            Value::Text(_) | Value::Integer(_) | Value::Bool | Value::List(_) | Value::Other(_) => {
                return origin;
            }
        }
    }
    origin
}
