//! SHA-256 with the domain separation of RFC 6962, section 2.1.

use std::fmt;

use ring::digest::{Context, SHA256};

/// Prefix of a leaf, so that a leaf can never pass for a node (RFC 6962, section 2.1).
const LEAF: u8 = 0x00;
/// Prefix of an inner node.
const NODE: u8 = 0x01;

/// A SHA-256 digest: of a leaf, a subtree, a policy text or a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Takes 32 bytes that are already a digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Takes a slice that should be a digest; `None` unless it is 32 bytes long.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The plain SHA-256 of `bytes`, without a prefix: for texts and files, never for tree nodes.
    pub fn of(bytes: &[u8]) -> Self {
        digest(&[bytes])
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The hash of a leaf: `SHA-256(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    digest(&[&[LEAF], entry])
}

/// The hash of an inner node: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    digest(&[&[NODE], &left.0, &right.0])
}

/// The root of the tree without leaves: `SHA-256("")`.
pub fn empty_root() -> Hash {
    digest(&[])
}

/// SHA-256 over the parts, one after the other.
pub(crate) fn digest(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    // SHA-256 always yields 32 bytes, so zip fills the array.
    for (to, from) in bytes.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    Hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::{empty_root, leaf_hash, node_hash};

    #[test]
    fn hasher_vectors() {
        assert_eq!(
            leaf_hash(b"L123456").to_string(),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        );
        let nodes = ring::digest::digest(&ring::digest::SHA256, b"\x01N123N456");
        assert_eq!(
            super::Hash::from_slice(nodes.as_ref()).map(|hash| hash.to_string()),
            Some("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb".to_owned())
        );
        assert_eq!(
            super::digest(&[&[super::NODE], b"N123", b"N456"]).to_string(),
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
        );
        assert_eq!(
            empty_root().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn a_leaf_of_two_hashes_is_not_their_node() {
        let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
        let joined = [*left.as_bytes(), *right.as_bytes()].concat();
        assert_ne!(leaf_hash(&joined), node_hash(&left, &right));
    }
}
