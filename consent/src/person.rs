//! Who a person is, without saying who: identifiers go in, keyed pseudonyms come out.

use std::fmt;

use ring::hmac;

#[cfg(test)]
mod tests;

/// Bytes of a [`SubjectId`].
const SUBJECT_BYTES: usize = 16;

/// Keeps pseudonyms apart from every other use of a keyed hash.
const CONTEXT: &[u8] = b"sluice subject v1\0";

/// A person under one of their identifiers, as a keyed hash: still personal data (GDPR Art. 4(5)).
///
/// `Debug` shows nothing of it, so that it reaches no log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId([u8; SUBJECT_BYTES]);

impl SubjectId {
    /// Takes the 16 bytes of a pseudonym that was made before.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SUBJECT_BYTES]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SUBJECT_BYTES] {
        &self.0
    }
}

impl fmt::Debug for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectId(..)")
    }
}

/// What sort of identifier a value is. The same text of two sorts names two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// An id that a browser or app made up for itself.
    Anonymous,
    /// An advertising or installation id of a device.
    Device,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The company's own account id.
    User,
}

impl IdentifierKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Anonymous,
        Self::Device,
        Self::Email,
        Self::Phone,
        Self::User,
    ];

    /// The word used in the admin API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Device => "device",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::User => "user",
        }
    }

    /// The kind that a word names, if it names one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The byte that goes into the hash. Never changed: a changed one would orphan every record.
    const fn code(self) -> u8 {
        match self {
            Self::Anonymous => 1,
            Self::Device => 2,
            Self::Email => 3,
            Self::Phone => 4,
            Self::User => 5,
        }
    }

    /// One spelling for one identifier: a stray space or capital never launders a refused one.
    fn normalize(self, value: &str) -> String {
        let value = value.trim();
        match self {
            Self::Anonymous | Self::User => value.to_owned(),
            Self::Device | Self::Email => value.to_lowercase(),
            Self::Phone => {
                let digits: String = value.chars().filter(char::is_ascii_digit).collect();
                digits
                    .strip_prefix("00")
                    .map(str::to_owned)
                    .unwrap_or(digits)
            }
        }
    }
}

/// Turns identifiers into pseudonyms, under one secret key.
///
/// Who has the key can test guesses, so the key lives apart from the database.
pub struct Pseudonyms {
    key: hmac::Key,
}

impl Pseudonyms {
    /// Takes the key. A changed key orphans every record.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
        }
    }

    /// The pseudonym of an identifier: HMAC-SHA-256 (RFC 2104) of its kind and its one spelling,
    /// cut to 16 bytes. None where nothing is left of the value: an empty field names nobody.
    ///
    /// E-mail addresses and device ids are compared without case. Of telephone numbers only the
    /// digits count, without a leading `00`: one without its country code is another number.
    #[must_use]
    pub fn of<T: AsRef<str>>(
        &self,
        kind: IdentifierKind,
        value: &Personal<T>,
    ) -> Option<SubjectId> {
        let text = kind.normalize(value.expose().as_ref());
        if text.is_empty() {
            return None;
        }
        let mut context = hmac::Context::with_key(&self.key);
        context.update(CONTEXT);
        context.update(&[kind.code()]);
        context.update(text.as_bytes());
        context
            .sign()
            .as_ref()
            .first_chunk()
            .copied()
            .map(SubjectId)
    }
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms(..)")
    }
}

/// A value about a person. It cannot be printed, logged or serialized by accident: it has no
/// `Display` and no `Serialize`, and its `Debug` shows dots. [`Personal::expose`] is the only way
/// to the content, so that `grep expose` finds every place that reads one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks a value as being about a person.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The content. Whoever calls this answers for where it goes.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The content, given up. Whoever calls this answers for where it goes.
    pub fn expose_owned(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(..)")
    }
}
