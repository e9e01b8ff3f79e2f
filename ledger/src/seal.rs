//! Sidecars under a key: AES-256-GCM, bound to the one entry they belong to.
//!
//! A sealed sidecar is a random nonce (12 bytes), then salt (32 bytes) and payload encrypted, then
//! the tag (16 bytes). The entry's id is authenticated with it, so that it opens nothing elsewhere.

use proof::entry::EntryId;
use proof::sidecar::Opening;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::LedgerError;
use crate::random::random;

/// A person's key, or the house's.
pub(crate) struct SealKey {
    key: LessSafeKey,
}

impl SealKey {
    /// The key with these 32 bytes.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).ok()?;
        Some(Self {
            key: LessSafeKey::new(key),
        })
    }

    pub(crate) fn seal(&self, id: EntryId, opening: &Opening) -> Result<Vec<u8>, LedgerError> {
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = [nonce.as_slice(), &opening.salt, &opening.payload].concat();
        let plain = sealed.get_mut(NONCE_LEN..).unwrap_or_default();
        let tag = self
            .key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(id.as_bytes()),
                plain,
            )
            .map_err(|_| LedgerError::Seal)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// What was sealed for this entry; `None` if this key, or this entry, is another.
    pub(crate) fn open(&self, id: EntryId, sealed: &[u8]) -> Option<Opening> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut bytes = sealed.to_vec();
        let plain = self
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(id.as_bytes()),
                &mut bytes,
            )
            .ok()?;
        let (salt, payload) = plain.split_first_chunk::<32>()?;
        Some(Opening {
            salt: *salt,
            payload: payload.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proof::entry::EntryId;
    use proof::sidecar::Opening;

    use super::SealKey;

    #[test]
    fn only_this_key_opens_it_and_only_for_this_entry() {
        let key = SealKey::new(&[1; 32]).unwrap();
        let other = SealKey::new(&[2; 32]).unwrap();
        let (id, elsewhere) = (EntryId::from_bytes([3; 16]), EntryId::from_bytes([4; 16]));
        let opening = Opening {
            salt: [5; 32],
            payload: b"a payload that must not be seen".to_vec(),
        };
        let sealed = key.seal(id, &opening).unwrap();
        assert!(!sealed.windows(9).any(|bytes| bytes == b"a payload"));
        assert!(!sealed.windows(32).any(|bytes| bytes == opening.salt));
        assert_eq!(key.open(id, &sealed), Some(opening.clone()));
        assert_eq!(key.open(elsewhere, &sealed), None);
        assert_eq!(other.open(id, &sealed), None);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key.open(id, &changed), None, "byte {place}");
        }
        assert_ne!(key.seal(id, &opening).unwrap(), sealed, "nonces are fresh");
    }
}
