//! Export packs, v1: a whole ledger as lines of JSON that anyone can check without us.
//!
//! First the manifest, then one line an entry, last the signed checkpoint. Nothing in a pack is
//! outside the checks: each entry is under the root, each opening under its entry, the root under
//! the signature, and the manifest says nothing that these do not say.

use std::io;

use thiserror::Error;

use crate::checkpoint::CheckpointError;
use crate::entry::EntryError;
use crate::merkle::{Index, Size};
use crate::note::NoteError;
use crate::sidecar::SidecarError;

mod line;
mod verify;
mod write;

#[cfg(test)]
mod tests;

pub use verify::{Report, verify};
pub use write::PackWriter;

/// The format version this crate writes and reads.
pub const PACK_VERSION: u64 = 1;

/// What a pack is about. The text is fixed, so that no pack can claim more.
pub const SCOPE: &str = "every entry of this ledger from the first to the size stated; \
    what the gateway recorded, for data as declared at the policy's paths; \
    nothing about data that did not pass through it";

/// Why a pack does not verify: the line, and what is wrong there.
#[derive(Debug, Error)]
#[error("line {line}: {fault}")]
pub struct PackError {
    /// The line, counted from one.
    pub line: u64,
    /// What is wrong there.
    #[source]
    pub fault: PackFault,
}

/// What is wrong in a line of a pack, and what to do. It never shows what a payload holds.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackFault {
    /// The pack could not be read or written.
    #[error("the pack could not be read or written")]
    Io(#[from] io::Error),
    /// A line is longer than any entry can make it.
    #[error("the line is too long for a pack; check that this file is one")]
    LineTooLong,
    /// A line is not the JSON object that belongs there.
    #[error("column {column}: here belongs {expected}; ask for a fresh export")]
    Form {
        /// The column, counted from one.
        column: usize,
        /// What belongs there.
        expected: &'static str,
    },
    /// The pack is of a format that this program does not know.
    #[error("the pack has format {0}, but only {PACK_VERSION} is known here; use a newer `sluice`")]
    Version(u64),
    /// The manifest's key is not a key.
    #[error("the manifest's key is not one: {0}")]
    Key(#[source] NoteError),
    /// The manifest names another key than the one expected.
    #[error(
        "the pack names the key `{found}`, but `{expected}` was expected; \
        find out who made this pack"
    )]
    KeyDiffers {
        /// The key expected.
        expected: String,
        /// The key named in the manifest.
        found: String,
    },
    /// The manifest's origin is not the name of its key. It is not shown: nobody has signed it.
    #[error("the manifest's origin is not `{key}`, which its key signs for")]
    OriginDiffers {
        /// The key's name.
        key: String,
    },
    /// The manifest claims another scope than a pack of this format has.
    #[error("the manifest's scope is not that of a pack of format {PACK_VERSION}")]
    Scope,
    /// An entry is missing, repeated or out of order.
    #[error("here belongs entry {expected}, but this is entry {found}; the pack has a gap")]
    Order {
        /// The entry that belongs here.
        expected: Index,
        /// The entry found.
        found: Index,
    },
    /// A field is not base64 of the right length.
    #[error("the {0} is not base64 of the right length")]
    Base64(&'static str),
    /// An entry does not follow the schema.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// An opening stands beside an entry that commits to nothing.
    #[error("the entry commits to nothing, but an opening stands beside it")]
    OpeningUnasked,
    /// An opening is not what the entry committed to.
    #[error("the opening is not what the entry committed to: one of them was changed")]
    OpeningDiffers,
    /// An opening holds, but is not a sidecar.
    #[error(transparent)]
    Sidecar(#[from] SidecarError),
    /// The pack ends too early.
    #[error("the pack ends after {entries} of {size} entries; copy it again or ask for it again")]
    Truncated {
        /// The entries found.
        entries: u64,
        /// The entries the manifest states.
        size: Size,
    },
    /// Something follows the end of the pack.
    #[error("the pack is over, but something follows")]
    AfterEnd,
    /// The checkpoint does not hold.
    #[error("the checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The checkpoint is of another size than the manifest.
    #[error("the checkpoint is of {signed} entries, but the manifest is of {stated}")]
    SizeDiffers {
        /// The size signed.
        signed: Size,
        /// The size in the manifest.
        stated: Size,
    },
    /// The entries do not lead to the signed root.
    #[error("the entries do not lead to the signed root: at least one was changed")]
    RootDiffers,
    /// More or fewer entries were written than the manifest states.
    #[error("the manifest states {size} entries, but {entries} were written")]
    Count {
        /// The entries written.
        entries: u64,
        /// The size in the manifest.
        size: Size,
    },
}
