//! Acts as frames of the reserve file: the one form of an act that must outlive the database.
//!
//! A version byte, then each field in order: numbers big-endian, texts and lists with a 16-bit
//! length before them, an optional field with a byte 0 or 1 before it. Nothing may follow.

use policy::situation::Millis;

use crate::SubjectId;
use crate::act::{Act, ActId, ActKind, ConsentRecord, Notice};

const VERSION: u8 = 1;

/// A record that has no entry yet, as a frame.
pub(crate) fn write(record: &ConsentRecord) -> Vec<u8> {
    let act = &record.act;
    let mut out = vec![VERSION];
    out.extend(act.id.0);
    out.push(act.kind.code());
    for Millis(time) in [act.at, record.since, record.recorded] {
        out.extend(time.to_be_bytes());
    }
    option(&mut out, act.expires, |out, Millis(time)| {
        out.extend(time.to_be_bytes())
    });
    length(&mut out, act.subjects.len());
    for subject in &act.subjects {
        out.extend(subject.as_bytes());
    }
    text(&mut out, &act.purpose);
    option(&mut out, act.recipient.as_deref(), text);
    text(&mut out, &act.mechanism);
    option(&mut out, act.notice.as_ref(), |out, notice| {
        text(out, &notice.version);
        out.extend(notice.hash);
    });
    out
}

/// Reads a frame; none if it is not one that [`write`] makes.
pub(crate) fn read(frame: &[u8]) -> Option<ConsentRecord> {
    let mut bytes = Reader(frame);
    if bytes.byte()? != VERSION {
        return None;
    }
    let id = ActId(bytes.fixed()?);
    let kind = ActKind::from_code(bytes.byte()?)?;
    let (at, since, recorded) = (bytes.time()?, bytes.time()?, bytes.time()?);
    let expires = bytes.option(Reader::time)?;
    let count = bytes.length()?;
    let subjects: Option<Vec<SubjectId>> = (0..count)
        .map(|_| bytes.fixed().map(SubjectId::from_bytes))
        .collect();
    let act = Act {
        id,
        subjects: subjects?,
        purpose: bytes.text()?,
        recipient: bytes.option(Reader::text)?,
        kind,
        at,
        mechanism: bytes.text()?,
        notice: bytes.option(|bytes| {
            Some(Notice {
                version: bytes.text()?,
                hash: bytes.fixed()?,
            })
        })?,
        expires,
    };
    (bytes.0.is_empty() && act.check().is_ok()).then_some(ConsentRecord {
        act,
        since,
        recorded,
        entry: None,
    })
}

/// Lengths were checked with the act: all are below 2^16.
fn length(out: &mut Vec<u8>, length: usize) {
    out.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    length(out, text.len());
    out.extend(text.as_bytes());
}

fn option<T>(out: &mut Vec<u8>, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        write(out, value);
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.fixed().map(u8::from_be_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        self.fixed().map(u16::from_be_bytes).map(usize::from)
    }

    fn time(&mut self) -> Option<Millis> {
        self.fixed().map(i64::from_be_bytes).map(Millis)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.length()?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(head).ok().map(str::to_owned)
    }

    /// The outer option is whether it could be read.
    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            1 => read(self).map(Some),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> ConsentRecord {
        ConsentRecord {
            act: Act {
                id: ActId([1; 16]),
                subjects: vec![
                    SubjectId::from_bytes([2; 16]),
                    SubjectId::from_bytes([3; 16]),
                ],
                purpose: "personalised ads".to_owned(),
                recipient: Some("Meta Ads".to_owned()),
                kind: ActKind::Given,
                at: Millis(-5),
                notice: Some(Notice {
                    version: "7".to_owned(),
                    hash: [4; 32],
                }),
                mechanism: "banner".to_owned(),
                expires: Some(Millis(99)),
            },
            since: Millis(7),
            recorded: Millis(8),
            entry: None,
        }
    }

    #[test]
    fn a_frame_gives_back_what_was_written() {
        let bare = ConsentRecord {
            act: Act {
                recipient: None,
                notice: None,
                expires: None,
                ..full().act
            },
            ..full()
        };
        for record in [full(), bare] {
            assert_eq!(read(&write(&record)), Some(record));
        }
    }

    #[test]
    fn a_cut_longer_or_newer_frame_is_none() {
        let frame = write(&full());
        for cut in 0..frame.len() {
            assert_eq!(read(&frame[..cut]), None, "{cut}");
        }
        assert_eq!(read(&[frame.as_slice(), &[0]].concat()), None);
        let mut newer = frame;
        newer[0] = VERSION + 1;
        assert_eq!(read(&newer), None);
    }
}
