//! What is known about one event, one person and one instant: the input of a decision.
//!
//! Everything here is already resolved by somebody else (the gateway, an in-file test, a replay):
//! this module has no opinion on where facts come from. It speaks the policy's own names for
//! purposes, recipients, lists and gates, so that a recorded situation can be judged again by
//! another policy. A fact that was not looked up is absent, never false.

mod layout;

use std::collections::{BTreeMap, BTreeSet};

pub use layout::{AGE_THRESHOLDS, DecodeError, LAYOUT_VERSION};

use crate::ast::SignalName;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

/// Everything a policy may ask about an event at one instant.
///
/// Where several identifiers of one event name several people, this holds the most protective
/// answer of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// The instant these facts are about.
    pub at: Millis,
    /// Where the person is; none where unknown or where the origins disagree: then every regime
    /// applies.
    pub place: Option<Place>,
    /// How old the person is, as far as anything says.
    pub age: Age,
    /// What the kept records say, by purpose name.
    pub records: BTreeMap<String, Record>,
    /// What was heard with the event. A signal that is not in here was absent.
    pub signals: BTreeMap<SignalName, Heard>,
    /// Lists (by name) the person is on.
    pub lists: BTreeSet<String>,
    /// Gates by identifier (`DPIA-2026-014`, `bias audit`): the instant until which (DPIA), or
    /// since which (audit), they hold.
    pub gates: BTreeMap<String, Millis>,
    /// Names of the categories present in the event.
    pub present: BTreeSet<String>,
}

/// ISO 3166-1 alpha-2 country with, where known, its ISO 3166-2 region (`US`, `US-CA`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    country: [u8; 2],
    region: Option<String>,
}

impl Place {
    /// Reads `DE`, `de`, `US-CA`. Anything else is no place.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let mut parts = code.trim().splitn(2, '-');
        let country: [u8; 2] = parts
            .next()?
            .to_ascii_uppercase()
            .into_bytes()
            .try_into()
            .ok()?;
        if !country.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let region = match parts.next() {
            None => None,
            Some(region)
                if (1..=3).contains(&region.len())
                    && region.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
            {
                Some(region.to_ascii_uppercase())
            }
            Some(_) => return None,
        };
        Some(Self { country, region })
    }

    /// The two-letter country code.
    #[must_use]
    pub fn country(&self) -> &str {
        std::str::from_utf8(&self.country).unwrap_or("??")
    }

    /// The region within the country, without the country: `CA`.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

/// How old a person is. Silence is not evidence of childhood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Age {
    /// Whole years, where something the policy trusts says so and nothing disagrees.
    pub years: Option<u8>,
    /// The lowest age in years below which *something* says the person may be; none where nothing
    /// does. (A source directed to children says 13; two birth dates that disagree say the lower
    /// age plus one.)
    pub may_be_under: Option<u8>,
}

/// What our records say of one person about one purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The latest act that holds for any recipient.
    pub general: Option<Choice>,
    /// Latest acts that hold for one recipient only, by its name. A later one wins over the general
    /// one for that recipient.
    pub recipients: BTreeMap<String, Choice>,
    /// A kept objection (GDPR Art. 21), since when.
    pub objection: Option<Millis>,
    /// A kept opt-out (CCPA 1798.120), since when.
    pub opt_out: Option<Millis>,
    /// The latest act of opting in again that holds for any recipient. It lifts earlier opt-outs
    /// and is never a consent.
    pub opt_in: Option<Millis>,
    /// The latest acts of opting in again to one recipient only, by its name (11 CCR 7028(a)).
    pub opt_ins: BTreeMap<String, Millis>,
}

/// One kept act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What was chosen.
    pub state: ChoiceState,
    /// When. A consent never reaches back before its own act.
    pub since: Millis,
}

/// States of a kept choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum ChoiceState {
    Expired,
    Given,
    Refused,
    Withdrawn,
}

/// What a signal that was present said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Heard {
    /// Present, and says yes (to a consent), or `does not opt out`.
    Grants,
    /// Present, and says no, or `opts out`.
    Refuses,
    /// Present, and cannot be understood, or contradicts itself. Blocks.
    Unreadable,
}
