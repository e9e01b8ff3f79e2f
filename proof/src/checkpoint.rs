//! Checkpoints (c2sp.org/tlog-checkpoint, v1.0.0): what a ledger commits itself to.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;

use crate::hash::Hash;
use crate::merkle::Size;
use crate::note::{Note, NoteError, SigningKey, VerifyingKey};

#[cfg(test)]
mod tests;

/// The size and root of a ledger at one moment. Signed, it can never be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which ledger; the name of its key.
    pub origin: String,
    /// How many entries it has.
    pub size: Size,
    /// The root of the tree over them.
    pub root: Hash,
}

/// Why a checkpoint is not accepted.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The text is not origin, size and root, each on a line. Extension lines are not accepted:
    /// this ledger writes none, and post-quantum cosignatures would not cover them.
    #[error("a checkpoint has three lines: origin, size and root")]
    Form,
    /// The origin is empty.
    #[error("the checkpoint has an empty origin")]
    Origin,
    /// The size is not a decimal number without leading zeros.
    #[error("the size in the checkpoint is not a decimal number without leading zeros")]
    Size,
    /// The root is not the base64 of 32 bytes.
    #[error("the root in the checkpoint is not the base64 form of 32 bytes")]
    Root,
    /// The key signs for another ledger.
    #[error("the checkpoint is of `{origin}`, but the key signs for `{key}`")]
    OriginDiffers {
        /// The checkpoint's origin.
        origin: String,
        /// The key's name.
        key: String,
    },
    /// The note around the checkpoint does not hold.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn to_text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root.as_bytes())
        )
    }

    /// Reads the three lines. It does not say who wrote them: see [`Checkpoint::open`].
    ///
    /// # Errors
    /// [`CheckpointError::Form`], [`CheckpointError::Origin`], [`CheckpointError::Size`] or
    /// [`CheckpointError::Root`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Form)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Form);
        };
        if origin.is_empty() {
            return Err(CheckpointError::Origin);
        }
        let size = decimal(size).ok_or(CheckpointError::Size)?;
        let root = base64_hash(root).ok_or(CheckpointError::Root)?;
        Ok(Self {
            origin: origin.to_owned(),
            size: Size::new(size),
            root,
        })
    }

    /// The signed note of this checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::OriginDiffers`] unless the key's name is the origin.
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        self.must_be_of(key.vkey())?;
        Ok(key.sign(&self.to_text())?)
    }

    /// Reads a signed note, and accepts only what `key` has signed for its own ledger.
    ///
    /// # Errors
    /// [`CheckpointError::Note`] if the signature does not hold, else as [`Checkpoint::parse`].
    pub fn open(note: &str, key: &VerifyingKey) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        let checkpoint = Self::parse(note.verify(std::slice::from_ref(key))?)?;
        checkpoint.must_be_of(key)?;
        Ok(checkpoint)
    }

    fn must_be_of(&self, key: &VerifyingKey) -> Result<(), CheckpointError> {
        if self.origin == key.name() {
            return Ok(());
        }
        Err(CheckpointError::OriginDiffers {
            origin: self.origin.clone(),
            key: key.name().to_owned(),
        })
    }
}

/// A decimal number written in the one way the C2SP formats accept: no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits && !leading_zero {
        text.parse().ok()
    } else {
        None
    }
}

/// A hash as the C2SP formats write it.
pub(crate) fn base64_hash(text: &str) -> Option<Hash> {
    Hash::from_slice(&STANDARD.decode(text).ok()?)
}
