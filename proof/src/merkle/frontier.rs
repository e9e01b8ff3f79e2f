//! The right edge of a growing tree: all that is needed to append to it and to know its root.

use super::{MerkleError, Size};
use crate::hash::{Hash, empty_root, node_hash};

/// The compact range `[0, size)`: roots of the full subtrees, the largest first.
///
/// There is one hash for each bit set in the size, so that a ledger of any length restarts from
/// at most 63 hashes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

impl Frontier {
    /// The tree without leaves.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Takes up a tree where it was left.
    ///
    /// # Errors
    /// [`MerkleError::Edge`] unless there is one hash for each bit set in `size`;
    /// [`MerkleError::TooLarge`] above `i64::MAX`, the largest count an SQL column holds.
    pub fn from_parts(size: Size, hashes: Vec<Hash>) -> Result<Self, MerkleError> {
        if i64::try_from(size.get()).is_err() {
            return Err(MerkleError::TooLarge { size });
        }
        let needed = size.get().count_ones();
        if u32::try_from(hashes.len()) != Ok(needed) {
            return Err(MerkleError::Edge {
                size,
                needed,
                hashes: hashes.len(),
            });
        }
        Ok(Self {
            size: size.get(),
            hashes,
        })
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut right = leaf;
        // Each trailing one of the size is a full subtree as large as what is carried.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                right = node_hash(&left, &right);
            }
        }
        self.hashes.push(right);
        // From at most 2^63 - 1, no run of this program is long enough to reach the end of a u64.
        self.size = self.size.saturating_add(1);
    }

    /// The number of leaves so far.
    pub fn size(&self) -> Size {
        Size::new(self.size)
    }

    /// The roots of the full subtrees, the largest (leftmost) first.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The tree hash (RFC 9162, section 2.1.1).
    pub fn root(&self) -> Hash {
        let mut subtrees = self.hashes.iter().rev().copied();
        let Some(smallest) = subtrees.next() else {
            return empty_root();
        };
        subtrees.fold(smallest, |right, left| node_hash(&left, &right))
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<T: IntoIterator<Item = Hash>>(leaves: T) -> Self {
        let mut frontier = Self::empty();
        leaves.into_iter().for_each(|leaf| frontier.push(leaf));
        frontier
    }
}
