//! Secrets as files: one secret a file, 32 random bytes as 64 hexadecimal digits and a newline.
//!
//! `sluice keys new DIR` makes them, readable by their owner only. Nothing but the demo ever writes
//! one besides, and a missing one is an error that says so: a key made in passing is a key nobody
//! has a copy of.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom as _, SystemRandom};
use thiserror::Error;

/// 32 secret bytes. Neither printed nor compared in the open.
#[derive(Clone)]
pub(crate) struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a key file is of no use.
#[derive(Debug, Error)]
pub(crate) enum KeyError {
    /// There is no such file.
    #[error("no key file `{}`; `sluice keys new {}` makes it", .0.display(), folder(.0).display())]
    Missing(PathBuf),
    /// The file holds something else.
    #[error("`{}` is not a key: it must hold 64 hexadecimal digits and a newline", .0.display())]
    Form(PathBuf),
    /// Others may read the file.
    #[error("`{}` may be read by others; `chmod 600` it", .0.display())]
    Open(PathBuf),
    /// A key is never overwritten.
    #[error("`{}` exists already, and a key is never overwritten", .0.display())]
    Exists(PathBuf),
    /// The system has no randomness to give.
    #[error("the system gave no random bytes")]
    Random,
    /// The file cannot be read or written.
    #[error("key file `{}`", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Secret {
    /// Fresh random bytes.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub(crate) fn random() -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| KeyError::Random)?;
        Ok(Self(bytes))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError::Missing`], [`KeyError::Open`], [`KeyError::Form`] or [`KeyError::File`].
    pub(crate) fn read(path: &Path) -> Result<Self, KeyError> {
        let text = fs::read_to_string(path).map_err(|source| {
            if source.kind() == ErrorKind::NotFound {
                KeyError::Missing(path.to_owned())
            } else if source.kind() == ErrorKind::InvalidData {
                KeyError::Form(path.to_owned())
            } else {
                KeyError::File {
                    path: path.to_owned(),
                    source,
                }
            }
        })?;
        must_be_private(path)?;
        parse_hex(text.trim_end())
            .map(Self)
            .ok_or_else(|| KeyError::Form(path.to_owned()))
    }

    /// Writes a key file that did not exist, readable by its owner only, and makes it durable.
    ///
    /// # Errors
    /// [`KeyError::Exists`] or [`KeyError::File`].
    pub(crate) fn write(&self, path: &Path) -> Result<(), KeyError> {
        let failed = |source| KeyError::File {
            path: path.to_owned(),
            source,
        };
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|source| {
            if source.kind() == ErrorKind::AlreadyExists {
                KeyError::Exists(path.to_owned())
            } else {
                failed(source)
            }
        })?;
        file.write_all(format!("{}\n", self.token()).as_bytes())
            .map_err(failed)?;
        file.sync_all().map_err(failed)
    }

    /// The secret bytes.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The secret as it is presented: as a bearer key, or as a write key.
    pub(crate) fn token(&self) -> String {
        hex(&self.0)
    }
}

/// Lower case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."))
}

#[cfg(unix)]
fn must_be_private(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let failed = |source| KeyError::File {
        path: path.to_owned(),
        source,
    };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(KeyError::Open(path.to_owned()))
    }
}

#[cfg(not(unix))]
fn must_be_private(_path: &Path) -> Result<(), KeyError> {
    Ok(())
}

#[cfg(test)]
mod tests;
