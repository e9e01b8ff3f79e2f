//! Deterministic CBOR (RFC 8949, section 4.2.1), as little of it as entries and sidecars need.
//!
//! Maps have unsigned integer keys in ascending order, lengths are definite, and every head has its
//! shortest form. So each value has exactly one encoding, and the reader accepts no other.

use thiserror::Error;

#[cfg(test)]
mod tests;

/// Major types of RFC 8949, section 3.1.
const UINT: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// Why bytes are not the one accepted encoding.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CborError {
    /// The bytes end within a value.
    #[error("the bytes end within a value")]
    Truncated,
    /// Bytes follow the value.
    #[error("bytes follow the end")]
    Trailing,
    /// A value is of another type than its place needs.
    #[error("a value is of the wrong type")]
    Type,
    /// A number or length is not in its shortest form, or a length is indefinite.
    #[error("a number or length is not in its shortest form")]
    NotShortest,
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    Utf8,
    /// A byte string has the wrong length.
    #[error("a byte string has the wrong length")]
    Length,
    /// A key of a map is missing.
    #[error("key {0} is missing")]
    KeyMissing(u64),
    /// A key of a map is unknown, repeated or out of order.
    #[error("key {0} is unknown, repeated or out of order")]
    KeyUnexpected(u64),
}

/// Writes values one after another, as the values of a [`MapWriter`].
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: Vec<u8>,
}

impl Writer {
    pub(crate) fn uint(&mut self, value: u64) {
        self.head(UINT, value);
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.head(BYTES, value.len() as u64);
        self.out.extend_from_slice(value);
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.head(TEXT, value.len() as u64);
        self.out.extend_from_slice(value.as_bytes());
    }

    pub(crate) fn array(&mut self, items: usize) {
        self.head(ARRAY, items as u64);
    }

    fn head(&mut self, major: u8, value: u64) {
        let major = major << 5;
        match (
            u8::try_from(value),
            u16::try_from(value),
            u32::try_from(value),
        ) {
            (Ok(small @ 0..=23), ..) => self.out.push(major | small),
            (Ok(byte), ..) => self.out.extend_from_slice(&[major | 24, byte]),
            (Err(_), Ok(short), _) => self.argument(major | 25, &short.to_be_bytes()),
            (Err(_), Err(_), Ok(word)) => self.argument(major | 26, &word.to_be_bytes()),
            (Err(_), Err(_), Err(_)) => self.argument(major | 27, &value.to_be_bytes()),
        }
    }

    fn argument(&mut self, initial: u8, argument: &[u8]) {
        self.out.push(initial);
        self.out.extend_from_slice(argument);
    }
}

/// Gathers the pairs of a map, whose number is only known at its end.
#[derive(Debug, Default)]
pub(crate) struct MapWriter {
    pairs: u64,
    body: Writer,
}

impl MapWriter {
    /// Starts the value of `key`; the caller adds keys in ascending order.
    pub(crate) fn key(&mut self, key: u64) -> &mut Writer {
        self.pairs += 1;
        self.body.uint(key);
        &mut self.body
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.head(MAP, self.pairs);
        writer.out.extend(self.body.out);
        writer.out
    }
}

/// Reads values one after another.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn uint(&mut self) -> Result<u64, CborError> {
        self.expect(UINT)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], CborError> {
        let length = self.expect(BYTES)?;
        self.take(length)
    }

    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], CborError> {
        self.bytes()?.try_into().map_err(|_| CborError::Length)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, CborError> {
        let length = self.expect(TEXT)?;
        std::str::from_utf8(self.take(length)?).map_err(|_| CborError::Utf8)
    }

    /// The number of items that follow. Every item takes at least a byte, so that a hostile count
    /// cannot make a caller reserve memory.
    pub(crate) fn array(&mut self) -> Result<usize, CborError> {
        let items = self.expect(ARRAY)?;
        match usize::try_from(items) {
            Ok(items) if items <= self.rest.len() => Ok(items),
            Ok(_) | Err(_) => Err(CborError::Truncated),
        }
    }

    pub(crate) fn map(&mut self) -> Result<MapReader<'_, 'a>, CborError> {
        Ok(MapReader {
            pairs: self.expect(MAP)?,
            reader: self,
        })
    }

    pub(crate) fn end(&self) -> Result<(), CborError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(CborError::Trailing)
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<u64, CborError> {
        let (major, value) = self.head()?;
        if major == wanted {
            Ok(value)
        } else {
            Err(CborError::Type)
        }
    }

    /// One head: the major type and its argument, in the shortest form only.
    fn head(&mut self) -> Result<(u8, u64), CborError> {
        let [initial] = self.array_of::<1>()?;
        let (value, least) = match initial & 0x1f {
            small @ 0..=23 => (u64::from(small), 0),
            24 => (u64::from(u8::from_be_bytes(self.array_of()?)), 24),
            25 => (u64::from(u16::from_be_bytes(self.array_of()?)), 0x100),
            26 => (u64::from(u32::from_be_bytes(self.array_of()?)), 0x1_0000),
            27 => (u64::from_be_bytes(self.array_of()?), 0x1_0000_0000),
            _ => return Err(CborError::NotShortest),
        };
        if value < least {
            return Err(CborError::NotShortest);
        }
        Ok((initial >> 5, value))
    }

    fn array_of<const N: usize>(&mut self) -> Result<[u8; N], CborError> {
        let (bytes, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(CborError::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], CborError> {
        let length = usize::try_from(length).map_err(|_| CborError::Truncated)?;
        let (bytes, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(CborError::Truncated)?;
        self.rest = rest;
        Ok(bytes)
    }
}

/// Reads the pairs of a map in ascending order of their keys. A key that is out of order or
/// repeated is never the next one asked for, so it is found as unexpected.
#[derive(Debug)]
#[must_use]
pub(crate) struct MapReader<'r, 'a> {
    reader: &'r mut Reader<'a>,
    pairs: u64,
}

impl<'a> MapReader<'_, 'a> {
    /// Moves to the value of `key`.
    pub(crate) fn required(&mut self, key: u64) -> Result<&mut Reader<'a>, CborError> {
        match self.next_key()? {
            Some(next) if next == key => self.enter(),
            Some(next) if next < key => Err(CborError::KeyUnexpected(next)),
            Some(_) | None => Err(CborError::KeyMissing(key)),
        }
    }

    /// Moves to the value of `key`, if it is the next one.
    pub(crate) fn optional(&mut self, key: u64) -> Result<Option<&mut Reader<'a>>, CborError> {
        match self.next_key()? {
            Some(next) if next == key => self.enter().map(Some),
            Some(_) | None => Ok(None),
        }
    }

    /// Checks that no pair is left.
    pub(crate) fn end(self) -> Result<(), CborError> {
        self.next_key()?
            .map_or(Ok(()), |key| Err(CborError::KeyUnexpected(key)))
    }

    fn next_key(&self) -> Result<Option<u64>, CborError> {
        if self.pairs == 0 {
            return Ok(None);
        }
        Reader::new(self.reader.rest).uint().map(Some)
    }

    fn enter(&mut self) -> Result<&mut Reader<'a>, CborError> {
        self.reader.uint()?;
        self.pairs = self.pairs.saturating_sub(1);
        Ok(self.reader)
    }
}
