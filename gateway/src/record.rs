//! Entries and sidecars of decisions: what is said in the tree, and what may be known beside it.

use consent::SubjectId;
use ledger::{Draft, Owner};
use policy::Situation;
use policy::situation::Millis;
use proof::Hash;
use proof::entry::{Body, CLAUSES_MAX, Stage, Verdict};
use proof::sidecar::{Edit, FACT_BYTES_MAX, FactBits, Sidecar};

use crate::decide::{Flow, Refused};

/// The layout of [`Situation::encode`] that stands in sidecars.
const FACTS_LAYOUT: u64 = 1;

/// Everything about a decision that is recorded.
#[derive(Debug)]
pub(crate) struct Decided<'d> {
    pub(crate) stage: Stage,
    pub(crate) policy: [u8; 32],
    pub(crate) flow: Flow<'d>,
    pub(crate) verdict: Verdict,
    pub(crate) clauses: Vec<String>,
    pub(crate) reason: Option<&'static str>,
    pub(crate) decided: Millis,
    /// What was known; none where the event could not be read.
    pub(crate) known: Option<&'d Situation>,
    pub(crate) happened: Option<Millis>,
    /// Whose evidence this is; a refusal names a person only where their own record decided.
    pub(crate) owner: Option<SubjectId>,
    pub(crate) edits: Vec<Edit>,
}

impl<'d> Decided<'d> {
    /// A refusal.
    pub(crate) fn refused(
        stage: Stage,
        policy: [u8; 32],
        flow: Flow<'d>,
        refused: &Refused,
        decided: Millis,
    ) -> Self {
        Self {
            stage,
            policy,
            flow,
            verdict: Verdict::Refused,
            clauses: refused.clauses.clone(),
            reason: Some(refused.why.word()),
            decided,
            known: None,
            happened: None,
            owner: None,
            edits: Vec::new(),
        }
    }

    /// The entry to be.
    pub(crate) fn draft(self) -> Draft {
        let facts = self.known.map(Situation::encode);
        // A situation with more lists than fit is left out: "cannot tell" is an answer.
        let facts = facts.filter(|bits| bits.len() <= FACT_BYTES_MAX);
        let mut clauses = self.clauses;
        let sidecar = Sidecar {
            occurred_ms: self.happened.and_then(|at| u64::try_from(at.0).ok()),
            decided_ms: u64::try_from(self.decided.0).unwrap_or_default(),
            facts: facts.map(|bits| FactBits {
                layout: FACTS_LAYOUT,
                bits,
            }),
            clauses: clauses.clone(),
            edits: self.edits,
            records: Vec::new(),
            owner: None,
            sent: None,
        };
        clauses.truncate(CLAUSES_MAX);
        let body = Body::Decision {
            stage: self.stage,
            policy: Hash::from_bytes(self.policy),
            source: self.flow.source.to_owned(),
            recipient: self.flow.recipient.to_owned(),
            purpose: self.flow.purpose.to_owned(),
            verdict: self.verdict,
            clauses,
            reason: self.reason.map(str::to_owned),
        };
        let owner = self.owner.map(|subject| Owner(*subject.as_bytes()));
        Draft {
            body,
            sidecar: Some(sidecar),
            owner,
        }
    }
}
