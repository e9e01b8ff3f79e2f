//! Strings: where one ends, whether it is sound, and what it says.

use std::borrow::Cow;

use super::document::Spelling;
use super::fault::{Fault, FaultKind};

/// A string literal that was walked over.
pub(super) struct Literal {
    /// The offset just after the closing quote.
    pub(super) end: usize,
    pub(super) spelling: Spelling,
    /// The first thing in it that readers would disagree about.
    pub(super) flaw: Option<Fault>,
}

/// The offset after the literal whose opening quote is just before `start`, if it is of the usual
/// sort: ASCII without escapes, in which nothing can be wrong.
#[inline]
pub(super) fn usual_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut ascii = true;
    let at = plain_run(bytes, start, &mut ascii);
    (ascii && bytes.get(at) == Some(&b'"')).then_some(at + 1)
}

/// Walks over the literal whose opening quote is just before `start`.
///
/// # Errors
/// [`FaultKind::Syntax`] where it does not end, or holds a raw control character (other than NUL,
/// which is a flaw) or a malformed escape.
pub(super) fn walk(bytes: &[u8], start: usize) -> Result<Literal, Fault> {
    let mut literal = Literal {
        end: start,
        spelling: Spelling::Direct,
        flaw: None,
    };
    let mut ascii = true;
    let mut at = start;
    loop {
        at = plain_run(bytes, at, &mut ascii);
        match bytes.get(at) {
            Some(b'"') => break,
            Some(b'\\') => {
                literal.spelling = Spelling::Escaped;
                at = literal.escape(bytes, at)?;
            }
            Some(0) => {
                literal.note(at, FaultKind::Nul);
                at += 1;
            }
            Some(_) | None => return Err(Fault::new(at, FaultKind::Syntax)),
        }
    }
    if !ascii {
        literal.check_utf8(bytes, start, at);
    }
    literal.end = at + 1;
    Ok(literal)
}

/// What the content of a sound literal says. Of an unsound one, which no caller outside this module
/// can reach, it gives U+FFFD for what cannot be said.
pub(super) fn decode(content: &[u8], spelling: Spelling) -> Cow<'_, str> {
    if spelling != Spelling::Escaped {
        return String::from_utf8_lossy(content);
    }
    let mut text = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(slash) = rest.iter().position(|byte| *byte == b'\\') {
        let (plain, tail) = rest.split_at(slash);
        text.push_str(&String::from_utf8_lossy(plain));
        let (character, length) = unescape(tail);
        text.push(character);
        rest = tail.get(length..).unwrap_or_default();
    }
    text.push_str(&String::from_utf8_lossy(rest));
    Cow::Owned(text)
}

impl Literal {
    /// Walks over the escape at `at`; gives the offset after it.
    fn escape(&mut self, bytes: &[u8], at: usize) -> Result<usize, Fault> {
        match bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => {
                let unit = code_unit(bytes, at).ok_or_else(|| Fault::new(at, FaultKind::Syntax))?;
                match unit {
                    0 => self.note(at, FaultKind::Nul),
                    0xD800..=0xDBFF if follows_low_surrogate(bytes, at + 6) => return Ok(at + 12),
                    0xD800..=0xDFFF => self.note(at, FaultKind::LoneSurrogate),
                    _ => {}
                }
                Ok(at + 6)
            }
            Some(_) | None => Err(Fault::new(at, FaultKind::Syntax)),
        }
    }

    fn check_utf8(&mut self, bytes: &[u8], start: usize, end: usize) {
        let content = bytes.get(start..end).unwrap_or_default();
        if let Err(error) = std::str::from_utf8(content) {
            let at = start + error.valid_up_to();
            if self.flaw.is_none_or(|flaw| at < flaw.at) {
                self.flaw = Some(Fault::new(at, FaultKind::Utf8));
            }
        }
    }

    /// One flaw a string is enough to refuse it, and bounds what hostile bytes make us remember.
    fn note(&mut self, at: usize, kind: FaultKind) {
        self.flaw.get_or_insert_with(|| Fault::new(at, kind));
    }
}

const EVERY_BYTE: u64 = 0x0101_0101_0101_0101;
const TOP_BITS: u64 = 0x8080_8080_8080_8080;

/// The offset of the next quote, backslash or control character, eight bytes at a step.
/// Clears `ascii` where a byte of the run may be beyond ASCII.
#[inline]
fn plain_run(bytes: &[u8], mut at: usize, ascii: &mut bool) -> usize {
    let mut seen = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        seen |= word;
        let special = special_bytes(word);
        if special != 0 {
            *ascii &= seen & TOP_BITS == 0;
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    *ascii &= seen & TOP_BITS == 0;
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\' | 0..0x20) {
            break;
        }
        *ascii &= byte.is_ascii();
        at += 1;
    }
    at
}

/// The top bit of each byte that is a quote, a backslash or a control character. Bytes above the
/// lowest one set may be set wrongly (the borrow travels upwards), so only that one is to be used.
fn special_bytes(word: u64) -> u64 {
    let quote = word ^ (EVERY_BYTE * b'"' as u64);
    let slash = word ^ (EVERY_BYTE * b'\\' as u64);
    let quotes = quote.wrapping_sub(EVERY_BYTE) & !quote;
    let slashes = slash.wrapping_sub(EVERY_BYTE) & !slash;
    let controls = word.wrapping_sub(EVERY_BYTE * 0x20) & !word;
    (quotes | slashes | controls) & TOP_BITS
}

/// The UTF-16 code unit of the `\uXXXX` at `at`.
fn code_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let [b'\\', b'u', digits @ ..] = bytes.get(at..)?.first_chunk::<6>()? else {
        return None;
    };
    digits.iter().try_fold(0, |unit, digit| {
        Some(unit * 16 + char::from(*digit).to_digit(16)?)
    })
}

fn follows_low_surrogate(bytes: &[u8], at: usize) -> bool {
    matches!(code_unit(bytes, at), Some(0xDC00..=0xDFFF))
}

/// The character of the escape that `tail` begins with, and the bytes it takes.
fn unescape(tail: &[u8]) -> (char, usize) {
    match tail.get(1) {
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'n') => ('\n', 2),
        Some(b'r') => ('\r', 2),
        Some(b't') => ('\t', 2),
        Some(b'u') => match (code_unit(tail, 0), code_unit(tail, 6)) {
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                let point = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                (
                    char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER),
                    12,
                )
            }
            (Some(unit), _) => (
                char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
                6,
            ),
            (None, _) => (char::REPLACEMENT_CHARACTER, 2),
        },
        Some(byte) => (char::from(*byte), 2),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}
