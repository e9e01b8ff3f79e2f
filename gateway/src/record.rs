//! Entries and sidecars of decisions: what is said in the tree, and what may be known beside it.

use consent::{ActId, SubjectId};
use ledger::{Draft, Owner};
use policy::Situation;
use policy::situation::{LAYOUT_VERSION, Millis};
use proof::Hash;
use proof::entry::{Body, CLAUSES_MAX, Stage, Verdict};
use proof::sidecar::{Edit, FACT_BYTES_MAX, FactBits, Sidecar};

use crate::decide::{Flow, Refused};
use crate::gateway::Shared;

/// The most consent records that one sidecar names.
const RECORDS_MAX: usize = 64;

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
    /// The kept acts that counted; of a refusal only where the person's own record decided.
    pub(crate) records: Vec<ActId>,
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
            records: Vec::new(),
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
                layout: u64::from(LAYOUT_VERSION),
                bits,
            }),
            clauses: clauses.clone(),
            edits: self.edits,
            records: self
                .records
                .iter()
                .take(RECORDS_MAX)
                .map(|act| act.0)
                .collect(),
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

/// The kept acts that counted for a flow.
pub(crate) fn records(
    shared: &Shared,
    flow: Flow<'_>,
    subjects: &[SubjectId],
    at: Millis,
) -> Vec<ActId> {
    shared
        .consent
        .relied_on(subjects, flow.purpose, flow.recipient, at)
}
