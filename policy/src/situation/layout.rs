//! A situation as bytes, for the deletable sidecar: what a later policy needs to judge the same
//! event again.
//!
//! It holds facts in the policy's own names, never a value of the event: no identifier, no address,
//! and an age only as the side of each threshold it lies on. The same situation always gives the
//! same bytes.
//!
//! # Layout, version 2
//!
//! No other version is read: version 1 could not tell opting in again from a consent.
//!
//! ```text
//! situation = version at place age records signals lists gates present
//! version   = 0x02
//! at        = instant
//! place     = 0x00                        unknown
//!           | 0x01 country                country: two upper-case ASCII letters
//!           | 0x02 country name           with its region: one to three of A to Z, 0 to 9
//! age       = at-least under may-be-under
//!               one byte each; bits 0 to 6 belong to 13 14 15 16 18 21 25
//!               at-least:     known to be that old or older
//!               under:        known to be younger; both zero where nothing is known,
//!                             else each the complement of the other
//!               may-be-under: something says that the person may be younger
//! records   = count (name record)*        by purpose
//! record    = flags [choice] [instant] [instant] [instant] choices opt-ins
//!               flags: 1 general choice, 2 objection, 4 opt-out, 8 opt-in;
//!               the brackets are in this order
//! choices   = count (name choice)*        for one recipient, by recipient
//! opt-ins   = count (name instant)*       to one recipient, by recipient
//! choice    = state instant               state: 0 expired, 1 given, 2 refused, 3 withdrawn
//! signals   = count (signal heard)*       heard: 0 grants, 1 refuses, 2 unreadable
//! signal    = 0x00                        our records
//!           | 0x01                        Global Privacy Control
//!           | 0x02 name                   Segment consent, by category
//!           | 0x03 count byte*            TCF purposes
//!           | 0x04 name                   GPP field
//!           | 0x05 name                   Google Consent Mode signal
//! lists     = count name*
//! gates     = count (name instant)*
//! present   = count name*
//! name      = count byte*                 UTF-8
//! instant   = 8 bytes                     signed, big-endian: milliseconds since
//!                                         1970-01-01T00:00:00Z
//! count     = 1 to 5 bytes                unsigned LEB128, the shortest form, at most 4294967295
//! ```
//!
//! Lists are strictly ascending in the order of their keys, and nothing follows the last one: every
//! situation has one form, and a reader refuses all others.

mod read;
mod write;

use super::{Age, Situation};

/// Ages that a recorded situation can tell apart. A clause that asks for another one cannot be
/// judged again exactly.
pub const AGE_THRESHOLDS: [u8; 7] = [13, 14, 15, 16, 18, 21, 25];

/// The newest version of the layout: what [`Situation::encode`] writes.
pub const LAYOUT_VERSION: u8 = 2;
const EVERY_THRESHOLD: u8 = 0x7f;

/// Why bytes are no recorded situation. Says where, never what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Written by a version of the layout that is not known here.
    #[error("situation layout version {0} is not known")]
    Version(u8),
    /// Not the one form that the layout gives a situation.
    #[error("recorded situation is malformed at byte {0}")]
    Malformed(usize),
}

impl Situation {
    /// The situation as bytes of the layout's newest version.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write::situation(self)
    }

    /// Reads a recorded situation. An age comes back as the youngest that its thresholds allow; all
    /// else as it was.
    ///
    /// # Errors
    /// [`DecodeError::Version`] for a layout from a newer release, [`DecodeError::Malformed`] for
    /// anything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        read::situation(bytes)
    }
}

/// An age as the sides of its thresholds: at least, under, may be under.
fn age_bits(age: Age) -> [u8; 3] {
    let bits = |is_set: &dyn Fn(u8) -> bool| {
        let set = AGE_THRESHOLDS
            .iter()
            .enumerate()
            .filter(|(_, threshold)| is_set(**threshold));
        set.fold(0_u8, |bits, (bit, _)| bits | 1 << bit)
    };
    [
        bits(&|threshold| age.years.is_some_and(|years| years >= threshold)),
        bits(&|threshold| age.years.is_some_and(|years| years < threshold)),
        bits(&|threshold| age.may_be_under.is_some_and(|said| said <= threshold)),
    ]
}

/// The youngest age with these sides; none where no age has them.
fn age_of([at_least, under, may_be_under]: [u8; 3]) -> Option<Age> {
    let mut reached = AGE_THRESHOLDS
        .iter()
        .enumerate()
        .filter(|(bit, _)| at_least >> bit & 1 == 1);
    let years = match at_least | under {
        0 => None,
        _ => Some(reached.next_back().map_or(0, |(_, threshold)| *threshold)),
    };
    let mut said = AGE_THRESHOLDS
        .iter()
        .enumerate()
        .filter(|(bit, _)| may_be_under >> bit & 1 == 1);
    let age = Age {
        years,
        may_be_under: said.next().map(|(_, threshold)| *threshold),
    };
    let is_known_form = [0, EVERY_THRESHOLD].contains(&(at_least | under));
    (is_known_form && age_bits(age) == [at_least, under, may_be_under]).then_some(age)
}

#[cfg(test)]
mod tests;
