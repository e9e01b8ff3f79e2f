//! The fixed order in which clauses are asked: never, gates, block, allow; then what may leave, and
//! how.
//!
//! No clause order, no precedence, no combining algorithm: moving sentences about in a policy
//! changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::compile::{AllowRule, Compiled, Rule, Stops, merge};
use crate::facts::{self, Facts};
use crate::situation::Situation;
use crate::verdict::{Answer, EditProgram, FlowId, Label, Reason, Refusal};

/// A decision before anybody asks which clauses made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It may go.
    Permitted,
    /// It may not.
    Refused(Reason),
}

impl Facts<'_> {
    /// Decides. Mask tests over the flow's clauses: no allocation, no lookup by name.
    #[must_use]
    pub fn decide(&self) -> Decided {
        let table = self.table;
        if table.nevers.firing(self).next().is_some() {
            return Decided::Refused(Reason::Never);
        }
        if !self.all_yes(&table.gates) {
            return Decided::Refused(Reason::Gate);
        }
        let is_certain = table
            .blocks
            .firing(self)
            .map(|block| !self.some_unreadable(&block.open));
        match is_certain.max() {
            Some(true) => return Decided::Refused(Reason::Block),
            Some(false) => return Decided::Refused(Reason::Unreadable),
            None => {}
        }
        if table.allows.is_empty() {
            return Decided::Refused(Reason::NoClause);
        }
        if table.allows.iter().any(|allow| allow.rule.fires(self)) {
            Decided::Permitted
        } else {
            Decided::Refused(Reason::NotMet)
        }
    }
}

impl Rule {
    /// Whether the clause says what it says, here.
    pub(crate) fn fires(&self, facts: &Facts<'_>) -> bool {
        facts.none_no(&self.open)
            && facts.all_yes(&self.needs)
            && self.some.as_ref().is_none_or(|some| facts.some_yes(some))
            && !self
                .lifted_by
                .iter()
                .any(|exception| facts.all_yes(exception))
    }
}

/// The answer for an event: permitted only if both instants permit; `now` is asked first, and its
/// clauses are cited.
///
/// What leaves is what both instants let leave, each category in the stricter form.
pub(crate) fn answer(
    compiled: &Compiled,
    flow: FlowId,
    happened: &Situation,
    now: &Situation,
) -> Answer {
    let (clauses, program) = match at_one_instant(compiled, flow, now) {
        Answer::Permitted { clauses, program } => (clauses, program),
        Answer::Refused(refusal) => return Answer::Refused(refusal),
    };
    if happened == now {
        return Answer::Permitted { clauses, program };
    }
    match at_one_instant(compiled, flow, happened) {
        Answer::Refused(refusal) => Answer::Refused(refusal),
        Answer::Permitted { program: then, .. } if Arc::ptr_eq(&program, &then) => {
            Answer::Permitted { clauses, program }
        }
        Answer::Permitted { program: then, .. } => Answer::Permitted {
            clauses,
            program: Arc::new(merge::both(&program, &then)),
        },
    }
}

fn at_one_instant(compiled: &Compiled, flow: FlowId, situation: &Situation) -> Answer {
    let refused = |reason, clauses, by_own_record| {
        Answer::Refused(Refusal {
            policy: compiled.hash,
            clauses,
            reason,
            by_own_record,
        })
    };
    let Some(facts) = facts::resolve(compiled, flow, situation) else {
        return refused(Reason::NoClause, Vec::new(), false);
    };
    match facts.decide() {
        Decided::Permitted => {
            let allows: Vec<_> = facts
                .table
                .allows
                .iter()
                .filter(|allow| allow.rule.fires(&facts))
                .collect();
            let clauses = allows
                .iter()
                .map(|allow| allow.rule.label.clone())
                .collect();
            Answer::Permitted {
                clauses,
                program: program(compiled, &facts, &allows),
            }
        }
        Decided::Refused(reason) => refused(
            reason,
            stopped_by(&facts, reason),
            by_own_record(&facts, reason),
        ),
    }
}

/// What leaves where these clauses allow; made ready beforehand for the usual case of one clause
/// and nothing forbidden.
fn program(compiled: &Compiled, facts: &Facts<'_>, allows: &[&AllowRule]) -> Arc<EditProgram> {
    let forbidden: BTreeSet<usize> = facts
        .table
        .forbids
        .iter()
        .filter(|forbid| facts.none_no(&forbid.open))
        .flat_map(|forbid| forbid.categories.iter().copied())
        .collect();
    match allows {
        [only]
            if only
                .forms
                .iter()
                .all(|(category, _)| !forbidden.contains(category)) =>
        {
            only.alone.clone()
        }
        several => Arc::new(merge::program(&compiled.categories, several, &forbidden)),
    }
}

/// The clauses of the step that refused, in the order of the policy.
fn stopped_by(facts: &Facts<'_>, reason: Reason) -> Vec<Label> {
    let table = facts.table;
    let fired = |rules: &Stops| -> Vec<Label> {
        rules
            .iter()
            .filter(|rule| rule.fires(facts))
            .map(|rule| rule.label.clone())
            .collect()
    };
    let mut clauses = match reason {
        Reason::Never => fired(&table.nevers),
        Reason::Block | Reason::Unreadable => fired(&table.blocks),
        Reason::NotMet => table
            .allows
            .iter()
            .map(|allow| allow.rule.label.clone())
            .collect(),
        Reason::Gate | Reason::NoClause => Vec::new(),
    };
    clauses.dedup();
    clauses
}

/// Whether the person's own record was enough: a `block` rests on it, or it fails every `allow`
/// there is.
fn by_own_record(facts: &Facts<'_>, reason: Reason) -> bool {
    let table = facts.table;
    match reason {
        Reason::Block => table
            .blocks
            .firing(facts)
            .any(|block| !facts.some_unreadable(&block.open) && facts.some_own_yes(&block.open)),
        Reason::NotMet => table
            .allows
            .iter()
            .all(|allow| facts.some_own_no(&allow.rule.needs)),
        Reason::Never | Reason::Gate | Reason::Unreadable | Reason::NoClause => false,
    }
}

#[cfg(test)]
mod tests;
