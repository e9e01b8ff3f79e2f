//! Signed notes, as C2SP specifies them (c2sp.org/signed-note, v1.0.0): text, then signatures.
//!
//! A note from a stranger is text of unknown worth: [`Note::verify`] is the only way to its text.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::signature::{ED25519, UnparsedPublicKey};
use thiserror::Error;

mod key;

#[cfg(test)]
mod tests;

pub use key::{KeyId, SigningKey, VerifyingKey};

/// How a signature line starts: an em dash and a space.
const SIGNATURE_MARK: &str = "\u{2014} ";
/// The format asks for at least 16; witnesses and post-quantum keys need room to grow.
const SIGNATURES_MAX: usize = 100;
/// The longest note accepted, in bytes: 100 signatures of 5 kB and a text.
const NOTE_BYTES_MAX: usize = 1_000_000;

/// Why a key or a note is not accepted.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteError {
    /// A key name is empty, or has a space, a plus or a control character in it.
    #[error(
        "the key name `{}` is empty or has a space, a plus or a control character",
        .0.escape_debug()
    )]
    Name(String),
    /// A verifier key is not of the form `name+id+base64`.
    #[error("the verifier key is not of the form `name+id+base64`")]
    KeyForm,
    /// A verifier key is of another algorithm than Ed25519.
    #[error("the verifier key `{name}` is of type {algorithm}, but only Ed25519 (type 1) is known")]
    KeyAlgorithm {
        /// The key's name.
        name: String,
        /// The type byte.
        algorithm: u8,
    },
    /// The id in a verifier key is not that of its name and key.
    #[error("the id in the verifier key `{0}` is not that of its name and public key")]
    KeyIdDiffers(String),
    /// A secret key is not accepted by the signature scheme.
    #[error("the seed of the key `{0}` is not accepted")]
    Seed(String),
    /// A text to be signed does not end in a newline, or has control characters.
    #[error("a note's text ends in a newline and has no other control character")]
    Text,
    /// A note has no empty line followed by signatures, or control characters.
    #[error("this is not a signed note: text, an empty line, then lines of signatures")]
    Form,
    /// A line among the signatures is not one.
    #[error("line {0} after the text is not a signature")]
    SignatureLine(usize),
    /// A note is longer, or has more signatures, than is accepted.
    #[error(
        "the note is too large: at most {SIGNATURES_MAX} signatures and {NOTE_BYTES_MAX} bytes"
    )]
    TooLarge,
    /// A known key's signature does not hold.
    #[error("the signature of the key `{0}` does not hold: the text or the signature was changed")]
    SignatureFails(String),
    /// No known key has signed.
    #[error("none of the keys given has signed this note")]
    NotSigned,
}

/// A parsed note whose signatures have not been checked.
///
/// The text stays private until [`Note::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    name: String,
    id: KeyId,
    bytes: Vec<u8>,
}

impl Note {
    /// Splits a note into its text and its signatures.
    ///
    /// # Errors
    /// [`NoteError::Form`], [`NoteError::SignatureLine`] or [`NoteError::TooLarge`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge);
        }
        // The text may have empty lines of its own: the last one separates.
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        let text = format!("{text}\n");
        check_text(&text).map_err(|_| NoteError::Form)?;
        let lines = signatures.strip_suffix('\n').ok_or(NoteError::Form)?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(NoteError::TooLarge);
        }
        let signatures = lines
            .split('\n')
            .enumerate()
            .map(|(place, line)| {
                Signature::parse(line)
                    .ok_or_else(|| NoteError::SignatureLine(place.saturating_add(1)))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { text, signatures })
    }

    /// The text, if at least one of `keys` has signed it and none of their signatures fails.
    ///
    /// Signatures of other keys are ignored, as the format asks.
    ///
    /// # Errors
    /// [`NoteError::SignatureFails`] or [`NoteError::NotSigned`].
    pub fn verify(&self, keys: &[VerifyingKey]) -> Result<&str, NoteError> {
        let mut signed = false;
        for signature in &self.signatures {
            for key in keys.iter().filter(|key| signature.is_by(key)) {
                UnparsedPublicKey::new(&ED25519, key.public())
                    .verify(self.text.as_bytes(), &signature.bytes)
                    .map_err(|_| NoteError::SignatureFails(key.name().to_owned()))?;
                signed = true;
            }
        }
        if signed {
            Ok(&self.text)
        } else {
            Err(NoteError::NotSigned)
        }
    }
}

impl Signature {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
        key::check_name(name).ok()?;
        let blob = STANDARD.decode(encoded).ok()?;
        let (id, bytes) = blob.split_first_chunk::<4>()?;
        if bytes.is_empty() {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            id: KeyId::from_bytes(*id),
            bytes: bytes.to_vec(),
        })
    }

    fn is_by(&self, key: &VerifyingKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }
}

/// A text may be signed if it ends in a newline and has no other control character below U+0020.
fn check_text(text: &str) -> Result<(), NoteError> {
    let controls = text.bytes().any(|byte| byte < 0x20 && byte != b'\n');
    if controls || !text.ends_with('\n') {
        Err(NoteError::Text)
    } else {
        Ok(())
    }
}
