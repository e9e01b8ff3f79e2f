//! What is kept of an event for deciding again at send time: facts and pseudonyms, never a value.
//!
//! Each field is a length (four bytes, big-endian) and its bytes; the first one is the version.

use consent::SubjectId;
use policy::Situation;

use crate::config::Format;

const VERSION: u8 = 1;

/// Facts of an event that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) source: String,
    pub(crate) purpose: String,
    /// What the body is written in.
    pub(crate) format: Format,
    /// Whom it names.
    pub(crate) subjects: Vec<SubjectId>,
    /// What was known when it happened; its choices are looked up anew.
    pub(crate) happened: Situation,
    /// The categories that the policy knew: [`crate::plan::Plan::layout`].
    pub(crate) layout: [u8; 32],
    /// What is in the body.
    pub(crate) written: Vec<Written>,
}

/// One category in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) category: String,
    /// The edit that was made; in this program's own words, so that only an equal one matches.
    pub(crate) edit: String,
}

impl Kept {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.bytes(&[VERSION]);
        out.bytes(self.source.as_bytes());
        out.bytes(self.purpose.as_bytes());
        out.bytes(&[self.format.code()]);
        let subjects: Vec<u8> = self
            .subjects
            .iter()
            .flat_map(|subject| *subject.as_bytes())
            .collect();
        out.bytes(&subjects);
        out.bytes(&self.happened.encode());
        out.bytes(&self.layout);
        for written in &self.written {
            out.bytes(written.category.as_bytes());
            out.bytes(written.edit.as_bytes());
        }
        out.finish()
    }

    /// Reads what [`Kept::encode`] wrote; an age comes back as the youngest it may have been.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Reader::new(bytes);
        if fields.array::<1>()? != [VERSION] {
            return None;
        }
        let (source, purpose) = (fields.text()?, fields.text()?);
        let [format] = fields.array()?;
        let (subjects, rest) = fields.bytes()?.as_chunks::<16>();
        if !rest.is_empty() {
            return None;
        }
        let mut kept = Self {
            source,
            purpose,
            format: Format::from_code(format)?,
            subjects: subjects
                .iter()
                .map(|bytes| SubjectId::from_bytes(*bytes))
                .collect(),
            happened: Situation::decode(fields.bytes()?).ok()?,
            layout: fields.array()?,
            written: Vec::new(),
        };
        while !fields.is_empty() {
            kept.written.push(Written {
                category: fields.text()?,
                edit: fields.text()?,
            });
        }
        Some(kept)
    }
}

/// Writes fields.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        // INVARIANT: limits on bodies keep every field below 4 GiB; one that is not cannot be read
        // back.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads them back.
pub(super) struct Reader<'r>(&'r [u8]);

impl<'r> Reader<'r> {
    pub(super) fn new(bytes: &'r [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&mut self) -> Option<&'r [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (field, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        self.0 = rest;
        Some(field)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes()?.try_into().ok()
    }

    pub(super) fn text(&mut self) -> Option<String> {
        std::str::from_utf8(self.bytes()?).ok().map(str::to_owned)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Written};
    use crate::config::Format;
    use consent::SubjectId;
    use policy::Situation;
    use policy::situation::{Millis, Place};

    fn kept() -> Kept {
        Kept {
            source: "web shop".to_owned(),
            purpose: "ads".to_owned(),
            format: Format::Segment,
            subjects: vec![
                SubjectId::from_bytes([1; 16]),
                SubjectId::from_bytes([2; 16]),
            ],
            happened: Situation {
                at: Millis(1_700_000_000_000),
                place: Place::parse("US-CA"),
                ..Situation::default()
            },
            layout: [9; 32],
            written: vec![Written {
                category: "email".to_owned(),
                edit: "Sha256".to_owned(),
            }],
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        assert_eq!(Kept::decode(&kept().encode()), Some(kept()));
    }

    #[test]
    fn a_cut_row_is_not_read() {
        let bytes = kept().encode();
        for end in (0..bytes.len()).filter(|end| *end != bytes.len() - 19) {
            // A cut between two fields of the list is a shorter list; every other cut is seen.
            let cut = Kept::decode(&bytes[..end]);
            assert!(cut.is_none_or(|cut| cut.written.is_empty()), "{end}");
        }
    }
}
