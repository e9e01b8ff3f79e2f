//! One flow's table: every clause that speaks about it, as masks over the facts it needs.

mod build;

pub(crate) use build::Builder;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Mask, Stops};
use crate::ast::{Cap, Condition, Edit, Period};
use crate::policy::FlowInfo;
use crate::situation::Millis;
use crate::verdict::{EditProgram, Label};

/// A distinct fact that some clause of a flow asks for. Its number is its place in
/// [`FlowTable::atoms`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Atom {
    /// Something about the person, the place or the ground.
    Person(Condition),
    /// The category of this number is in the event.
    Present(usize),
    /// The policy is in force: from the first instant, until before the second.
    InForce(Option<Millis>, Option<Millis>),
    /// The assessment of this name is on file and not past its date.
    DpiaOnFile(String),
    /// The last passed audit is at most this old.
    AuditFresh(Period),
    /// The recipient's transfer tool still holds: until before this instant.
    TransferUntil(Millis),
}

/// A clause on one flow. It *fires* where what it needs is known, nothing it looks at is known
/// false, and nothing lifts it.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The clause's number.
    pub(crate) label: Label,
    /// All must be known true: the conditions of an `allow`.
    pub(crate) needs: Mask,
    /// None may be known false: the conditions of a `block` or `never`, which unknown and
    /// unreadable facts meet too.
    pub(crate) open: Mask,
    /// At least one must be known true, if there are any: forbidden categories that are in the
    /// event.
    pub(crate) some: Option<Mask>,
    /// Any of these, if all in it is known true, lifts the clause.
    pub(crate) lifted_by: Box<[Mask]>,
}

/// An `allow` clause on one flow.
#[derive(Clone, Debug)]
pub(crate) struct AllowRule {
    /// When it allows.
    pub(crate) rule: Rule,
    /// What may leave, by category number, ascending, and how.
    pub(crate) forms: Box<[(usize, Option<Edit>)]>,
    /// How often.
    pub(crate) caps: Box<[Cap]>,
    /// What leaves where this is the only clause that allows.
    pub(crate) alone: Arc<EditProgram>,
}

/// A `never` about data, on one flow: whatever else happens, these categories are in no edit
/// program.
#[derive(Clone, Debug)]
pub(crate) struct Forbid {
    /// Where it holds: none may be known false.
    pub(crate) open: Mask,
    /// Forbidden categories, by number.
    pub(crate) categories: BTreeSet<usize>,
}

/// Everything the policy says about one flow.
#[derive(Debug)]
pub(crate) struct FlowTable {
    /// Its names.
    pub(crate) info: FlowInfo,
    /// Its purpose, by number.
    pub(crate) purpose: usize,
    /// What its clauses ask for.
    pub(crate) atoms: Box<[Atom]>,
    /// All must be known true before anything goes.
    pub(crate) gates: Mask,
    /// `never` clauses.
    pub(crate) nevers: Stops,
    /// `never` clauses about data, once more, as what they take out of programs.
    pub(crate) forbids: Box<[Forbid]>,
    /// `block` clauses.
    pub(crate) blocks: Stops,
    /// `allow` clauses.
    pub(crate) allows: Box<[AllowRule]>,
}
