//! From the outbox to the recipient: one worker each, so that a dead one holds nobody up.
//!
//! A round takes the first events, takes the send guard of everybody in them, decides each again,
//! makes what that changed durable, and only then sends; it ends when the recipient has answered or
//! its connection is dropped. So a withdrawal that waits for the guard knows that nothing is under
//! way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use consent::SubjectId;
use ledger::{Draft, LedgerError, Recorded, Released, Settled, Ticket};
use proof::entry::DeliveryOutcome;
use ring::rand::{SecureRandom, SystemRandom};
use store::Lane;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use crate::egress::{Egress, Sent, Target};
use crate::gateway::Shared;
use crate::queue::{Held, Queue};
use crate::sanitize::{Kept, Sanitized};

use again::{Again, Refusal};

mod again;

/// Takes up what the outbox held at the start: all of it waited, and is decided again.
pub(crate) fn take_up(shared: &Shared, waiting: Vec<Recorded<Sanitized>>) {
    let mut stranded: BTreeMap<String, u64> = BTreeMap::new();
    for recorded in waiting {
        if let Some(queue) = shared.queues.get(&recorded.meta().recipient) {
            let bytes = recorded.facts().len();
            queue.push(Held {
                recorded,
                bytes,
                generation: None,
                edited: None,
                attempts: 0,
                #[cfg(feature = "controls")]
                stale: None,
            });
        } else {
            let recipient = recorded.meta().recipient.clone();
            *stranded.entry(recipient).or_default() += 1;
        }
    }
    for (recipient, events) in stranded {
        tracing::error!(
            recipient,
            events,
            "events wait in the outbox for a recipient that no route leads to: restore its route, \
             or they stay there"
        );
    }
}

/// One recipient's worker; ends when told to stop, between two rounds.
pub(crate) async fn run(shared: Arc<Shared>, queue: Arc<Queue>, mut stop: watch::Receiver<bool>) {
    let mut worker = Worker {
        narrow: shared.config.delivery.batch_events,
        shared,
        queue,
        egress: Egress::default(),
        failures: 0,
    };
    while !*stop.borrow() {
        let batch = tokio::select! {
            batch = worker.take() => batch,
            _ = stop.changed() => return,
        };
        let pause = worker.round(batch).await;
        tokio::select! {
            () = sleep(pause) => {}
            _ = stop.changed() => return,
        }
    }
}

struct Worker {
    shared: Arc<Shared>,
    queue: Arc<Queue>,
    egress: Egress,
    /// Rounds that failed since one did not.
    failures: u32,
    /// How many events go into a request; halved while a recipient rejects whole requests, so that
    /// one bad event does not sink the others.
    narrow: usize,
}

/// One event that may go now.
struct Ready {
    released: Released<Sanitized>,
    held: Rest,
}

/// What is known of an event beside its body.
struct Rest {
    bytes: usize,
    generation: Option<u64>,
    edited: Option<bool>,
    attempts: u32,
    #[cfg(feature = "controls")]
    stale: Option<crate::facts::Facts>,
}

/// How a batch was decided again.
#[derive(Default)]
struct Redecided {
    ready: Vec<Ready>,
    refused: Vec<(Held, Refusal)>,
    expired: Vec<Held>,
    drafts: Vec<Draft>,
}

impl Worker {
    /// The first events that go to one place.
    async fn take(&self) -> Vec<Held> {
        let shared = &self.shared;
        let target = |held: &Held| again::target(shared, &held.recorded);
        self.queue
            .take(self.narrow, |one, next| target(one) == target(next))
            .await
    }

    /// One round. Says how long to pause after it.
    async fn round(&mut self, batch: Vec<Held>) -> Duration {
        let shared = Arc::clone(&self.shared);
        let queue = Arc::clone(&self.queue);
        let _sending = queue.sending.lock().await;
        let due = Instant::now() + shared.config.delivery.send_timeout;
        let _guard = self.guard(&batch);
        let target = batch
            .first()
            .and_then(|first| again::target(&shared, &first.recorded));
        let mut redecided = self.redecide(batch);
        let drafts = std::mem::take(&mut redecided.drafts);
        if !self.append(drafts, due).await {
            let ready = redecided.ready.into_iter().map(Ready::retain);
            let refused = redecided.refused.into_iter().map(|(held, _)| held);
            queue.put_back(ready.chain(refused).chain(redecided.expired));
            return self.failed(None);
        }
        self.settle_refused(redecided.refused).await;
        self.give_up(redecided.expired, DeliveryOutcome::Expired)
            .await;
        match target {
            Some(target) if !redecided.ready.is_empty() => {
                self.send(&target, redecided.ready, due).await
            }
            Some(_) | None => Duration::ZERO,
        }
    }

    /// Whoever is in the batch: their withdrawal waits for this round.
    fn guard(&self, batch: &[Held]) -> Option<consent::SendGuard> {
        #[cfg(feature = "controls")]
        if self.shared.controls.skip_redecide.is_on() {
            return None;
        }
        let kept = batch
            .iter()
            .filter_map(|held| Kept::decode(held.recorded.facts()));
        let subjects: Vec<SubjectId> = kept.flat_map(|kept| kept.subjects).collect();
        Some(self.shared.consent.guard(&subjects))
    }

    fn redecide(&self, batch: Vec<Held>) -> Redecided {
        let shared = &self.shared;
        let plan = shared.plan();
        // Not the clock itself: one that was set back would let events wait for longer.
        let now_ms = shared.consent.now().0;
        let age_max =
            i64::try_from(shared.config.delivery.queue_age.as_millis()).unwrap_or(i64::MAX);
        let mut redecided = Redecided::default();
        for held in batch {
            if now_ms.saturating_sub(held.recorded.meta().recorded_ms) > age_max {
                redecided.expired.push(held);
                continue;
            }
            match again::decide(shared, &plan, &held) {
                Again::Go { permit, draft } => {
                    let Held { recorded, .. } = held;
                    let rest = Rest {
                        bytes: held.bytes,
                        generation: held.generation,
                        edited: held.edited,
                        attempts: held.attempts,
                        #[cfg(feature = "controls")]
                        stale: held.stale,
                    };
                    match recorded.redecide(permit) {
                        Ok(released) => {
                            redecided.drafts.extend(draft);
                            redecided.ready.push(Ready {
                                released,
                                held: rest,
                            });
                        }
                        Err(mismatch) => {
                            // The permit was asked for with this very event's name; were it not, it
                            // stays closed.
                            let held = rest.with(mismatch.into_recorded());
                            redecided.expired.push(held);
                        }
                    }
                }
                Again::Refused { refusal, draft } => {
                    redecided.drafts.push(draft);
                    redecided.refused.push((held, refusal));
                }
            }
        }
        redecided
    }

    /// Makes entries durable before anything is sent on them (I2).
    async fn append(&self, drafts: Vec<Draft>, due: Instant) -> bool {
        if drafts.is_empty() {
            return true;
        }
        let appended = timeout_at(due, self.shared.ledger.append(Lane::House, drafts)).await;
        match appended {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                self.warn(&error);
                false
            }
            Err(_) => false,
        }
    }

    async fn send(&mut self, target: &Arc<Target>, ready: Vec<Ready>, due: Instant) -> Duration {
        let (released, rests): (Vec<_>, Vec<_>) = ready
            .into_iter()
            .map(|ready| (ready.released, ready.held))
            .unzip();
        let events = released.len() as u64;
        let patience = due.saturating_duration_since(Instant::now());
        let sent = self.egress.send(target, &released, patience).await;
        let held = rests
            .into_iter()
            .zip(released)
            .map(|(rest, released)| rest.with(released.retain()));
        let held: Vec<Held> = held.collect();
        match sent {
            Sent::Taken => {
                self.settle(&held, Settled::Delivered).await;
                self.shared.counters.delivered(events);
                self.failures = 0;
                self.narrow = self.shared.config.delivery.batch_events;
                Duration::ZERO
            }
            Sent::Never if events > 1 => {
                self.narrow = held.len().div_ceil(2);
                self.queue.put_back(held);
                Duration::ZERO
            }
            Sent::Never => {
                self.give_up(held, DeliveryOutcome::Rejected).await;
                self.narrow = self.shared.config.delivery.batch_events;
                Duration::ZERO
            }
            Sent::Later(after) => {
                let again = held.into_iter().map(|held| Held {
                    attempts: held.attempts.saturating_add(1),
                    ..held
                });
                self.queue.put_back(again);
                self.shared.counters.retried();
                self.failed(after)
            }
        }
    }

    async fn settle_refused(&self, refused: Vec<(Held, Refusal)>) {
        for (held, refusal) in &refused {
            refusal.count(&self.shared, held);
        }
        let held: Vec<Held> = refused.into_iter().map(|(held, _)| held).collect();
        self.settle(&held, Settled::Refused).await;
    }

    /// A loss is an entry, a count and a line in the log.
    async fn give_up(&self, held: Vec<Held>, outcome: DeliveryOutcome) {
        if held.is_empty() {
            return;
        }
        let events = held.len() as u64;
        self.settle(&held, Settled::GivenUp(outcome)).await;
        self.shared.counters.lost(events);
        let recipient = &*self.queue.recipient;
        tracing::error!(
            recipient,
            events,
            outcome = outcome.word(),
            "events were given up"
        );
    }

    /// Takes events out of the outbox. Should that fail, they are sent again after a restart with
    /// the same message ids: at least once, never lost.
    async fn settle(&self, held: &[Held], outcome: Settled) {
        if held.is_empty() {
            return;
        }
        let tickets: Vec<Ticket> = held
            .iter()
            .map(|held| held.recorded.meta().ticket)
            .collect();
        if let Err(error) = self.shared.ledger.outbox().settle(tickets, outcome).await {
            self.warn(&error);
        }
        self.queue.settled(held);
    }

    /// A pause that doubles, with jitter of a half, so that many workers do not come back at once.
    fn failed(&mut self, after: Option<Duration>) -> Duration {
        let delivery = &self.shared.config.delivery;
        let doubled = delivery
            .pause_min
            .saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        let pause = doubled.min(delivery.pause_max);
        let mut random = [0; 1];
        // Without randomness there is no jitter, and nothing worse.
        let filled = SystemRandom::new().fill(&mut random);
        let [random] = filled.map_or([0], |()| random);
        let jittered = pause / 2 + pause.saturating_mul(u32::from(random)) / 512;
        jittered.max(after.unwrap_or_default().min(delivery.pause_max))
    }

    fn warn(&self, error: &LedgerError) {
        let recipient = &*self.queue.recipient;
        // The text of the ledger's errors names tables and files, never values.
        tracing::warn!(recipient, %error, "the outbox waits for the ledger");
    }
}

impl Ready {
    fn retain(self) -> Held {
        self.held.with(self.released.retain())
    }
}

impl Rest {
    fn with(self, recorded: Recorded<Sanitized>) -> Held {
        Held {
            recorded,
            bytes: self.bytes,
            generation: self.generation,
            edited: self.edited,
            attempts: self.attempts,
            #[cfg(feature = "controls")]
            stale: self.stale,
        }
    }
}
