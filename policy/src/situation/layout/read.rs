//! Reads the layout, and nothing but the layout.

use std::collections::{BTreeMap, BTreeSet};

use super::{DecodeError, LAYOUT_VERSION, age_of};
use crate::ast::SignalName;
use crate::situation::{Choice, ChoiceState, Heard, Millis, Place, Record, Situation};

pub(super) fn situation(bytes: &[u8]) -> Result<Situation, DecodeError> {
    let mut reader = Reader { rest: bytes };
    let malformed = |reader: &Reader<'_>| DecodeError::Malformed(bytes.len() - reader.rest.len());
    match reader.byte() {
        Some(LAYOUT_VERSION) => {}
        Some(other) => return Err(DecodeError::Version(other)),
        None => return Err(malformed(&reader)),
    }
    let situation = reader.situation().ok_or_else(|| malformed(&reader))?;
    if reader.rest.is_empty() {
        Ok(situation)
    } else {
        Err(malformed(&reader))
    }
}

/// What has not been read yet. Every method gives none where the layout is not kept.
struct Reader<'bytes> {
    rest: &'bytes [u8],
}

impl Reader<'_> {
    fn situation(&mut self) -> Option<Situation> {
        Some(Situation {
            at: self.instant()?,
            place: self.place()?,
            age: age_of([self.byte()?, self.byte()?, self.byte()?])?,
            records: self.map(Self::name, Self::record)?,
            signals: self.map(Self::signal, Self::heard)?,
            lists: self.set()?,
            gates: self.map(Self::name, Self::instant)?,
            present: self.set()?,
        })
    }

    fn place(&mut self) -> Option<Option<Place>> {
        let has_region = match self.byte()? {
            0 => return Some(None),
            1 => false,
            2 => true,
            _ => return None,
        };
        let mut code = std::str::from_utf8(self.take(2)?).ok()?.to_owned();
        if has_region {
            code.push('-');
            code.push_str(&self.name()?);
        }
        let place = Place::parse(&code)?;
        let canonical = match place.region() {
            Some(region) => format!("{}-{region}", place.country()),
            None => place.country().to_owned(),
        };
        (canonical == code).then_some(Some(place))
    }

    fn record(&mut self) -> Option<Record> {
        let flags = self.byte().filter(|flags| *flags < 16)?;
        let mut record = Record::default();
        if flags & 1 != 0 {
            record.general = Some(self.choice()?);
        }
        if flags & 2 != 0 {
            record.objection = Some(self.instant()?);
        }
        if flags & 4 != 0 {
            record.opt_out = Some(self.instant()?);
        }
        if flags & 8 != 0 {
            record.opt_in = Some(self.instant()?);
        }
        record.recipients = self.map(Self::name, Self::choice)?;
        record.opt_ins = self.map(Self::name, Self::instant)?;
        Some(record)
    }

    fn choice(&mut self) -> Option<Choice> {
        let state = match self.byte()? {
            0 => ChoiceState::Expired,
            1 => ChoiceState::Given,
            2 => ChoiceState::Refused,
            3 => ChoiceState::Withdrawn,
            _ => return None,
        };
        Some(Choice {
            state,
            since: self.instant()?,
        })
    }

    fn signal(&mut self) -> Option<SignalName> {
        Some(match self.byte()? {
            0 => SignalName::OurRecords,
            1 => SignalName::GlobalPrivacyControl,
            2 => SignalName::Segment(self.name()?),
            3 => {
                let count = self.count()?;
                SignalName::Tcf(self.take(count)?.to_vec())
            }
            4 => SignalName::Gpp(self.name()?),
            5 => SignalName::ConsentMode(self.name()?),
            _ => return None,
        })
    }

    fn heard(&mut self) -> Option<Heard> {
        match self.byte()? {
            0 => Some(Heard::Grants),
            1 => Some(Heard::Refuses),
            2 => Some(Heard::Unreadable),
            _ => None,
        }
    }

    fn set(&mut self) -> Option<BTreeSet<String>> {
        Some(self.map(Self::name, |_| Some(()))?.into_keys().collect())
    }

    /// Strictly ascending keys with their values.
    fn map<K: Ord, V>(
        &mut self,
        key: impl Fn(&mut Self) -> Option<K>,
        value: impl Fn(&mut Self) -> Option<V>,
    ) -> Option<BTreeMap<K, V>> {
        let mut map = BTreeMap::new();
        for _ in 0..self.count()? {
            let key = key(self)?;
            if map.last_key_value().is_some_and(|(last, _)| *last >= key) {
                return None;
            }
            map.insert(key, value(self)?);
        }
        Some(map)
    }

    fn name(&mut self) -> Option<String> {
        let count = self.count()?;
        Some(std::str::from_utf8(self.take(count)?).ok()?.to_owned())
    }

    fn instant(&mut self) -> Option<Millis> {
        let (head, rest) = self.rest.split_first_chunk::<8>()?;
        self.rest = rest;
        Some(Millis(i64::from_be_bytes(*head)))
    }

    /// Unsigned LEB128 in its shortest form.
    fn count(&mut self) -> Option<usize> {
        let mut value = 0_u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let is_shortest = byte != 0 || shift == 0;
                return usize::try_from(u32::try_from(value).ok()?)
                    .ok()
                    .filter(|_| is_shortest);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }
}
