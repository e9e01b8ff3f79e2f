//! Commitments: 32 bytes in the tree that only salt and payload together explain.

use std::fmt;

use crate::hash::digest;

/// Prefix of a commitment to a sidecar. 0 and 1 are the tree's.
const SIDECAR: u8 = 0x02;
/// Prefix of a commitment to bytes that were sent, so that the same salt serves both.
const SENT: u8 = 0x03;

/// What an entry holds of its sidecar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Commitment([u8; 32]);

impl Commitment {
    /// Takes the 32 bytes of a commitment.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The commitment to a sidecar: `SHA-256(0x02 || salt || payload)`.
///
/// The salt is random and used for one entry only. Without it the payload cannot be guessed.
pub fn commit(salt: &[u8; 32], payload: &[u8]) -> Commitment {
    Commitment(*digest(&[&[SIDECAR], salt, payload]).as_bytes())
}

/// The commitment to the bytes that were sent: `SHA-256(0x03 || salt || bytes)`, with the salt of
/// the entry. Who holds the bytes can check an opened sidecar against them; nobody can reverse it.
pub fn commit_sent(salt: &[u8; 32], bytes: &[u8]) -> Commitment {
    Commitment(*digest(&[&[SENT], salt, bytes]).as_bytes())
}

/// Salt and payload: what is deleted on erasure. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// The entry's random salt.
    pub salt: [u8; 32],
    /// The encoded [`super::Sidecar`].
    pub payload: Vec<u8>,
}

impl Opening {
    /// Whether this is what was committed to.
    pub fn opens(&self, commitment: &Commitment) -> bool {
        commit(&self.salt, &self.payload) == *commitment
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").finish_non_exhaustive()
    }
}
