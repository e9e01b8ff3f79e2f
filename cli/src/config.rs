//! The configuration, `sluice.toml`: engineers' wires to the policy's names. Nothing of the law.
//!
//! Reading it finds everything that is wrong in one run, here, in the policy it names, and between
//! the two. Keys are files; only their paths are read here, so that `sluice check` needs no secret.

mod document;
mod problem;
mod read;
mod secrets;
mod section;
mod wires;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gateway::config as wire;
use policy::Policy;

use crate::exit::{Blame as _, Failure};
use problem::{Origin, Problem};

pub(crate) use secrets::Secrets;

/// A configuration that holds together.
#[derive(Debug)]
pub(crate) struct Config {
    /// Where the policy's text is.
    pub policy_file: PathBuf,
    /// The policy.
    pub policy: Arc<Policy>,
    /// Where the database and the reserve file are.
    pub data: PathBuf,
    /// The ledger's name: the first line of its checkpoints, and the name of its key.
    pub origin: String,
    /// Where the keys are.
    pub keys: KeyFiles,
    /// Where the admin API listens.
    pub admin: SocketAddr,
    /// Who may use it.
    pub admin_keys: Vec<AdminKeyFile>,
    /// The data plane. Write keys stand for their files until [`Config::secrets`] reads them.
    pub gateway: wire::Config,
    /// Files of write keys, in the order of the routes.
    pub route_keys: Vec<RouteKeys>,
}

/// Where the house's own keys are.
#[derive(Clone, Debug)]
pub(crate) struct KeyFiles {
    /// Signs checkpoints.
    pub ledger: PathBuf,
    /// Turns identifiers into pseudonyms.
    pub pseudonyms: PathBuf,
    /// Re-keys message ids for each recipient.
    pub message_ids: PathBuf,
    /// Keys that the policy's edits name.
    pub edits: Vec<(String, PathBuf)>,
}

/// An admin key and the person it stands for.
#[derive(Clone, Debug)]
pub(crate) struct AdminKeyFile {
    /// Whose it is; recorded with what they do.
    pub owner: String,
    /// The file.
    pub file: PathBuf,
}

/// Key files of one route.
#[derive(Clone, Debug, Default)]
pub(crate) struct RouteKeys {
    /// What clients may present.
    pub write_keys: Vec<PathBuf>,
    /// Our own keys at the recipients, one place a flow.
    pub flows: Vec<Option<PathBuf>>,
}

/// What was read, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The file.
    pub file: PathBuf,
    /// Its text.
    text: String,
    /// What is wrong in the file, sorted by place.
    problems: Vec<Problem>,
    /// What is wrong in the policy, where it can be read.
    pub policy: Option<policy::diagnostic::Report>,
    /// The configuration, if nothing is wrong.
    pub config: Option<Config>,
}

impl Reading {
    /// Reads a configuration and the policy it names.
    ///
    /// # Errors
    /// [`Exit::Malformed`](crate::exit::Exit::Malformed) if there is no such file: what is wrong
    /// inside is not an error of reading.
    pub(crate) fn of(file: &Path, variables: &[(String, String)]) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(file)
            .or_malformed(format!("reading the configuration `{}`", file.display()))?;
        Ok(read::read(file, text, variables))
    }

    /// What is wrong, as people read it, one text each.
    pub(crate) fn told(&self) -> Vec<String> {
        let own = self
            .problems
            .iter()
            .map(|problem| problem.render(&self.file, &self.text));
        let policy = self.policy.iter().map(|report| report.render(false));
        own.chain(policy).collect()
    }

    /// What is wrong in the file itself, as programs read it.
    pub(crate) fn told_json(&self) -> Vec<problem::Told<'_>> {
        self.problems
            .iter()
            .map(|problem| problem.told(&self.file, &self.text))
            .collect()
    }

    /// The configuration, or everything that is wrong.
    ///
    /// # Errors
    /// [`Exit::Malformed`](crate::exit::Exit::Malformed).
    pub(crate) fn into_config(mut self) -> Result<Config, Failure> {
        self.config.take().ok_or_else(|| {
            for told in self.told() {
                crate::out::complain(&told);
            }
            Failure::malformed(format!("`{}` cannot be used", self.file.display()))
        })
    }
}

impl Config {
    /// Every key file the configuration names, each once.
    pub(crate) fn key_files(&self) -> Vec<&Path> {
        let own = [
            &self.keys.ledger,
            &self.keys.pseudonyms,
            &self.keys.message_ids,
        ];
        let edits = self.keys.edits.iter().map(|(_, file)| file);
        let admin = self.admin_keys.iter().map(|key| &key.file);
        let routes = self.route_keys.iter().flat_map(|route| {
            route
                .write_keys
                .iter()
                .chain(route.flows.iter().filter_map(Option::as_ref))
        });
        let all = own.into_iter().chain(edits).chain(admin).chain(routes);
        let mut files: Vec<&Path> = all.map(PathBuf::as_path).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

#[cfg(test)]
mod tests;
