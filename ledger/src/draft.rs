//! What callers bring, and what they get back once it is durable.

use std::fmt;

use proof::entry::{Body, EntryId};
use proof::sidecar::Sidecar;
use proof::{Hash, Index};

/// A person's pseudonym, as `consent` makes it. It names a key; it is never in the tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner(pub [u8; 16]);

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Owner(..)")
    }
}

/// An entry to be: the ledger adds place, second, random id and commitment.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What happened.
    pub body: Body,
    /// What may be known beside it until it is erased. The ledger sets its `owner` reference.
    pub sidecar: Option<Sidecar>,
    /// Under whose key the sidecar is sealed; the house's if nobody's.
    pub owner: Option<Owner>,
}

impl Draft {
    /// An entry without a sidecar.
    #[must_use]
    pub fn new(body: Body) -> Self {
        Self {
            body,
            sidecar: None,
            owner: None,
        }
    }
}

/// Where an entry stands. It exists only after the entry is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its place in the ledger.
    pub index: Index,
    /// Its random id.
    pub id: EntryId,
    /// Its hash as a leaf.
    pub leaf: Hash,
}
