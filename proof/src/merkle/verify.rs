//! Checking proofs: the algorithms of RFC 9162, step by step.

use super::{Index, MerkleError, Size};
use crate::hash::{Hash, node_hash};

/// Checks that `leaf` is the entry at `index` of the tree of `size` entries with root `root`
/// (RFC 9162, section 2.1.3.2).
///
/// # Errors
/// [`MerkleError::IndexOutside`], [`MerkleError::Length`] or [`MerkleError::Root`].
pub fn verify_inclusion(
    index: Index,
    size: Size,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), MerkleError> {
    let length = MerkleError::Length {
        hashes: proof.len(),
    };
    // Steps 1 and 2. An index below the size means that the size is at least 1.
    let (mut fnode, mut snode) = match size.get().checked_sub(1) {
        Some(last) if index.get() <= last => (index.get(), last),
        Some(_) | None => return Err(MerkleError::IndexOutside { index, size }),
    };
    // Step 3.
    let mut reached = *leaf;
    // Step 4.
    for sibling in proof {
        // Step 4.1.
        if snode == 0 {
            return Err(length);
        }
        // Step 4.2.
        if odd(fnode) || fnode == snode {
            reached = node_hash(sibling, &reached);
            while !odd(fnode) && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            reached = node_hash(&reached, sibling);
        }
        // Step 4.3.
        fnode >>= 1;
        snode >>= 1;
    }
    // Step 5.
    if snode != 0 {
        return Err(length);
    }
    if reached == *root {
        Ok(())
    } else {
        Err(MerkleError::Root { size })
    }
}

/// Checks that the tree of `new` entries with root `new_root` extends the tree of `old` entries
/// with root `old_root` (RFC 9162, section 2.1.4.2).
///
/// # Errors
/// [`MerkleError::SizesReversed`], [`MerkleError::FromEmpty`], [`MerkleError::Length`] or
/// [`MerkleError::Root`] naming the tree whose root is not reached.
pub fn verify_consistency(
    old: Size,
    new: Size,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), MerkleError> {
    let length = MerkleError::Length {
        hashes: proof.len(),
    };
    if old > new {
        return Err(MerkleError::SizesReversed { old, new });
    }
    // Zero entries have no last one.
    let Some(mut fnode) = old.get().checked_sub(1) else {
        return Err(MerkleError::FromEmpty);
    };
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(length),
            (true, false) => Err(MerkleError::Root { size: new }),
            (true, true) => Ok(()),
        };
    }
    // Step 3.
    let mut snode = new.get().saturating_sub(1);
    // Step 4.
    while odd(fnode) {
        fnode >>= 1;
        snode >>= 1;
    }
    // Steps 1, 2 and 5: a full old tree is itself the first node of the path.
    let (start, rest) = match proof.split_first() {
        None => return Err(length),
        Some(_) if old.get().is_power_of_two() => (old_root, proof),
        Some((start, rest)) => (start, rest),
    };
    let (mut old_reached, mut new_reached) = (*start, *start);
    // Step 6.
    for sibling in rest {
        // Step 6.1.
        if snode == 0 {
            return Err(length);
        }
        // Step 6.2.
        if odd(fnode) || fnode == snode {
            old_reached = node_hash(sibling, &old_reached);
            new_reached = node_hash(sibling, &new_reached);
            while !odd(fnode) && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            new_reached = node_hash(&new_reached, sibling);
        }
        // Step 6.3.
        fnode >>= 1;
        snode >>= 1;
    }
    // Step 7.
    if snode != 0 {
        return Err(length);
    }
    if old_reached != *old_root {
        return Err(MerkleError::Root { size: old });
    }
    if new_reached != *new_root {
        return Err(MerkleError::Root { size: new });
    }
    Ok(())
}

fn odd(number: u64) -> bool {
    number & 1 == 1
}
