//! Why an event may or may not go: every clause that speaks of its flow, whether it held, and what
//! decided that.
//!
//! It asks the same tables and facts as the gateway, so that an explanation cannot drift from a
//! decision.

mod sentence;
mod words;

use std::collections::BTreeMap;

use crate::compile::{Atom, Compiled, FlowTable, Mask, Rule};
use crate::facts::{self, Facts, Known, Truth};
use crate::policy::Policy;
use crate::situation::Situation;
use crate::verdict::{Answer, FlowId, Label};

/// An explanation of one verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The verdict.
    pub answer: Answer,
    /// What must be in order before anything goes, each in words, with whether it is.
    pub gates: Vec<(String, bool)>,
    /// Every clause of the flow: nevers, blocks, allows.
    pub clauses: Vec<ClauseWhy>,
}

/// What one clause had to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseWhy {
    /// Its number.
    pub label: Label,
    /// Its sentences, as written.
    pub sentence: String,
    /// Whether it applied.
    pub holds: Holds,
    /// The conditions that settled it, in words.
    pub because: Vec<String>,
}

/// Whether a clause applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holds {
    /// It did.
    Yes,
    /// It did not.
    No,
    /// A fact it needs is not known: a `never` or `block` applies, an `allow` does not.
    CannotTell,
    /// A signal it needs cannot be read: a `never` or `block` applies, an `allow` does not.
    Unreadable,
}

/// Explains what the policy says of a flow in a situation. None for a flow of another policy.
#[must_use]
pub fn why(policy: &Policy, flow: FlowId, situation: &Situation) -> Option<Explanation> {
    let compiled = &policy.compiled;
    let facts = facts::resolve(compiled, flow, situation)?;
    let sentences = sentence::by_label(&compiled.text, &compiled.file);
    let asked = Asked {
        compiled,
        table: facts.table,
        facts: &facts,
        situation,
        sentences,
    };
    let table = facts.table;
    let gates = table
        .gates
        .iter()
        .filter_map(|number| table.atoms.get(number));
    let stopping = table
        .nevers
        .iter()
        .chain(table.blocks.iter())
        .map(|rule| asked.stopping(rule));
    let allowing = table.allows.iter().map(|allow| asked.allowing(&allow.rule));
    let mut clauses: Vec<ClauseWhy> = stopping.chain(allowing).collect();
    clauses.dedup();
    Some(Explanation {
        answer: policy.answer(flow, situation, situation),
        gates: gates.map(|gate| asked.gate(gate)).collect(),
        clauses,
    })
}

/// One flow in one situation.
struct Asked<'asked> {
    compiled: &'asked Compiled,
    table: &'asked FlowTable,
    facts: &'asked Facts<'asked>,
    situation: &'asked Situation,
    sentences: BTreeMap<String, String>,
}

impl Asked<'_> {
    fn gate(&self, gate: &Atom) -> (String, bool) {
        let known = facts::known(self.compiled, self.table, gate, self.situation);
        (words::of(self.compiled, gate), known.truth == Truth::Yes)
    }

    /// A `never` or `block`: one condition known false, or one exception known true, and it does
    /// not apply.
    fn stopping(&self, rule: &Rule) -> ClauseWhy {
        let conditions: Vec<_> = self
            .known(&rule.open)
            .into_iter()
            .chain(self.known(&rule.needs))
            .collect();
        let found = rule
            .some
            .iter()
            .flat_map(|some| self.known(some))
            .collect::<Vec<_>>();
        let lifting = rule
            .lifted_by
            .iter()
            .find(|exception| self.facts.all_yes(exception));
        if rule.fires(self.facts) {
            let all: Vec<_> = conditions
                .into_iter()
                .chain(found.into_iter().filter(is(Truth::Yes)))
                .collect();
            return self.clause(rule, worst(&all), &all);
        }
        let settled: Vec<_> = match lifting {
            Some(exception) => self.known(exception),
            None => conditions
                .into_iter()
                .chain(found)
                .filter(|known| !is(Truth::Yes)(known))
                .collect(),
        };
        self.clause(rule, Holds::No, &settled)
    }

    /// An `allow`: it holds where every condition is known true.
    fn allowing(&self, rule: &Rule) -> ClauseWhy {
        let conditions = self.known(&rule.needs);
        if rule.fires(self.facts) {
            return self.clause(rule, Holds::Yes, &conditions);
        }
        let missing: Vec<_> = conditions
            .into_iter()
            .filter(|known| !is(Truth::Yes)(known))
            .collect();
        let holds = if missing.iter().any(is(Truth::No)) {
            Holds::No
        } else {
            worst(&missing)
        };
        self.clause(rule, holds, &missing)
    }

    fn known(&self, mask: &Mask) -> Vec<(&Atom, Known)> {
        let atoms = mask
            .iter()
            .filter_map(|number| self.table.atoms.get(number));
        atoms
            .map(|atom| {
                (
                    atom,
                    facts::known(self.compiled, self.table, atom, self.situation),
                )
            })
            .collect()
    }

    fn clause(&self, rule: &Rule, holds: Holds, settled: &[(&Atom, Known)]) -> ClauseWhy {
        let because = settled.iter().map(|(atom, known)| {
            format!(
                "{}: {}",
                words::of(self.compiled, atom),
                words::truth(*known)
            )
        });
        ClauseWhy {
            label: rule.label.clone(),
            sentence: self
                .sentences
                .get(&*rule.label.0)
                .cloned()
                .unwrap_or_default(),
            holds,
            because: because.collect(),
        }
    }
}

fn is<'atom>(truth: Truth) -> impl Fn(&(&'atom Atom, Known)) -> bool {
    move |(_, known)| known.truth == truth
}

fn worst(settled: &[(&Atom, Known)]) -> Holds {
    if settled.iter().any(is(Truth::Unreadable)) {
        Holds::Unreadable
    } else if settled.iter().any(is(Truth::Unknown)) {
        Holds::CannotTell
    } else {
        Holds::Yes
    }
}

#[cfg(test)]
mod tests;
