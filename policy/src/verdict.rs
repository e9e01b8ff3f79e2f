//! What `evaluate` says: a permit that cannot be forged, or a refusal with its clauses.

use std::sync::Arc;

use crate::ast::{CapWindow, Edit};

/// Names one event to one recipient; a permit is good for this one only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventId(pub [u8; 16]);

/// A flow (source to recipient for a purpose) of one compiled policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub(crate) u32);

/// A clause's number: `A1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub Arc<str>);

/// The answer to "may it go?".
#[derive(Debug)]
#[must_use]
pub enum Verdict {
    /// It may go, in the form the permit states.
    Permit(Permit),
    /// It may not.
    Refused(Refusal),
}

/// Leave to send one event to one recipient for one purpose, in one stated form.
///
/// Minted only by [`crate::Policy::evaluate`]; consumed by whoever writes the outgoing body.
#[derive(Debug)]
#[must_use]
pub struct Permit {
    pub(crate) event: EventId,
    pub(crate) flow: FlowId,
    pub(crate) policy: [u8; 32],
    pub(crate) clauses: Vec<Label>,
    pub(crate) program: Arc<EditProgram>,
}

impl Permit {
    /// The event it is good for.
    #[must_use]
    pub fn event(&self) -> EventId {
        self.event
    }

    /// The flow it is good for.
    #[must_use]
    pub fn flow(&self) -> FlowId {
        self.flow
    }

    /// Hash of the one policy version that decided.
    #[must_use]
    pub fn policy(&self) -> &[u8; 32] {
        &self.policy
    }

    /// The allow clauses it rests on.
    #[must_use]
    pub fn clauses(&self) -> &[Label] {
        &self.clauses
    }

    /// What may leave, and how.
    #[must_use]
    pub fn program(&self) -> &EditProgram {
        &self.program
    }
}

/// A verdict that is only looked at: for `why`, in-file tests and replay. It carries no leave to
/// send anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It might have gone.
    Permitted {
        /// The allow clauses it rests on.
        clauses: Vec<Label>,
        /// What might have left, and how.
        program: Arc<EditProgram>,
    },
    /// It may not.
    Refused(Refusal),
}

/// What may leave on a flow, already merged from all clauses that allow: whatever is not in it does
/// not exist downstream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditProgram {
    /// One step a category, in the order of the policy's categories.
    pub steps: Vec<Step>,
    /// Tightest caps of all clauses that allow.
    pub caps: Vec<CapRule>,
}

/// One category's way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The category's name in the policy.
    pub category: Arc<str>,
    /// Where it is found, as JSON paths (`$.traits.email`).
    pub paths: Arc<[String]>,
    /// What is done to it; none says it leaves as it is. The strictest edit of all clauses that
    /// list it.
    pub edit: Option<Edit>,
}

/// At most so many events per person in a window, counted for a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapRule {
    /// The clause that says so.
    pub clause: Label,
    /// How many.
    pub events: u32,
    /// UTC day or ISO week.
    pub per: CapWindow,
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The policy version that decided.
    pub policy: [u8; 32],
    /// The clauses that stopped it; empty where no clause allows.
    pub clauses: Vec<Label>,
    /// The reason in one word of a closed list.
    pub reason: Reason,
    /// Whether the person's own kept record (not a signal, a gate or silence) decided: only then
    /// may the sidecar name them.
    pub by_own_record: bool,
}

/// Reasons of a refusal, one for each step of the fixed resolution order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A `never` clause.
    Never,
    /// The policy is not (or no longer) in force, or a DPIA, audit or transfer tool is missing or
    /// past its date.
    Gate,
    /// A `block` clause whose condition is true.
    Block,
    /// A `block` clause whose condition rests on a signal that cannot be read.
    Unreadable,
    /// Clauses allow this flow, but not for this person: their conditions are not provably met.
    NotMet,
    /// No clause allows this flow.
    NoClause,
}

impl Reason {
    /// The word used in entries, metrics and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Gate => "gate",
            Self::Block => "block",
            Self::Unreadable => "unreadable",
            Self::NotMet => "not-met",
            Self::NoClause => "no-clause",
        }
    }

    /// The reason as a sentence's end, for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Never => "a never clause forbids it",
            Self::Gate => {
                "a gate is closed: the policy is not in force, or a paper is missing or past its date"
            }
            Self::Block => "a block clause applies",
            Self::Unreadable => "a block clause rests on a signal that cannot be read",
            Self::NotMet => "the conditions of the clauses that allow it are not provably met",
            Self::NoClause => "no clause allows it",
        }
    }
}
