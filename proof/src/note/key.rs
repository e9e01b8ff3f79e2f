//! Keys of notes: the public half as one line of text, the secret half never as text.

use std::fmt;
use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::{NoteError, SIGNATURE_MARK, check_text};
use crate::hash::digest;

/// The signature type of Ed25519 over the text of a note.
const ED25519_NOTE: u8 = 0x01;

/// The first four bytes of `SHA-256(name || 0x0A || type || public key)`. It tells keys of one name
/// apart; it proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 4]);

impl KeyId {
    pub(super) const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The four bytes, in the order in which they are written.
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// A public key under the name it signs with: `name+id+base64(type || key)`, a "vkey".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifyingKey {
    name: String,
    public: [u8; 32],
}

impl VerifyingKey {
    /// Reads a vkey.
    ///
    /// # Errors
    /// [`NoteError::KeyForm`], [`NoteError::Name`], [`NoteError::KeyAlgorithm`] or
    /// [`NoteError::KeyIdDiffers`].
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let (name, rest) = vkey.split_once('+').ok_or(NoteError::KeyForm)?;
        check_name(name)?;
        let (id, encoded) = rest.split_once('+').ok_or(NoteError::KeyForm)?;
        let decoded = STANDARD.decode(encoded).map_err(|_| NoteError::KeyForm)?;
        let (&algorithm, public) = decoded.split_first().ok_or(NoteError::KeyForm)?;
        if algorithm != ED25519_NOTE {
            return Err(NoteError::KeyAlgorithm {
                name: name.to_owned(),
                algorithm,
            });
        }
        let public = public.try_into().map_err(|_| NoteError::KeyForm)?;
        let key = Self {
            name: name.to_owned(),
            public,
        };
        if key.id().to_string() == id {
            Ok(key)
        } else {
            Err(NoteError::KeyIdDiffers(key.name))
        }
    }

    /// The name the key signs with; for a ledger, its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The short id that signature lines carry.
    pub fn id(&self) -> KeyId {
        let hash = digest(&[self.name.as_bytes(), b"\n", &[ED25519_NOTE], &self.public]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        KeyId([a, b, c, d])
    }

    pub(super) fn public(&self) -> &[u8; 32] {
        &self.public
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [&[ED25519_NOTE], self.public.as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, self.id(), STANDARD.encode(typed))
    }
}

impl FromStr for VerifyingKey {
    type Err = NoteError;

    fn from_str(vkey: &str) -> Result<Self, NoteError> {
        Self::parse(vkey)
    }
}

/// A secret key under the name it signs with. It is never written out, nor shown by `Debug`.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key that `seed` (the 32-byte secret of RFC 8032, section 5.1.5) generates.
    ///
    /// # Errors
    /// [`NoteError::Name`] or [`NoteError::Seed`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        let seed_refused = || NoteError::Seed(name.to_owned());
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| seed_refused())?;
        let public = pair
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| seed_refused())?;
        Ok(Self {
            pair,
            public: VerifyingKey {
                name: name.to_owned(),
                public,
            },
        })
    }

    /// The name the key signs with.
    pub fn name(&self) -> &str {
        self.public.name()
    }

    /// The public half.
    pub fn vkey(&self) -> &VerifyingKey {
        &self.public
    }

    /// Signs `text`, and returns the whole note.
    ///
    /// # Errors
    /// [`NoteError::Text`] unless `text` ends in a newline and has no other control character.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        check_text(text)?;
        let signature = self.pair.sign(text.as_bytes());
        let blob = [self.public.id().as_bytes().as_slice(), signature.as_ref()].concat();
        Ok(format!(
            "{text}\n{SIGNATURE_MARK}{} {}\n",
            self.name(),
            STANDARD.encode(blob)
        ))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}

/// A name must not be empty nor hold a space or a plus; control characters no note may hold.
pub(super) fn check_name(name: &str) -> Result<(), NoteError> {
    let refused = |c: char| c.is_whitespace() || c == '+' || c.is_control();
    if name.is_empty() || name.contains(refused) {
        Err(NoteError::Name(name.to_owned()))
    } else {
        Ok(())
    }
}
