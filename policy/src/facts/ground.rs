//! Whether the ground a purpose stands on is met for this person, where they are (GDPR Art. 6(1),
//! 21; CCPA 1798.120).

use crate::ast::{Basis, Ground, Purpose};
use crate::facts::{Known, Truth, consent, opt_out, place};
use crate::situation::Situation;
use crate::vocabulary::is_below;

/// Whether every ground stated for the person's place is met; where the place is unknown, every
/// ground stated. A place that no ground is stated for has none.
pub(super) fn met(purpose: &Purpose, recipient: &str, situation: &Situation) -> Known {
    let here = purpose
        .bases
        .iter()
        .map(|basis| &basis.node)
        .filter(|basis| may_be_due(basis, situation));
    let known: Vec<Known> = here
        .map(|basis| ground_met(basis.ground, purpose, recipient, situation))
        .collect();
    if known.is_empty() {
        return Known::of(Truth::No);
    }
    // The person's record decides where it alone would have; otherwise what cannot be read
    // outweighs a plain no.
    let find = |wanted: fn(&Known) -> bool| known.iter().copied().find(wanted);
    find(|known| known.truth == Truth::No && known.by_own_record)
        .or_else(|| find(|known| known.truth == Truth::No))
        .or_else(|| find(|known| known.truth == Truth::Unreadable))
        .unwrap_or_else(|| Known::of(Truth::Yes))
}

fn may_be_due(basis: &Basis, situation: &Situation) -> bool {
    let words = basis.places.iter().map(|place| &place.node);
    basis.places.is_empty() || place::within_any(words, situation) != Truth::No
}

fn ground_met(ground: Ground, purpose: &Purpose, recipient: &str, situation: &Situation) -> Known {
    match ground {
        Ground::Consent => consent::given(purpose, recipient, situation),
        Ground::NoticeAndOptOut => {
            let out = opt_out::opts_out(purpose, recipient, situation);
            let truth = match out.truth {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown | Truth::Unreadable => out.truth,
            };
            Known { truth, ..out }
        }
        Ground::LegitimateInterest | Ground::PublicInterest => unless_objected(purpose, situation),
        Ground::Contract | Ground::LegalObligation | Ground::VitalInterests => {
            if is_below(&purpose.word.node, "marketing") {
                unless_objected(purpose, situation)
            } else {
                Known::of(Truth::Yes)
            }
        }
    }
}

/// An objection ends processing on these grounds (Art. 21(1)), and direct marketing on any of them
/// (Art. 21(2), (3)).
fn unless_objected(purpose: &Purpose, situation: &Situation) -> Known {
    let record = situation.records.get(&purpose.name.node);
    if record.is_some_and(|record| record.objection.is_some()) {
        Known::by_own_record(Truth::No)
    } else {
        Known::of(Truth::Yes)
    }
}
