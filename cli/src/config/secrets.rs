//! Reads the key files that a configuration names. Only `serve` needs them.

use std::collections::BTreeMap;
use std::path::Path;

use gateway::config::{KeyDigest, Secret as Text};
use proof::note::SigningKey;

use super::Config;
use crate::exit::{Blame as _, Failure};
use crate::keys::Secret;

/// Every secret a running gateway holds.
#[derive(Debug)]
pub(crate) struct Secrets {
    /// Signs checkpoints.
    pub ledger: SigningKey,
    /// Turns identifiers into pseudonyms.
    pub pseudonyms: Secret,
    /// Edits' keys, and the key of message ids.
    pub edits: gateway::Keys,
    /// Digests of the admin keys, with their owners.
    pub admin: Vec<console::AdminKey>,
}

impl Config {
    /// Reads every key file, and puts write keys into the routes.
    ///
    /// # Errors
    /// [`Exit::Malformed`](crate::exit::Exit::Malformed), with all files that are of no use.
    pub(crate) fn secrets(&mut self) -> Result<Secrets, Failure> {
        let useless: Vec<String> = self
            .key_files()
            .iter()
            .filter_map(|file| Secret::read(file).err())
            .map(|error| error.to_string())
            .collect();
        if !useless.is_empty() {
            return Err(Failure::malformed(useless.join("\nerror: ")));
        }
        for (route, files) in self.gateway.routes.iter_mut().zip(&self.route_keys) {
            let digests = files.write_keys.iter().map(|file| digest(file));
            route.write_keys = digests.collect::<Result<_, _>>()?;
            for (flow, file) in route.flows.iter_mut().zip(&files.flows) {
                let key = file.as_deref().map(secret).transpose()?;
                flow.write_key = key.map(|key| Text::new(key.token()));
            }
        }
        let mut edits = BTreeMap::new();
        for (name, file) in &self.keys.edits {
            edits.insert(name.clone(), secret(file)?.bytes().to_vec());
        }
        let mut admin = Vec::new();
        for key in &self.admin_keys {
            admin.push(console::AdminKey::new(
                key.owner.clone(),
                &secret(&key.file)?.token(),
            ));
        }
        let seed = secret(&self.keys.ledger)?;
        Ok(Secrets {
            ledger: SigningKey::from_seed(&self.origin, seed.bytes())
                .or_malformed("making the ledger's key")?,
            pseudonyms: secret(&self.keys.pseudonyms)?,
            edits: gateway::Keys::new(edits, secret(&self.keys.message_ids)?.bytes()),
            admin,
        })
    }
}

fn secret(file: &Path) -> Result<Secret, Failure> {
    Secret::read(file).or_malformed("reading a key")
}

fn digest(file: &Path) -> Result<KeyDigest, Failure> {
    Ok(KeyDigest::of(secret(file)?.token().as_bytes()))
}
