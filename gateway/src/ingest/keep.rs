//! Recording a judged body: all of it in one group commit, and only then counted and handed over.

use std::collections::BTreeMap;
use std::sync::Arc;

use ledger::{Draft, LedgerError};
use proof::entry::{Body, DeliveryOutcome};

use super::judge::Judged;
use super::row::Row;
use crate::counts::Tally;
use crate::decide::Why;
use crate::gateway::Shared;
use crate::queue::Held;
use crate::recent::RecentDecision;
use crate::sanitize::Sanitized;
use ledger::Outgoing as _;

/// What is left of a row once its draft and body are with the ledger.
struct Rest {
    recipient: String,
    purpose: String,
    generation: u64,
    tally: Tally,
    clauses: Vec<String>,
    edited: Vec<Arc<str>>,
    bytes: usize,
    #[cfg(feature = "controls")]
    stale: Option<crate::facts::Facts>,
}

/// Makes every decision of a request durable, then hands over what is to be sent.
///
/// # Errors
/// The ledger's. Nothing was recorded, nothing is forwarded.
pub(super) async fn record(shared: &Arc<Shared>, judged: Judged) -> Result<(), LedgerError> {
    let Judged {
        source,
        events,
        lacking,
        rows,
        caps,
        ..
    } = judged;
    let (mut drafts, rests): (Vec<(Draft, Option<Sanitized>)>, Vec<Rest>) =
        rows.into_iter().map(split).unzip();
    drafts.extend(overflows(&rests));
    let count_caps = move || caps.into_iter().for_each(consent::CapTicket::commit);
    let recorded = shared.ledger.record(drafts, count_caps).await?;

    shared.counters.collected(events, lacking);
    let at_ms = shared.clock.now_ms();
    for (rest, (receipt, recorded)) in rests.into_iter().zip(recorded) {
        shared.counters.decided(&rest.recipient, [&rest.tally]);
        let (verdict, reason, edited) = match &rest.tally {
            Tally::Sent { edited: true } => ("edited", None, true),
            Tally::Sent { edited: false } => ("sent", None, false),
            Tally::Refused { why, .. } => ("refused", Some(why.word()), false),
        };
        if let Some(queue) = shared.queues.get(&rest.recipient)
            && let Some(recorded) = recorded
        {
            queue.push(Held {
                recorded,
                bytes: rest.bytes,
                generation: Some(rest.generation),
                edited: Some(edited),
                attempts: 0,
                #[cfg(feature = "controls")]
                stale: rest.stale,
            });
        }
        shared.recent.push(RecentDecision {
            index: receipt.index,
            at_ms,
            source: source.clone(),
            recipient: rest.recipient,
            purpose: rest.purpose,
            verdict,
            clauses: rest.clauses,
            reason,
            edited: rest.edited,
            at_send: false,
        });
    }
    Ok(())
}

fn split(row: Row) -> ((Draft, Option<Sanitized>), Rest) {
    let rest = Rest {
        recipient: row.recipient,
        purpose: row.purpose,
        generation: row.generation,
        tally: row.tally,
        clauses: row.clauses,
        edited: row.edited,
        bytes: row
            .outgoing
            .as_ref()
            .map_or(0, |outgoing| outgoing.body().len() + outgoing.facts().len()),
        #[cfg(feature = "controls")]
        stale: row.stale,
    };
    ((row.draft, row.outgoing), rest)
}

/// What a full outbox could not take is a loss with an entry of its own, beside the refusals.
fn overflows(rests: &[Rest]) -> Vec<(Draft, Option<Sanitized>)> {
    let mut lost: BTreeMap<&str, u64> = BTreeMap::new();
    for rest in rests {
        if matches!(
            rest.tally,
            Tally::Refused {
                why: Why::Overflow,
                ..
            }
        ) {
            *lost.entry(&rest.recipient).or_default() += 1;
        }
    }
    let drafts = lost.into_iter().map(|(recipient, count)| {
        let recipient = recipient.to_owned();
        let outcome = DeliveryOutcome::Overflow;
        (
            Draft::new(Body::Delivery {
                recipient,
                outcome,
                count,
            }),
            None,
        )
    });
    drafts.collect()
}
