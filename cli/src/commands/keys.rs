//! `sluice keys new`: the only command that makes secrets.

use serde_json::json;

use crate::args::NewKeysArgs;
use crate::exit::{Blame as _, Exit, Failure, Outcome};
use crate::keys::{KeyError, Secret};
use crate::out::Out;

/// What the example configuration names.
const USUAL: [&str; 6] = [
    "ledger",
    "pseudonyms",
    "message-ids",
    "analytics-2026",
    "admin-operations",
    "web-shop",
];

/// Makes key files; one that exists is left alone, and nothing is made then.
///
/// # Errors
/// [`Exit::Malformed`] if a name is no file name or a key exists, [`Exit::Outside`] if the disk or
/// the system's randomness fails.
pub(super) fn new(args: &NewKeysArgs, out: Out) -> Outcome {
    let usual = || USUAL.iter().map(|name| (*name).to_owned()).collect();
    let names: Vec<String> = if args.names.is_empty() {
        usual()
    } else {
        args.names.clone()
    };
    let mut files = Vec::new();
    for name in &names {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(plain) {
            let message =
                format!("`{name}` is not the name of a key: use letters, digits, `-`, `_`");
            return Err(Failure::malformed(message));
        }
        let file = args.dir.join(format!("{name}.key"));
        if file.exists() {
            return Err(Failure::malformed(KeyError::Exists(file)));
        }
        files.push(file);
    }
    std::fs::create_dir_all(&args.dir).or_outside("making the directory")?;
    for file in &files {
        let key = Secret::random().or_outside("making a key")?;
        key.write(file).or_outside("writing a key")?;
        let shown = file.display().to_string();
        out.print(&shown, &json!({ "file": shown }))?;
    }
    out.say("Keep copies: a lost ledger key ends the ledger, a lost pseudonym key every record.")?;
    Ok(Exit::Done)
}
