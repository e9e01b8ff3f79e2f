//! Entries, schema v1: what a leaf of the ledger says. Never anything about a person.
//!
//! A leaf holds metadata that is not personal, and a commitment to a sidecar that can be deleted.
//! An entry has exactly one encoding; the decoder accepts no other. `docs/LEDGER.md` dissects one.

use std::fmt;

use thiserror::Error;

use crate::cbor::{CborError, MapWriter, Reader};
use crate::hash::{self, Hash};
use crate::sidecar::Commitment;

mod body;
mod codes;
mod wire;

#[cfg(test)]
mod tests;

pub use body::Body;
pub use codes::{DeliveryOutcome, Kind, RightsAct, Stage, SwitchState, SwitchWhat, Verdict};

/// The schema version this crate writes and reads.
pub const ENTRY_VERSION: u64 = 1;
/// The longest text in an entry, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 200;
/// The most clauses one decision names.
pub const CLAUSES_MAX: usize = 16;

// The keys that entries of every kind share. The keys of a kind start at 8 (`wire`).
const VERSION: u64 = 0;
const KIND: u64 = 1;
const SECOND: u64 = 2;
const ID: u64 = 3;
const COMMITMENT: u64 = 4;

/// One leaf of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The Unix second of the batch. Never finer: an exact time would match web server logs.
    pub second: u64,
    /// A random id, by which a receipt or a log line names the entry.
    pub id: EntryId,
    /// What the deletable sidecar must open, where there is one.
    pub commitment: Option<Commitment>,
    /// What happened.
    pub body: Body,
}

/// A random 128-bit name of an entry. It is derived from nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId([u8; 16]);

/// Why bytes are not an entry, or an entry cannot be written.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryError {
    /// The bytes are not the one encoding an entry has.
    #[error("the entry is not in deterministic CBOR: {0}")]
    Cbor(#[from] CborError),
    /// The entry is of a schema that this program does not know.
    #[error("the entry has schema version {0}, but only {ENTRY_VERSION} is known here")]
    Version(u64),
    /// A code has no meaning in this schema.
    #[error("the {field} has the unknown code {code}")]
    Code {
        /// Which field.
        field: &'static str,
        /// The code found.
        code: u64,
    },
    /// A text is longer than the schema allows.
    #[error("the {field} has {bytes} bytes, more than {TEXT_BYTES_MAX}")]
    TextTooLong {
        /// Which field.
        field: &'static str,
        /// Its length in bytes.
        bytes: usize,
    },
    /// A text has a control character, which could disturb a terminal or a report.
    #[error("the {0} has a control character")]
    TextControl(&'static str),
    /// A decision names more clauses than the schema allows.
    #[error("the decision names {0} clauses, more than {CLAUSES_MAX}")]
    TooManyClauses(usize),
}

impl Entry {
    /// What sort of entry it is.
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }

    /// The one encoding of this entry.
    ///
    /// # Errors
    /// [`EntryError::TextTooLong`], [`EntryError::TextControl`] or [`EntryError::TooManyClauses`].
    pub fn encode(&self) -> Result<Vec<u8>, EntryError> {
        let mut map = MapWriter::default();
        map.key(VERSION).uint(ENTRY_VERSION);
        map.key(KIND).uint(self.kind().code());
        map.key(SECOND).uint(self.second);
        map.key(ID).bytes(self.id.as_bytes());
        if let Some(commitment) = &self.commitment {
            map.key(COMMITMENT).bytes(commitment.as_bytes());
        }
        self.body.write(&mut map)?;
        Ok(map.finish())
    }

    /// Reads an entry, if `bytes` are its one encoding.
    ///
    /// # Errors
    /// Any [`EntryError`]: unknown version, kind, code or key; another encoding; trailing bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, EntryError> {
        let mut reader = Reader::new(bytes);
        let mut map = reader.map()?;
        let version = map.required(VERSION)?.uint()?;
        if version != ENTRY_VERSION {
            return Err(EntryError::Version(version));
        }
        let code = map.required(KIND)?.uint()?;
        let kind = Kind::from_code(code).ok_or(EntryError::Code {
            field: "kind",
            code,
        })?;
        let second = map.required(SECOND)?.uint()?;
        let id = EntryId::from_bytes(map.required(ID)?.fixed()?);
        let commitment = match map.optional(COMMITMENT)? {
            Some(value) => Some(Commitment::from_bytes(value.fixed()?)),
            None => None,
        };
        let body = Body::read(kind, &mut map)?;
        map.end()?;
        reader.end()?;
        Ok(Self {
            second,
            id,
            commitment,
            body,
        })
    }

    /// The hash of this entry as a leaf of the tree.
    ///
    /// # Errors
    /// As [`Entry::encode`].
    pub fn leaf_hash(&self) -> Result<Hash, EntryError> {
        Ok(hash::leaf_hash(&self.encode()?))
    }
}

impl EntryId {
    /// Takes 16 random bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads what `Display` writes: 32 lower case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() != 32 || !digits {
            return None;
        }
        u128::from_str_radix(text, 16)
            .ok()
            .map(|number| Self(number.to_be_bytes()))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
