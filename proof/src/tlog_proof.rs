//! Proof files (c2sp.org/tlog-proof@v1): one entry, its path and the checkpoint, in one text file.
//!
//! The `extra` line carries the raw entry, so that the file needs nothing beside it but a key.
//! The format does not protect `extra`; here it is protected, because the path must start at its
//! leaf hash.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, base64_hash, decimal};
use crate::entry::{Entry, EntryError};
use crate::hash::{Hash, leaf_hash};
use crate::merkle::{Index, MerkleError, verify_inclusion};
use crate::note::VerifyingKey;

#[cfg(test)]
mod tests;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// No tree of 2^64 entries has a longer path.
const PATH_MAX: usize = 64;

/// A proof file, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// The raw entry, as it is in the ledger.
    pub entry: Vec<u8>,
    /// Its place in the ledger.
    pub index: Index,
    /// The audit path, from the leaf's sibling to the root's child.
    pub path: Vec<Hash>,
    /// The signed note of a checkpoint, verbatim.
    pub checkpoint: String,
}

/// What a proof file shows, once checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The entry.
    pub entry: Entry,
    /// Its place in the ledger.
    pub index: Index,
    /// The checkpoint that covers it.
    pub checkpoint: Checkpoint,
}

/// Why a proof file shows nothing.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlogProofError {
    /// A line is not what the format has in its place.
    #[error("line {line} of the proof should be {expected}")]
    Line {
        /// The line, counted from one.
        line: usize,
        /// What belongs there.
        expected: &'static str,
    },
    /// No empty line separates the path from the checkpoint.
    #[error("the proof has no empty line, so no checkpoint follows")]
    NoCheckpoint,
    /// The checkpoint does not hold.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The path does not hold.
    #[error(transparent)]
    Path(#[from] MerkleError),
    /// What was proven to be in the ledger is not an entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

impl TlogProof {
    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = format!(
            "{FIRST_LINE}\nextra {}\nindex {}\n",
            STANDARD.encode(&self.entry),
            self.index
        );
        for hash in &self.path {
            text.push_str(&STANDARD.encode(hash.as_bytes()));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads the text of a file. What it says is worth nothing before [`TlogProof::verify`].
    ///
    /// # Errors
    /// [`TlogProofError::Line`] or [`TlogProofError::NoCheckpoint`].
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        let (head, checkpoint) = text
            .split_once("\n\n")
            .ok_or(TlogProofError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let wrong = |line, expected| TlogProofError::Line { line, expected };

        if lines.next() != Some(FIRST_LINE) {
            return Err(wrong(1, "`c2sp.org/tlog-proof@v1`"));
        }
        let entry = lines
            .next()
            .and_then(|line| line.strip_prefix("extra "))
            .and_then(|encoded| STANDARD.decode(encoded).ok())
            .ok_or_else(|| wrong(2, "`extra` and the entry in base64"))?;
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(decimal)
            .ok_or_else(|| wrong(3, "`index` and a decimal number"))?;
        let path = lines
            .zip(4..)
            .map(|(line, number)| {
                let hash = if number < 4 + PATH_MAX {
                    base64_hash(line)
                } else {
                    None
                };
                hash.ok_or_else(|| wrong(number, "a hash in base64, of at most 64"))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            entry,
            index: Index::new(index),
            path,
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// Checks signature, path and entry. What remains to be trusted is `key`.
    ///
    /// # Errors
    /// [`TlogProofError::Checkpoint`], [`TlogProofError::Path`] or [`TlogProofError::Entry`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<Proven, TlogProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key)?;
        let leaf = leaf_hash(&self.entry);
        verify_inclusion(
            self.index,
            checkpoint.size,
            &leaf,
            &self.path,
            &checkpoint.root,
        )?;
        Ok(Proven {
            entry: Entry::decode(&self.entry)?,
            index: self.index,
            checkpoint,
        })
    }
}
