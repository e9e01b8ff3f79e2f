//! Proofs from leaf hashes, straight from the definitions of RFC 9162. Linear in the tree.

use super::{Frontier, Index, MerkleError, Size};
use crate::hash::Hash;

/// The audit path of the leaf at `index` in the tree of the first `size` leaves, from the leaf's
/// sibling up to the root's child (RFC 9162, section 2.1.3.1).
///
/// # Errors
/// [`MerkleError::IndexOutside`] or [`MerkleError::LeavesMissing`].
pub fn inclusion_proof(
    leaves: &[Hash],
    index: Index,
    size: Size,
) -> Result<Vec<Hash>, MerkleError> {
    let outside = MerkleError::IndexOutside { index, size };
    let mut tree = first(leaves, size)?;
    let mut place = usize::try_from(index.get()).map_err(|_| outside.clone())?;
    if place >= tree.len() {
        return Err(outside);
    }
    let mut path = Vec::new();
    while tree.len() > 1 {
        let (left, right) = tree.split_at(split_point(tree.len()));
        if let Some(place_right) = place.checked_sub(left.len()) {
            path.push(root(left));
            (tree, place) = (right, place_right);
        } else {
            path.push(root(right));
            tree = left;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `new` leaves extends the tree of `old` leaves
/// (RFC 9162, section 2.1.4.1).
///
/// # Errors
/// [`MerkleError::SizesReversed`], [`MerkleError::FromEmpty`] or [`MerkleError::LeavesMissing`].
pub fn consistency_proof(leaves: &[Hash], old: Size, new: Size) -> Result<Vec<Hash>, MerkleError> {
    if old > new {
        return Err(MerkleError::SizesReversed { old, new });
    }
    let mut tree = first(leaves, new)?;
    let mut wanted = first(leaves, old)?.len();
    if wanted == 0 {
        return Err(MerkleError::FromEmpty);
    }
    let mut path = Vec::new();
    // The `b` of SUBPROOF: while the old tree is all of this subtree, its root is known already.
    let mut root_known = true;
    while wanted < tree.len() {
        let (left, right) = tree.split_at(split_point(tree.len()));
        match wanted.checked_sub(left.len()) {
            Some(beyond) if beyond > 0 => {
                path.push(root(left));
                (tree, wanted, root_known) = (right, beyond, false);
            }
            Some(_) | None => {
                path.push(root(right));
                tree = left;
            }
        }
    }
    if !root_known {
        path.push(root(tree));
    }
    path.reverse();
    Ok(path)
}

fn first(leaves: &[Hash], size: Size) -> Result<&[Hash], MerkleError> {
    usize::try_from(size.get())
        .ok()
        .and_then(|size| leaves.get(..size))
        .ok_or(MerkleError::LeavesMissing {
            size,
            leaves: leaves.len(),
        })
}

fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Frontier>().root()
}

/// The largest power of two smaller than `count` (RFC 9162, section 2.1.1), for `count` above 1.
fn split_point(count: usize) -> usize {
    // The highest bit of count - 1; no shift reaches the width of the type.
    count
        .saturating_sub(1)
        .checked_ilog2()
        .map_or(0, |bit| 1_usize.checked_shl(bit).unwrap_or(0))
}
