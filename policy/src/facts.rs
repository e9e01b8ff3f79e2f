//! What a situation says about each fact that a flow's clauses ask for: resolved once, then only
//! bits are looked at.
//!
//! This is where the law's small print lives: what counts as a consent, when it lapses, what an
//! unknown place means. It does not know clauses; how facts join into a verdict is `evaluate`'s
//! business.

mod age;
mod choice;
mod consent;
mod gate;
mod ground;
mod heard;
mod opt_out;
mod place;

pub(crate) use gate::BIAS_AUDIT;

use crate::ast::Condition;
use crate::compile::{Atom, Bits, Compiled, FlowTable, Mask};
use crate::situation::{Heard, Situation};
use crate::verdict::FlowId;

/// The facts of one flow in one situation, ready to be decided on.
///
/// Made by [`crate::Policy::facts`]; it holds on to the policy, so that no other policy's clauses
/// can be put to it.
#[derive(Clone, Debug)]
pub struct Facts<'policy> {
    pub(crate) table: &'policy FlowTable,
    words: Box<[Word]>,
}

/// 64 facts. A fact in none of the first three planes is unknown.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    yes: u64,
    no: u64,
    unreadable: u64,
    /// Settled by what the person did and we kept, whatever signals say.
    own: u64,
}

/// What is known of one fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// Whether it holds.
    pub(crate) truth: Truth,
    /// Whether the person's own kept record alone settles it.
    pub(crate) by_own_record: bool,
}

/// Whether a fact holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Nothing says.
    Unknown,
    /// Something says, but it cannot be understood.
    Unreadable,
}

impl Known {
    /// Nothing says.
    const UNKNOWN: Self = Self {
        truth: Truth::Unknown,
        by_own_record: false,
    };

    /// Known without the person's own record.
    pub(crate) fn of(truth: Truth) -> Self {
        Self {
            truth,
            by_own_record: false,
        }
    }

    /// Settled by the person's own record.
    pub(crate) fn by_own_record(truth: Truth) -> Self {
        Self {
            truth,
            by_own_record: true,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// Resolves every fact of a flow. None where the policy has no such flow.
pub(crate) fn resolve<'policy>(
    compiled: &'policy Compiled,
    flow: FlowId,
    situation: &Situation,
) -> Option<Facts<'policy>> {
    let table = compiled.flow(flow)?;
    let mut words = vec![Word::default(); table.atoms.len().div_ceil(64)];
    for (word, atoms) in words.iter_mut().zip(table.atoms.chunks(64)) {
        for (bit, atom) in atoms.iter().enumerate() {
            word.note(1 << bit, known(compiled, table, atom, situation));
        }
    }
    Some(Facts {
        table,
        words: words.into(),
    })
}

/// What a situation says of one fact.
pub(crate) fn known(
    compiled: &Compiled,
    table: &FlowTable,
    atom: &Atom,
    situation: &Situation,
) -> Known {
    match atom {
        Atom::Person(condition) => of_person(compiled, table, condition, situation),
        Atom::Present(category) => {
            let name = compiled
                .categories
                .get(*category)
                .map(|category| &category.name);
            Known::of(
                name.is_some_and(|name| situation.present.contains(&**name))
                    .into(),
            )
        }
        Atom::InForce(from, until) => Known::of(gate::in_force(*from, *until, situation).into()),
        Atom::DpiaOnFile(id) => Known::of(gate::dpia_on_file(id, situation).into()),
        Atom::AuditFresh(every) => Known::of(gate::audit_fresh(*every, situation).into()),
        Atom::TransferUntil(until) => Known::of((situation.at < *until).into()),
    }
}

fn of_person(
    compiled: &Compiled,
    table: &FlowTable,
    condition: &Condition,
    situation: &Situation,
) -> Known {
    let record = situation.records.get(&*table.info.purpose);
    let recipient = &*table.info.recipient;
    let purpose = compiled.file.purposes.get(table.purpose);
    match condition {
        Condition::LawfulBasisMet => purpose.map_or(Known::UNKNOWN, |purpose| {
            ground::met(purpose, recipient, situation)
        }),
        Condition::NotKnownUnder(years) => {
            Known::of((!age::known_under(situation.age, *years)).into())
        }
        Condition::KnownAtLeast(years) => {
            Known::of(age::known_at_least(situation.age, *years).into())
        }
        Condition::MayBeUnder(years) => Known::of(age::may_be_under(situation.age, *years).into()),
        Condition::In(words) => Known::of(place::within_any(words, situation)),
        Condition::OptsOut => purpose.map_or(Known::UNKNOWN, |purpose| {
            opt_out::opts_out(purpose, recipient, situation)
        }),
        Condition::Objects => {
            let objects = record.is_some_and(|record| record.objection.is_some());
            Known {
                truth: objects.into(),
                by_own_record: objects,
            }
        }
        Condition::OnList(list) => Known::of(situation.lists.contains(list).into()),
        Condition::OptsInAfter(named) => {
            // An opt-in to one recipient lifts nothing for another.
            let said = record
                .filter(|_| *named == *recipient)
                .and_then(|record| choice::opts_out(record, named, situation.at));
            let again = said == Some(Heard::Grants);
            Known {
                truth: again.into(),
                by_own_record: again,
            }
        }
    }
}

impl Word {
    fn note(&mut self, bit: u64, known: Known) {
        match known.truth {
            Truth::Yes => self.yes |= bit,
            Truth::No => self.no |= bit,
            Truth::Unreadable => self.unreadable |= bit,
            Truth::Unknown => {}
        }
        if known.by_own_record {
            self.own |= bit;
        }
    }
}

impl Facts<'_> {
    /// Whether all of these are known true.
    pub(crate) fn all_yes(&self, mask: &Mask) -> bool {
        mask.terms
            .iter()
            .all(|term| self.word(term.word).yes & term.bits == term.bits)
    }

    /// Whether one of these is known true.
    pub(crate) fn some_yes(&self, mask: &Mask) -> bool {
        mask.terms
            .iter()
            .any(|term| self.word(term.word).yes & term.bits != 0)
    }

    /// Whether none of these is known false.
    pub(crate) fn none_no(&self, mask: &Mask) -> bool {
        mask.terms
            .iter()
            .all(|term| self.word(term.word).no & term.bits == 0)
    }

    /// Those of these that are not known false, by number.
    pub(crate) fn not_no(&self, mask: &Mask) -> impl Iterator<Item = usize> {
        mask.terms.iter().flat_map(|term| {
            Bits(term.bits & !self.word(term.word).no).map(|bit| term.word * 64 + bit)
        })
    }

    /// Whether one of these cannot be understood.
    pub(crate) fn some_unreadable(&self, mask: &Mask) -> bool {
        mask.terms
            .iter()
            .any(|term| self.word(term.word).unreadable & term.bits != 0)
    }

    /// Whether one of these is known true because of the person's own record.
    pub(crate) fn some_own_yes(&self, mask: &Mask) -> bool {
        self.some(mask, |word| word.own & word.yes)
    }

    /// Whether one of these is known false because of the person's own record.
    pub(crate) fn some_own_no(&self, mask: &Mask) -> bool {
        self.some(mask, |word| word.own & word.no)
    }

    fn some(&self, mask: &Mask, plane: impl Fn(Word) -> u64) -> bool {
        mask.terms
            .iter()
            .any(|term| plane(self.word(term.word)) & term.bits != 0)
    }

    /// A word that is not there knows nothing.
    fn word(&self, number: usize) -> Word {
        self.words.get(number).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
