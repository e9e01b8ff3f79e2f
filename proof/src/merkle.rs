//! The tree of RFC 6962: its right edge, its proofs, and how to check them.
//!
//! `frontier` grows a tree, `prove` builds proofs from leaf hashes, `verify` checks them. Sizes and
//! indices are any `u64`; nothing here overflows or panics on hostile numbers.

#![deny(clippy::arithmetic_side_effects)]

use std::fmt;

use thiserror::Error;

mod frontier;
mod prove;
mod verify;

#[cfg(test)]
mod tests;

pub use frontier::Frontier;
pub use prove::{consistency_proof, inclusion_proof};
pub use verify::{verify_consistency, verify_inclusion};

/// The place of an entry in the ledger, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Index(u64);

/// The number of entries in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Size(u64);

impl Index {
    /// The index `value`, counted from zero.
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The index as a number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl Size {
    /// A tree of `value` entries.
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The number of entries.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a tree, or a proof about one, does not hold.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MerkleError {
    /// The entry is not in a tree of that size.
    #[error("entry {index} is outside a tree of {size} entries")]
    IndexOutside {
        /// The entry asked for.
        index: Index,
        /// The size of the tree.
        size: Size,
    },
    /// Fewer leaf hashes were given than the tree has entries.
    #[error("a tree of {size} entries needs that many leaf hashes, but only {leaves} are here")]
    LeavesMissing {
        /// The size asked for.
        size: Size,
        /// The leaf hashes given.
        leaves: usize,
    },
    /// The older tree of a consistency proof is larger than the newer one.
    #[error("the older tree has {old} entries, more than the newer one with {new}")]
    SizesReversed {
        /// The size that should be the smaller one.
        old: Size,
        /// The size that should be the larger one.
        new: Size,
    },
    /// A proof from the empty tree shows nothing.
    #[error("every tree extends the empty one: a proof from size 0 shows nothing")]
    FromEmpty,
    /// The proof has too many or too few hashes for these sizes.
    #[error("the proof has {hashes} hashes, which does not fit the sizes it speaks of")]
    Length {
        /// The hashes given.
        hashes: usize,
    },
    /// The proof leads to another root.
    #[error("the proof does not lead to the root of the tree of {size} entries")]
    Root {
        /// The tree whose root is not reached.
        size: Size,
    },
    /// A stored right edge does not belong to its size.
    #[error("the right edge of a tree of {size} entries has {needed} hashes, not {hashes}")]
    Edge {
        /// The size of the tree.
        size: Size,
        /// The hashes that size has.
        needed: u32,
        /// The hashes given.
        hashes: usize,
    },
    /// The tree would be larger than any database can count.
    #[error("a tree of {size} entries is too large")]
    TooLarge {
        /// The size asked for.
        size: Size,
    },
}
