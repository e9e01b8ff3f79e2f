//! Clauses that can stop an event, found by the facts that are not known false, so that a thousand
//! clauses which do not apply cost a few words and not a thousand tests.

use super::{Atom, Mask, Rule};
use crate::ast::Condition;
use crate::facts::Facts;

/// `never` or `block` clauses of one flow.
#[derive(Debug, Default)]
pub(crate) struct Stops {
    /// In the order of the policy.
    rules: Box<[Rule]>,
    /// Rules that no single fact can rule out.
    unguarded: Box<[usize]>,
    /// Facts that guard rules: while one is known false, none of its rules fires.
    guards: Mask,
    /// By fact: the rules it guards.
    guarded: Box<[Box<[usize]>]>,
}

impl Stops {
    /// Sorts rules under their guards.
    pub(crate) fn new(rules: Vec<Rule>, atoms: &[Atom]) -> Self {
        let mut guarded = vec![Vec::new(); atoms.len()];
        let mut unguarded = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let guard = rule
                .open
                .iter()
                .max_by_key(|fact| atoms.get(*fact).map_or(0, selectivity));
            match guard.and_then(|guard| guarded.get_mut(guard)) {
                Some(under) => under.push(number),
                None => unguarded.push(number),
            }
        }
        let is_guard = |fact: &usize| guarded.get(*fact).is_some_and(|under| !under.is_empty());
        Self {
            guards: Mask::of((0..atoms.len()).filter(is_guard)),
            guarded: guarded.into_iter().map(Vec::into_boxed_slice).collect(),
            unguarded: unguarded.into(),
            rules: rules.into(),
        }
    }

    /// Every rule, in the order of the policy.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }

    /// The rules that fire, in no order that means anything.
    pub(crate) fn firing<'rules>(
        &'rules self,
        facts: &'rules Facts<'_>,
    ) -> impl Iterator<Item = &'rules Rule> {
        let live = facts
            .not_no(&self.guards)
            .filter_map(|fact| self.guarded.get(fact))
            .flatten();
        let numbers = self.unguarded.iter().chain(live);
        numbers
            .filter_map(|number| self.rules.get(*number))
            .filter(|rule| rule.fires(facts))
    }
}

/// How likely a fact is to be known false, so that its clauses need not be looked at.
fn selectivity(atom: &Atom) -> u8 {
    match atom {
        Atom::Person(Condition::OnList(_)) => 4,
        Atom::Person(
            Condition::Objects
            | Condition::OptsInAfter(_)
            | Condition::MayBeUnder(_)
            | Condition::OptsOut,
        ) => 3,
        Atom::Person(Condition::In(_)) => 2,
        Atom::Person(
            Condition::LawfulBasisMet | Condition::NotKnownUnder(_) | Condition::KnownAtLeast(_),
        )
        | Atom::Present(_)
        | Atom::InForce(..)
        | Atom::DpiaOnFile(_)
        | Atom::AuditFresh(_)
        | Atom::TransferUntil(_) => 1,
    }
}
