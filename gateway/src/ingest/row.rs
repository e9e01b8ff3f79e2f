//! One decision, ready to be recorded: its entry to be, its body, and how it is counted.

use std::sync::Arc;

use ledger::Draft;
use policy::Permit;
use policy::verdict::Step;
use proof::entry::{Stage, Verdict};
use proof::sidecar;

use super::judge::Known;
use crate::counts::Tally;
use crate::decide::{Flow, Refused};
use crate::gateway::Shared;
use crate::plan::Plan;
use crate::record::{Decided, records};
use crate::sanitize::{Addressed, Sanitized, words};

/// One event to one recipient for one purpose.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) recipient: String,
    pub(crate) purpose: String,
    pub(crate) draft: Draft,
    pub(crate) outgoing: Option<Sanitized>,
    pub(crate) generation: u64,
    pub(crate) tally: Tally,
    pub(crate) clauses: Vec<String>,
    pub(crate) edited: Vec<Arc<str>>,
    #[cfg(feature = "controls")]
    pub(crate) stale: Option<crate::facts::Facts>,
}

impl Row {
    /// A yes, with its body. `None` where the body cannot be written on this permit.
    pub(super) fn sent(
        shared: &Shared,
        plan: &Plan,
        flow: Flow<'_>,
        known: &Known<'_, '_>,
        permit: Permit,
    ) -> Option<Self> {
        let clauses: Vec<String> = permit
            .clauses()
            .iter()
            .map(|label| label.0.to_string())
            .collect();
        let edits = edits(&permit.program().steps, known);
        let policy = *permit.policy();
        let addressed = Addressed {
            id: permit.event(),
            event: known.event,
            event_type: known.event_type,
            source: flow.source,
            recipient: flow.recipient,
            purpose: flow.purpose,
            subjects: known.subjects,
            happened: &known.facts.happened,
        };
        let sanitized = Sanitized::write(permit, &addressed, plan, &shared.keys)?;
        #[cfg(feature = "controls")]
        let sanitized = crate::controls::leak_raw_body(shared, known.event, sanitized);
        let is_edited = sanitized.edited();
        let decided = Decided {
            stage: Stage::Collect,
            policy,
            flow,
            verdict: if is_edited {
                Verdict::Edited
            } else {
                Verdict::Sent
            },
            clauses: clauses.clone(),
            reason: None,
            decided: known.facts.now.at,
            known: Some(&known.facts.now),
            happened: Some(known.facts.happened.at),
            owner: known.subjects.first().copied(),
            edits,
            records: records(shared, flow, known.subjects, known.facts.now.at),
        };
        Some(Self {
            recipient: flow.recipient.to_owned(),
            purpose: flow.purpose.to_owned(),
            draft: decided.draft(),
            generation: known.generation,
            tally: Tally::Sent { edited: is_edited },
            clauses,
            edited: sanitized.edited_categories().to_vec(),
            outgoing: Some(sanitized),
            #[cfg(feature = "controls")]
            stale: Some(known.facts.clone()),
        })
    }

    /// A no. Of an event that could not be read nothing is known.
    pub(super) fn refused(
        shared: &Shared,
        plan: &Plan,
        flow: Flow<'_>,
        refused: &Refused,
        known: Option<&Known<'_, '_>>,
    ) -> Self {
        let policy = *plan.policy().hash();
        let now = shared.consent.now();
        let owner = known.filter(|_| refused.by_own_record);
        let decided = Decided {
            known: known.map(|known| &known.facts.now),
            happened: known.map(|known| known.facts.happened.at),
            owner: owner.and_then(|known| known.subjects.first().copied()),
            records: owner.map_or_else(Vec::new, |known| {
                records(shared, flow, known.subjects, known.facts.now.at)
            }),
            ..Decided::refused(Stage::Collect, policy, flow, refused, now)
        };
        Self {
            recipient: flow.recipient.to_owned(),
            purpose: flow.purpose.to_owned(),
            draft: decided.draft(),
            outgoing: None,
            generation: 0,
            tally: Tally::Refused {
                clause: refused.clause(),
                why: refused.why,
            },
            clauses: refused.clauses.clone(),
            edited: Vec::new(),
            #[cfg(feature = "controls")]
            stale: None,
        }
    }
}

/// What was done to which path, for the categories that are present.
fn edits(steps: &[Step], known: &Known<'_, '_>) -> Vec<sidecar::Edit> {
    let present = &known.facts.now.present;
    let steps = steps
        .iter()
        .filter(|step| present.contains(&*step.category));
    let edits = steps.flat_map(|step| {
        step.paths.iter().map(|path| sidecar::Edit {
            path: fitting(path.clone()),
            category: fitting(step.category.to_string()),
            words: fitting(words(step.edit.as_ref())),
        })
    });
    edits.collect()
}

/// A sidecar's texts are short; what a policy says at length is cut, never a reason to fail.
fn fitting(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(sidecar::TEXT_BYTES_MAX));
    text
}
