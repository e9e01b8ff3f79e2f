//! Where the demo keeps its database, keys, policy and pack.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proof::note::SigningKey;

use super::shop::{EDIT_KEY, POLICY};
use crate::config::Secrets;
use crate::exit::{Blame as _, Failure};
use crate::keys::{Secret, hex};

/// The ledger's name.
pub(super) const ORIGIN: &str = "shop.example/sluice-demo";

/// A directory of the demo's own.
#[derive(Debug)]
pub(super) struct Place {
    /// The directory.
    pub dir: PathBuf,
    /// Whether the person named it.
    pub named: bool,
    /// What the shop presents to the gateway.
    pub write_key: Secret,
    /// What the demo presents to the admin API.
    pub admin_key: Secret,
}

impl Place {
    /// Makes the directory, or takes an empty one.
    ///
    /// # Errors
    /// [`Exit::Malformed`](crate::exit::Exit::Malformed) if it holds something,
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if the disk fails.
    pub(super) fn make(named: Option<PathBuf>) -> Result<Self, Failure> {
        let is_named = named.is_some();
        let dir = match named {
            Some(dir) => dir,
            None => temporary()?,
        };
        let doing = || format!("making the directory `{}`", dir.display());
        fs::create_dir_all(&dir).or_outside(doing())?;
        if fs::read_dir(&dir).or_outside(doing())?.next().is_some() {
            let message = format!(
                "`{}` is not empty; name a new or empty directory",
                dir.display()
            );
            return Err(Failure::malformed(message));
        }
        fs::create_dir(dir.join("keys")).or_outside(doing())?;
        fs::write(dir.join("shop.policy"), POLICY).or_outside(doing())?;
        let write_key = fresh(&dir, "web-shop")?;
        let admin_key = fresh(&dir, "admin-demo")?;
        Ok(Self {
            dir,
            named: is_named,
            write_key,
            admin_key,
        })
    }

    /// Makes the keys of the house.
    ///
    /// # Errors
    /// As [`Place::make`].
    pub(super) fn secrets(&self) -> Result<Secrets, Failure> {
        let ledger = fresh(&self.dir, "ledger")?;
        let edits = BTreeMap::from([(
            EDIT_KEY.to_owned(),
            fresh(&self.dir, EDIT_KEY)?.bytes().to_vec(),
        )]);
        let message_ids = fresh(&self.dir, "message-ids")?;
        Ok(Secrets {
            ledger: SigningKey::from_seed(ORIGIN, ledger.bytes())
                .or_outside("making the ledger's key")?,
            pseudonyms: fresh(&self.dir, "pseudonyms")?,
            edits: gateway::Keys::new(edits, message_ids.bytes()),
            admin: vec![console::AdminKey::new("demo", &self.admin_key.token())],
        })
    }

    /// The pack that is exported at the end.
    pub(super) fn pack(&self) -> PathBuf {
        self.dir.join("demo.pack")
    }
}

fn fresh(dir: &Path, name: &str) -> Result<Secret, Failure> {
    let key = Secret::random().or_outside("making a key")?;
    key.write(&dir.join("keys").join(format!("{name}.key")))
        .or_outside("keeping a key")?;
    Ok(key)
}

/// A new directory below the system's own for such things, with a name nobody guesses.
fn temporary() -> Result<PathBuf, Failure> {
    let random = Secret::random().or_outside("naming a directory")?;
    let name: String = hex(random.bytes()).chars().take(12).collect();
    Ok(std::env::temp_dir().join(format!("sluice-demo-{name}")))
}
