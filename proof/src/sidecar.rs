//! Sidecars, schema v1: what may be known beside an entry until somebody erases it.
//!
//! The list is closed. It has no values, no addresses and no URLs, so that the sidecars do not
//! become the largest profile in the company. The tree holds only a commitment to the sidecar:
//! when salt and payload are gone, what remains in the tree can be linked to nobody.

use std::fmt;

use thiserror::Error;

use crate::cbor::{CborError, MapReader, MapWriter, Reader, Writer};

mod commitment;

#[cfg(test)]
mod tests;

pub use commitment::{Commitment, Opening, commit, commit_sent};

/// The schema version this crate writes and reads.
pub const SIDECAR_VERSION: u64 = 1;
/// The longest text in a sidecar, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 200;
/// The most items of a list in a sidecar.
pub const ITEMS_MAX: usize = 1024;
/// The longest bit set of facts, in bytes.
pub const FACT_BYTES_MAX: usize = 1024;

// The keys of the map, in their order.
const VERSION: u64 = 0;
const OCCURRED: u64 = 1;
const DECIDED: u64 = 2;
const FACTS_LAYOUT: u64 = 3;
const FACTS_BITS: u64 = 4;
const CLAUSES: u64 = 5;
const EDITS: u64 = 6;
const RECORDS: u64 = 7;
const OWNER: u64 = 8;
const SENT: u64 = 9;

/// The payload that a commitment opens to.
///
/// `Debug` shows nothing of it: it belongs to a person.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sidecar {
    /// When it happened, by the event's own account: Unix milliseconds.
    pub occurred_ms: Option<u64>,
    /// When it was decided: Unix milliseconds.
    pub decided_ms: u64,
    /// The facts known then, independent of any policy.
    pub facts: Option<FactBits>,
    /// The labels of the clauses that took part.
    pub clauses: Vec<String>,
    /// What was done to which path.
    pub edits: Vec<Edit>,
    /// The consent records that were relied on.
    pub records: Vec<[u8; 16]>,
    /// Under which owner's key this payload is kept; a random reference, never an identifier.
    pub owner: Option<[u8; 16]>,
    /// The commitment to the bytes that were sent; see [`commit_sent`].
    pub sent: Option<Commitment>,
}

/// Facts as bits, in a layout that has a version.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct FactBits {
    /// The version of the layout, which says what each bit means.
    pub layout: u64,
    /// The bits. Opaque here.
    pub bits: Vec<u8>,
}

/// One edit: where, of what category, and how, in the policy's words.
#[derive(Clone, PartialEq, Eq)]
pub struct Edit {
    /// The path pattern of the policy, such as `properties.email`; never the event's own key.
    pub path: String,
    /// The category that the policy gives this path.
    pub category: String,
    /// The edit, such as `leave out` or `shorten IP`.
    pub words: String,
}

/// Why bytes are not a sidecar, or a sidecar cannot be written. Says nothing of the content.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SidecarError {
    /// The bytes are not the one encoding a sidecar has.
    #[error("the sidecar is not in deterministic CBOR: {0}")]
    Cbor(#[from] CborError),
    /// The sidecar is of a schema that this program does not know.
    #[error("the sidecar has schema version {0}, but only {SIDECAR_VERSION} is known here")]
    Version(u64),
    /// A text, list or bit set is longer than the schema allows.
    #[error("the {0} in the sidecar are longer than the schema allows")]
    TooLong(&'static str),
}

impl Sidecar {
    /// The one encoding of this sidecar.
    ///
    /// # Errors
    /// [`SidecarError::TooLong`].
    pub fn encode(&self) -> Result<Vec<u8>, SidecarError> {
        let mut map = MapWriter::default();
        map.key(VERSION).uint(SIDECAR_VERSION);
        if let Some(occurred_ms) = self.occurred_ms {
            map.key(OCCURRED).uint(occurred_ms);
        }
        map.key(DECIDED).uint(self.decided_ms);
        if let Some(facts) = &self.facts {
            at_most(FACT_BYTES_MAX, facts.bits.len(), "facts")?;
            map.key(FACTS_LAYOUT).uint(facts.layout);
            map.key(FACTS_BITS).bytes(&facts.bits);
        }
        write_list(
            map.key(CLAUSES),
            "clauses",
            &self.clauses,
            |writer, clause| write_text(writer, "clauses", clause),
        )?;
        write_list(map.key(EDITS), "edits", &self.edits, |writer, edit| {
            writer.array(3);
            write_text(writer, "edits", &edit.path)?;
            write_text(writer, "edits", &edit.category)?;
            write_text(writer, "edits", &edit.words)
        })?;
        write_list(
            map.key(RECORDS),
            "record ids",
            &self.records,
            |writer, record| {
                writer.bytes(record);
                Ok(())
            },
        )?;
        if let Some(owner) = &self.owner {
            map.key(OWNER).bytes(owner);
        }
        if let Some(sent) = &self.sent {
            map.key(SENT).bytes(sent.as_bytes());
        }
        Ok(map.finish())
    }

    /// Reads a sidecar, if `payload` is its one encoding.
    ///
    /// # Errors
    /// Any [`SidecarError`].
    pub fn decode(payload: &[u8]) -> Result<Self, SidecarError> {
        let mut reader = Reader::new(payload);
        let mut map = reader.map()?;
        let version = map.required(VERSION)?.uint()?;
        if version != SIDECAR_VERSION {
            return Err(SidecarError::Version(version));
        }
        let sidecar = Self {
            occurred_ms: map.optional(OCCURRED)?.map(Reader::uint).transpose()?,
            decided_ms: map.required(DECIDED)?.uint()?,
            facts: read_facts(&mut map)?,
            clauses: read_list(map.required(CLAUSES)?, "clauses", |reader| {
                read_text(reader, "clauses")
            })?,
            edits: read_list(map.required(EDITS)?, "edits", read_edit)?,
            records: read_list(map.required(RECORDS)?, "record ids", |reader| {
                Ok(reader.fixed()?)
            })?,
            owner: map.optional(OWNER)?.map(Reader::fixed).transpose()?,
            sent: map
                .optional(SENT)?
                .map(Reader::fixed)
                .transpose()?
                .map(Commitment::from_bytes),
        };
        map.end()?;
        reader.end()?;
        Ok(sidecar)
    }
}

impl fmt::Debug for Sidecar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sidecar").finish_non_exhaustive()
    }
}

impl fmt::Debug for FactBits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FactBits")
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit").finish_non_exhaustive()
    }
}

fn read_facts(map: &mut MapReader<'_, '_>) -> Result<Option<FactBits>, SidecarError> {
    let Some(layout) = map.optional(FACTS_LAYOUT)?.map(Reader::uint).transpose()? else {
        return Ok(None);
    };
    let bits = map.required(FACTS_BITS)?.bytes()?;
    at_most(FACT_BYTES_MAX, bits.len(), "facts")?;
    Ok(Some(FactBits {
        layout,
        bits: bits.to_vec(),
    }))
}

fn read_edit(reader: &mut Reader<'_>) -> Result<Edit, SidecarError> {
    if reader.array()? != 3 {
        return Err(CborError::Length.into());
    }
    Ok(Edit {
        path: read_text(reader, "edits")?,
        category: read_text(reader, "edits")?,
        words: read_text(reader, "edits")?,
    })
}

fn write_list<T>(
    writer: &mut Writer,
    field: &'static str,
    items: &[T],
    write: impl Fn(&mut Writer, &T) -> Result<(), SidecarError>,
) -> Result<(), SidecarError> {
    at_most(ITEMS_MAX, items.len(), field)?;
    writer.array(items.len());
    items.iter().try_for_each(|item| write(writer, item))
}

fn read_list<T>(
    reader: &mut Reader<'_>,
    field: &'static str,
    read: impl Fn(&mut Reader<'_>) -> Result<T, SidecarError>,
) -> Result<Vec<T>, SidecarError> {
    let count = reader.array()?;
    at_most(ITEMS_MAX, count, field)?;
    (0..count).map(|_| read(reader)).collect()
}

fn write_text(writer: &mut Writer, field: &'static str, text: &str) -> Result<(), SidecarError> {
    at_most(TEXT_BYTES_MAX, text.len(), field)?;
    writer.text(text);
    Ok(())
}

fn read_text(reader: &mut Reader<'_>, field: &'static str) -> Result<String, SidecarError> {
    let text = reader.text()?;
    at_most(TEXT_BYTES_MAX, text.len(), field)?;
    Ok(text.to_owned())
}

fn at_most(max: usize, length: usize, field: &'static str) -> Result<(), SidecarError> {
    if length > max {
        Err(SidecarError::TooLong(field))
    } else {
        Ok(())
    }
}
