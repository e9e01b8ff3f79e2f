//! Deciding: what the policy says, and the few reasons of our own to say no.

use policy::situation::Millis;
use policy::verdict::{CapRule, EventId, Reason};
use policy::{Permit, Refusal, Verdict};

use consent::{CapTicket, Consent, SubjectId};

use crate::facts::Facts;
use crate::plan::Plan;

/// Why an event does not go: the policy's reasons, and those of the gateway itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// A clause, or that there is none.
    Policy(Reason),
    /// Its person has had as many as a clause allows.
    Cap,
    /// Deciding it failed. Nothing leaves of what we do not understand.
    Fault,
    /// The flow is no longer in the policy or the configuration.
    Gone,
    /// The recipient's outbox is full.
    Overflow,
    /// An operator stopped its source, recipient or purpose.
    Stopped,
    /// The policy became stricter than the form in which it waits.
    Stricter,
    /// It is longer than the protocol allows.
    TooLarge,
    /// It cannot be read whole.
    Unreadable,
}

impl Why {
    /// The word used in entries, metrics and JSON.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Policy(reason) => reason.word(),
            Self::Cap => "cap",
            Self::Fault => "fault",
            Self::Gone => "gone",
            Self::Overflow => "overflow",
            Self::Stopped => "stopped",
            Self::Stricter => "stricter",
            Self::TooLarge => "too-large",
            Self::Unreadable => "unreadable",
        }
    }
}

/// A no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) why: Why,
    pub(crate) clauses: Vec<String>,
    /// Only then may the sidecar name the person.
    pub(crate) by_own_record: bool,
}

impl Refused {
    /// A no that no clause speaks.
    pub(crate) fn because(why: Why) -> Self {
        Self {
            why,
            clauses: Vec::new(),
            by_own_record: false,
        }
    }

    /// What is counted: one clause names the refusal.
    pub(crate) fn clause(&self) -> String {
        self.clauses.first().cloned().unwrap_or_default()
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            why: Why::Policy(refusal.reason),
            clauses: refusal
                .clauses
                .iter()
                .map(|label| label.0.to_string())
                .collect(),
            by_own_record: refusal.by_own_record,
        }
    }
}

/// Which flow is asked about, by the policy's names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow<'f> {
    pub(crate) source: &'f str,
    pub(crate) recipient: &'f str,
    pub(crate) purpose: &'f str,
}

/// Asks the policy. Where the answer is yes, it is good for `event` only.
///
/// # Errors
/// The refusal.
pub(crate) fn decide(
    plan: &Plan,
    flow: Flow<'_>,
    event: EventId,
    facts: &Facts,
) -> Result<Permit, Refused> {
    let policy = plan.policy();
    let Some(flow) = policy.flow(flow.source, flow.recipient, flow.purpose) else {
        return Err(Refused::because(Why::Gone));
    };
    match policy.evaluate(flow, event, &facts.happened, &facts.now) {
        Verdict::Permit(permit) => Ok(permit),
        Verdict::Refused(refusal) => Err(refusal.into()),
    }
}

/// Counts the event against the caps of its permit. The tickets become durable with its entry.
///
/// # Errors
/// A refusal that names the clause whose cap is reached. What other caps counted stays counted: a
/// cap is never passed, at worst it is reached early.
pub(crate) fn take_caps(
    caps: &[CapRule],
    subjects: &[SubjectId],
    now: Millis,
    consent: &Consent,
) -> Result<Vec<CapTicket>, Refused> {
    let counters = consent.caps();
    caps.iter()
        .map(|cap| {
            let taken = counters.try_take(subjects, &cap.clause.0, cap.per, cap.events, now);
            taken.map_err(|_| Refused {
                clauses: vec![cap.clause.0.to_string()],
                ..Refused::because(Why::Cap)
            })
        })
        .collect()
}
