#![expect(
    clippy::arithmetic_side_effects,
    reason = "tests may panic on overflow"
)]

use proptest::prelude::*;

use super::{
    Frontier, Index, MerkleError, Size, consistency_proof, inclusion_proof, verify_consistency,
    verify_inclusion,
};
use crate::hash::{Hash, empty_root, leaf_hash, node_hash};

/// The reference leaves of RFC 6962 implementations.
const LEAVES: [&[u8]; 8] = [
    b"",
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    b"`abcdefghijklmno",
];

const LEAF_HASHES: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
];

/// The roots of the trees of their first 0 to 8.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn reference_leaves() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(leaf)).collect()
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count)
        .map(|number| leaf_hash(&number.to_be_bytes()))
        .collect()
}

fn hex(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(ToString::to_string).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Frontier>().root()
}

fn index(value: usize) -> Index {
    Index::new(value as u64)
}

fn size(value: usize) -> Size {
    Size::new(value as u64)
}

fn wrong_length(proof: &[Hash]) -> Result<(), MerkleError> {
    Err(MerkleError::Length {
        hashes: proof.len(),
    })
}

#[test]
fn reference_leaf_hashes_and_roots() {
    let leaves = reference_leaves();
    assert_eq!(hex(&leaves), LEAF_HASHES);
    for (count, expected) in ROOTS.iter().enumerate() {
        assert_eq!(
            root(&leaves[..count]).to_string(),
            *expected,
            "size {count}"
        );
    }
}

#[test]
fn reference_inclusion_proofs() {
    let leaves = reference_leaves();
    assert_eq!(
        hex(&inclusion_proof(&leaves, index(5), size(8)).unwrap()),
        [
            LEAF_HASHES[4],
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            ROOTS[4],
        ]
    );
    assert_eq!(
        hex(&inclusion_proof(&leaves, index(2), size(3)).unwrap()),
        [ROOTS[2]]
    );
}

#[test]
fn reference_consistency_proofs() {
    let leaves = reference_leaves();
    assert_eq!(
        hex(&consistency_proof(&leaves, size(6), size(8)).unwrap()),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            ROOTS[4],
        ]
    );
    assert_eq!(
        hex(&consistency_proof(&leaves, size(3), size(7)).unwrap()),
        [
            LEAF_HASHES[2],
            LEAF_HASHES[3],
            ROOTS[2],
            "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
        ]
    );
}

/// The definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, word for word: what everything
/// else here is measured against.
mod definition {
    use super::{Hash, empty_root, node_hash};

    fn split(n: usize) -> usize {
        let mut k = 1;
        while k * 2 < n {
            k *= 2;
        }
        k
    }

    pub(super) fn mth(d: &[Hash]) -> Hash {
        match d {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = d.split_at(split(d.len()));
                node_hash(&mth(left), &mth(right))
            }
        }
    }

    pub(super) fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
        if d.len() == 1 {
            return Vec::new();
        }
        let k = split(d.len());
        let (mut path, sibling) = if m < k {
            (path(m, &d[..k]), mth(&d[k..]))
        } else {
            (path(m - k, &d[k..]), mth(&d[..k]))
        };
        path.push(sibling);
        path
    }

    pub(super) fn subproof(m: usize, d: &[Hash], b: bool) -> Vec<Hash> {
        if m == d.len() {
            return if b { Vec::new() } else { vec![mth(d)] };
        }
        let k = split(d.len());
        let (mut proof, sibling) = if m <= k {
            (subproof(m, &d[..k], b), mth(&d[k..]))
        } else {
            (subproof(m - k, &d[k..], false), mth(&d[..k]))
        };
        proof.push(sibling);
        proof
    }
}

#[test]
fn all_pairs_to_70_equal_the_definition_and_verify() {
    let leaves = leaves(70);
    let roots: Vec<Hash> = (0..=70).map(|n| definition::mth(&leaves[..n])).collect();
    for n in 1..=70 {
        assert_eq!(root(&leaves[..n]), roots[n]);
        for m in 0..n {
            let proof = inclusion_proof(&leaves, index(m), size(n)).unwrap();
            assert_eq!(proof, definition::path(m, &leaves[..n]), "{m} in {n}");
            verify_inclusion(index(m), size(n), &leaves[m], &proof, &roots[n]).unwrap();
        }
        for m in 1..=n {
            let proof = consistency_proof(&leaves, size(m), size(n)).unwrap();
            assert_eq!(
                proof,
                definition::subproof(m, &leaves[..n], true),
                "{m} to {n}"
            );
            verify_consistency(size(m), size(n), &proof, &roots[m], &roots[n]).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn a_changed_inclusion_proof_fails(
        n in 2_usize..200, m in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(),
    ) {
        let leaves = leaves(n);
        let (m, root) = (m.index(n), root(&leaves));
        let proof = inclusion_proof(&leaves, index(m), size(n)).unwrap();
        let check = |m, n, leaf: &Hash, proof: &[Hash]| {
            verify_inclusion(index(m), size(n), leaf, proof, &root)
        };
        prop_assert_eq!(check(m, n, &leaves[m], &proof), Ok(()));

        let at = at.index(proof.len());
        let mut changed = proof.clone();
        changed[at] = leaf_hash(b"changed");
        prop_assert!(check(m, n, &leaves[m], &changed).is_err());
        let mut shorter = proof.clone();
        shorter.remove(at);
        prop_assert_eq!(check(m, n, &leaves[m], &shorter), wrong_length(&shorter));
        let mut longer = proof.clone();
        longer.insert(at, root);
        prop_assert_eq!(check(m, n, &leaves[m], &longer), wrong_length(&longer));
        prop_assert!(check((m + 1) % n, n, &leaves[m], &proof).is_err());
        prop_assert!(check(m, n, &leaf_hash(b"changed"), &proof).is_err());
        prop_assert!(check(m, m, &leaves[m], &proof).is_err());
    }

    #[test]
    fn a_changed_consistency_proof_fails(
        n in 2_usize..200, m in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(),
    ) {
        let leaves = leaves(n);
        let m = m.index(n - 1) + 1;
        let (old, new) = (root(&leaves[..m]), root(&leaves));
        let proof = consistency_proof(&leaves, size(m), size(n)).unwrap();
        let check = |m, n, proof: &[Hash]| {
            verify_consistency(size(m), size(n), proof, &old, &new)
        };
        prop_assert_eq!(check(m, n, &proof), Ok(()));

        let at = at.index(proof.len());
        let mut changed = proof.clone();
        changed[at] = leaf_hash(b"changed");
        prop_assert!(check(m, n, &changed).is_err());
        let mut shorter = proof.clone();
        shorter.remove(at);
        prop_assert_eq!(check(m, n, &shorter), wrong_length(&shorter));
        let mut longer = proof.clone();
        longer.insert(at, new);
        prop_assert_eq!(check(m, n, &longer), wrong_length(&longer));
        prop_assert!(check(n, m, &proof).is_err());
        let other = leaf_hash(b"changed");
        // The root of an old tree that is a full subtree is also where the path starts.
        let fault = if m.is_power_of_two() { size(n) } else { size(m) };
        prop_assert_eq!(
            verify_consistency(size(m), size(n), &proof, &other, &new),
            Err(MerkleError::Root { size: fault })
        );
        prop_assert_eq!(
            verify_consistency(size(m), size(n), &proof, &old, &other),
            Err(MerkleError::Root { size: size(n) })
        );
    }

    #[test]
    fn hostile_numbers_never_panic(
        m in any::<u64>(), n in any::<u64>(), length in 0_usize..70,
    ) {
        let (proof, hash) = (leaves(length), empty_root());
        let edges = [0, 1, m, n, u64::MAX - 1, u64::MAX, 1 << 63];
        for a in edges {
            for b in edges {
                let (index, a, b) = (Index::new(a), Size::new(a), Size::new(b));
                let included = verify_inclusion(index, b, &hash, &proof, &hash).is_ok();
                let alone = index.get() == 0 && b.get() == 1 && proof.is_empty();
                prop_assert_eq!(included, alone);
                let consistent = verify_consistency(a, b, &proof, &hash, &hash).is_ok();
                prop_assert_eq!(consistent, a == b && a.get() > 0 && proof.is_empty());
                prop_assert_eq!(
                    inclusion_proof(&proof, index, b).is_ok(),
                    index.get() < b.get() && b.get() <= length as u64
                );
                drop(consistency_proof(&proof, a, b));
                drop(Frontier::from_parts(b, proof.clone()));
            }
        }
    }

    #[test]
    fn a_frontier_taken_up_again_goes_on(n in 0_usize..200, more in 0_usize..50) {
        let leaves = leaves(n + more);
        let stored: Frontier = leaves[..n].iter().copied().collect();
        let mut frontier = Frontier::from_parts(stored.size(), stored.hashes().to_vec()).unwrap();
        leaves[n..].iter().for_each(|leaf| frontier.push(*leaf));
        prop_assert_eq!(frontier.size(), size(n + more));
        prop_assert_eq!(frontier.root(), definition::mth(&leaves));
    }
}

#[test]
fn a_right_edge_of_another_size_is_refused() {
    assert_eq!(
        Frontier::from_parts(size(5), leaves(3)),
        Err(MerkleError::Edge {
            size: size(5),
            needed: 2,
            hashes: 3
        })
    );
    assert_eq!(
        Frontier::from_parts(Size::new(1 << 63), leaves(1)),
        Err(MerkleError::TooLarge {
            size: Size::new(1 << 63)
        })
    );
}

#[test]
fn proofs_outside_the_tree_are_refused() {
    let leaves = leaves(4);
    let (m, n) = (index(4), size(4));
    let outside = MerkleError::IndexOutside { index: m, size: n };
    assert_eq!(inclusion_proof(&leaves, m, n), Err(outside.clone()));
    assert_eq!(
        verify_inclusion(m, n, &leaves[3], &[], &leaves[3]),
        Err(outside)
    );
    assert_eq!(
        inclusion_proof(&leaves, index(0), size(5)),
        Err(MerkleError::LeavesMissing {
            size: size(5),
            leaves: 4
        })
    );
    assert_eq!(
        consistency_proof(&leaves, size(0), n),
        Err(MerkleError::FromEmpty)
    );
    assert_eq!(
        consistency_proof(&leaves, n, size(3)),
        Err(MerkleError::SizesReversed {
            old: n,
            new: size(3)
        })
    );
    assert_eq!(
        verify_consistency(size(0), n, &[], &empty_root(), &leaves[0]),
        Err(MerkleError::FromEmpty)
    );
}
