//! What is wrong with a body, and where; never what it says.

use std::fmt;

/// Why a body, or one event in it, is unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The offset in the body of the byte at fault, counted from 0.
    pub at: usize,
    /// What is wrong there.
    pub kind: FaultKind,
}

/// The kinds of fault.
///
/// `Syntax`, `Bom`, `Trailing`, `TooManyValues` and `TooLarge` make a whole body unreadable. The
/// others leave it clear where the value at fault ends, and sink only the event they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Not JSON (RFC 8259).
    Syntax,
    /// Nested deeper than [`Limits::depth`](super::Limits::depth).
    Depth,
    /// A member's name occurs before in the same object (RFC 8259 section 4: "unpredictable").
    DuplicateKey,
    /// A `\u` escape that is half a surrogate pair, and so no character.
    LoneSurrogate,
    /// U+0000 in a string, raw or escaped; many readers end the string there.
    Nul,
    /// Bytes in a string that are not UTF-8, overlong forms and encoded surrogates included.
    Utf8,
    /// A byte order mark, which RFC 8259 section 8.1 forbids to send.
    Bom,
    /// A number of more than 400 digits, or an exponent beyond 400 either way.
    Number,
    /// More values than [`Limits::values`](super::Limits::values).
    TooManyValues,
    /// Something follows the value.
    Trailing,
    /// Longer than [`Limits::bytes`](super::Limits::bytes).
    TooLarge,
}

impl Fault {
    pub(super) fn new(at: usize, kind: FaultKind) -> Self {
        Self { at, kind }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.at)
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "not JSON",
            Self::Depth => "nested too deep",
            Self::DuplicateKey => "a member name occurs twice in one object",
            Self::LoneSurrogate => "half a surrogate pair",
            Self::Nul => "a NUL in a string",
            Self::Utf8 => "not UTF-8",
            Self::Bom => "a byte order mark",
            Self::Number => "a number past the limits",
            Self::TooManyValues => "too many values",
            Self::Trailing => "something after the value",
            Self::TooLarge => "too large",
        })
    }
}
