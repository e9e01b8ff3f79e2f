//! JSON on the data path: bytes are scanned once, strictly, into a flat index; a tree of values is
//! never built.
//!
//! Parsers that disagree about a body are bypasses: what one calls `email` another calls nothing.
//! Everything on which readers are known to differ is therefore settled here, before anything is
//! decided: a name that occurs twice in one object, lone surrogates, NUL, malformed UTF-8, a byte
//! order mark, numbers past what readers hold. Such bytes are a [`Fault`], never a guess.
//!
//! - [`scan`] reads one value; [`scan_batch`] reads a batch, where one faulty event does not sink
//!   the others.
//! - [`Node`] looks into what was read; [`Path`] is how a policy names places in it.
//! - [`JsonWriter`] writes a *new* body. Strings are decoded and escaped afresh, so that no unusual
//!   spelling of the sender reaches a recipient.
//!
//! Names in one object are compared after unescaping and without regard to case, because some
//! readers (Go's `encoding/json`, .NET) fold case and would pick the other member. Folding is that
//! of Unicode, character by character, so that `K` (U+212A), which Go takes for `k`, is `k` here
//! too. *Not* covered: names that differ only in Unicode normalization (NFC and NFD). They are
//! different here, and stay different, in the sender's own code points, in what is written. Looking
//! a name up is always exact.
//!
//! Not here: what a body *means*. Wire formats are the business of the rest of this crate.

mod batch;
mod document;
mod fault;
mod keys;
mod number;
mod path;
mod scanner;
mod text;
mod writer;

pub use batch::{Batch, Elements, Shape, scan_batch};
pub use document::{Children, Document, Kind, Member, Members, Node};
pub use fault::{Fault, FaultKind};
pub use number::Number;
pub use path::{Find, Path, PathError, PathErrorKind, Step};
pub use writer::{ArrayWriter, Edit, JsonWriter, ObjectWriter};

/// How much of a body is read before it is refused. Nothing is ever read in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest body, in bytes after transport encodings are undone.
    pub bytes: usize,
    /// The deepest nesting of arrays and objects in one event; `[]` is 1 deep.
    pub depth: u32,
    /// The most values in one body; a member's name counts as one.
    pub values: usize,
}

impl Default for Limits {
    /// 1 MiB, 64 deep, 100,000 values (at most 1.6 MB of index).
    fn default() -> Self {
        Self {
            bytes: 1 << 20,
            depth: 64,
            values: 100_000,
        }
    }
}

/// Reads one JSON value (RFC 8259) and nothing after it.
///
/// # Errors
/// The first [`Fault`], of whichever kind. A fault of syntax is named before all others.
pub fn scan<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Document<'a>, Fault> {
    let scanned = scanner::scan(bytes, limits)?;
    match scanned.first_flaw(limits.depth) {
        Some(fault) => Err(fault),
        None => Ok(scanned.document),
    }
}

#[cfg(test)]
mod tests;
