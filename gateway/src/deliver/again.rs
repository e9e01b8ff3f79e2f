//! Deciding again at send time: the event's own facts as they were kept, everybody's choices as
//! they are now, and the policy that is active now.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ledger::{Draft, Recorded};
use policy::Permit;
use proof::entry::{Stage, Verdict};

use crate::decide::{self, Flow, Refused, Why};
use crate::egress::Target;
use crate::facts;
use crate::gateway::Shared;
use crate::plan::Plan;
use crate::queue::Held;
use crate::recent::RecentDecision;
use crate::record::{Decided, records};
use crate::sanitize::{Kept, Sanitized};

/// What deciding again came to.
pub(super) enum Again {
    /// It may go; a draft where that is worth an entry.
    Go {
        permit: Permit,
        draft: Option<Draft>,
    },
    /// It may not.
    Refused { refusal: Refusal, draft: Draft },
}

/// A refusal at send time.
pub(super) struct Refusal {
    refused: Refused,
    source: String,
    purpose: String,
}

/// Where a body goes; none where no route leads there any more.
pub(super) fn target(shared: &Shared, recorded: &Recorded<Sanitized>) -> Option<Arc<Target>> {
    let kept = Kept::decode(recorded.facts())?;
    let recipient = &recorded.meta().recipient;
    shared
        .target(&kept.source, recipient, &kept.purpose, kept.format)
        .map(Arc::clone)
}

/// Decides again about one event. Where deciding fails, the answer is no.
pub(super) fn decide(shared: &Shared, plan: &Plan, held: &Held) -> Again {
    catch_unwind(AssertUnwindSafe(|| decide_now(shared, plan, held))).unwrap_or_else(|_| {
        let kept = Kept::decode(held.recorded.facts());
        let flow = Flow {
            source: kept.as_ref().map_or("", |kept| &kept.source),
            recipient: &held.recorded.meta().recipient,
            purpose: kept.as_ref().map_or("", |kept| &kept.purpose),
        };
        refused(shared, plan, flow, Refused::because(Why::Fault), None)
    })
}

fn decide_now(shared: &Shared, plan: &Plan, held: &Held) -> Again {
    let meta = held.recorded.meta();
    let Some(kept) = Kept::decode(held.recorded.facts()) else {
        let flow = Flow {
            source: "",
            recipient: &meta.recipient,
            purpose: "",
        };
        return refused(shared, plan, flow, Refused::because(Why::Unreadable), None);
    };
    let flow = Flow {
        source: &kept.source,
        recipient: &meta.recipient,
        purpose: &kept.purpose,
    };
    // Read before the facts: what changes in between is noticed next time.
    let generation = shared.consent.generation(&kept.subjects);
    let facts = facts::again(&kept.happened, &kept.subjects, &shared.consent);
    #[cfg(feature = "controls")]
    let facts = match held
        .stale
        .clone()
        .filter(|_| shared.controls.skip_redecide.is_on())
    {
        Some(stale) => stale,
        None => facts,
    };
    let permit = if shared
        .stops
        .holds(flow.source, flow.recipient, flow.purpose)
    {
        Err(Refused::because(Why::Stopped))
    } else if target(shared, &held.recorded).is_none() {
        Err(Refused::because(Why::Gone))
    } else {
        decide::decide(plan, flow, meta.event, &facts)
            .and_then(|permit| as_written(permit, &kept, plan))
    };
    let permit = match permit {
        Ok(permit) => permit,
        Err(no) => return refused(shared, plan, flow, no, Some((&kept, &facts))),
    };
    let waited = is_worth_an_entry(shared, held, &permit, generation);
    let draft = waited.then(|| {
        let decided = Decided {
            stage: Stage::Send,
            policy: *permit.policy(),
            flow,
            verdict: if held.edited == Some(false) {
                Verdict::Sent
            } else {
                Verdict::Edited
            },
            clauses: permit
                .clauses()
                .iter()
                .map(|label| label.0.to_string())
                .collect(),
            reason: None,
            decided: facts.now.at,
            known: Some(&facts.now),
            happened: Some(facts.happened.at),
            owner: kept.subjects.first().copied(),
            edits: Vec::new(),
            records: records(shared, flow, &kept.subjects, facts.now.at),
        };
        decided.draft()
    });
    Again::Go { permit, draft }
}

/// Whether the body is in a form that the new permit allows, too. The raw event is gone, so that a
/// stricter form cannot be made: an edit that is not the very same counts as stricter, and so does
/// a policy that draws its categories otherwise.
fn as_written(permit: Permit, kept: &Kept, plan: &Plan) -> Result<Permit, Refused> {
    let steps = &permit.program().steps;
    let same = kept.layout == plan.layout
        && kept.written.iter().all(|written| {
            let step = steps
                .iter()
                .find(|step| *step.category == *written.category);
            step.is_some_and(|step| format!("{:?}", step.edit.as_ref()) == written.edit)
        });
    if same {
        Ok(permit)
    } else {
        Err(Refused::because(Why::Stricter))
    }
}

/// Whatever waited, or was decided on something else, gets an entry of its own.
fn is_worth_an_entry(shared: &Shared, held: &Held, permit: &Permit, generation: u64) -> bool {
    let meta = held.recorded.meta();
    let fresh = i64::try_from(shared.config.delivery.fresh.as_millis()).unwrap_or(i64::MAX);
    let waited = shared.consent.now().0.saturating_sub(meta.recorded_ms) > fresh;
    let other_policy = meta
        .policy
        .is_none_or(|policy| policy.as_bytes() != permit.policy());
    waited || held.attempts > 0 || other_policy || held.generation != Some(generation)
}

fn refused(
    shared: &Shared,
    plan: &Plan,
    flow: Flow<'_>,
    refused: Refused,
    known: Option<(&Kept, &facts::Facts)>,
) -> Again {
    let policy = *plan.policy().hash();
    let now = shared.consent.now();
    let owner = known.filter(|_| refused.by_own_record);
    let decided = Decided {
        known: known.map(|(_, facts)| &facts.now),
        happened: known.map(|(_, facts)| facts.happened.at),
        owner: owner.and_then(|(kept, _)| kept.subjects.first().copied()),
        records: owner.map_or_else(Vec::new, |(kept, facts)| {
            records(shared, flow, &kept.subjects, facts.now.at)
        }),
        ..Decided::refused(Stage::Send, policy, flow, &refused, now)
    };
    let draft = decided.draft();
    let refusal = Refusal {
        refused,
        source: flow.source.to_owned(),
        purpose: flow.purpose.to_owned(),
    };
    Again::Refused { refusal, draft }
}

impl Refusal {
    /// A decision is counted once, by its last verdict. One from before a restart was counted then.
    pub(super) fn count(&self, shared: &Shared, held: &Held) {
        let meta = held.recorded.meta();
        if let Some(edited) = held.edited {
            let clause = self.refused.clause();
            shared
                .counters
                .refused_later(&meta.recipient, edited, &clause, self.refused.why);
        }
        shared.recent.push(RecentDecision {
            index: meta.index,
            at_ms: shared.clock.now_ms(),
            source: self.source.clone(),
            recipient: meta.recipient.clone(),
            purpose: self.purpose.clone(),
            verdict: "refused",
            clauses: self.refused.clauses.clone(),
            reason: Some(self.refused.why.word()),
            edited: Vec::new(),
            at_send: true,
        });
    }
}
