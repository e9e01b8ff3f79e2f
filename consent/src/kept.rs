//! How an act becomes effective, durable and acknowledged: the order of steps is the guarantee.

mod reserved;

use std::sync::Arc;
#[cfg(feature = "controls")]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ledger::{Draft, Ledger, LedgerError, Owner};
use policy::situation::Millis;
use proof::entry::{Body, RightsAct};
use proof::sidecar::Sidecar;
use store::{Clock, Lane, Store};
use tokio::sync::Mutex;

use crate::ConsentError;
use crate::act::{Act, ActId, ActKind, ConsentRecord};
use crate::caps::Caps;
use crate::consent::{Acknowledgement, Options};
use crate::guard::{Guards, Held};
use crate::rows::{self, Pending};
use crate::view::View;
pub(crate) use reserved::Reserved;

/// Acts with different ids that may be kept at the same time.
pub(crate) const TURNS: usize = 64;
/// How long a protective act waits to learn whether it is known before it denies anyway.
const LOOK_UP: Duration = Duration::from_millis(250);

/// What all handles share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) clock: Clock,
    pub(crate) options: Options,
    pub(crate) view: View,
    pub(crate) guards: Arc<Guards>,
    pub(crate) caps: Caps,
    pub(crate) pending: Arc<Pending>,
    pub(crate) reserved: Reserved,
    /// By a byte of the act's id: the same act is never kept twice at once.
    pub(crate) turns: [Mutex<()>; TURNS],
    /// Facts are changed one after the other, so that memory and database agree on the last.
    pub(crate) facts_turn: Mutex<()>,
    /// The latest instant ever handed out or kept.
    pub(crate) latest: AtomicI64,
    #[cfg(feature = "controls")]
    pub(crate) ack_before_deny: AtomicBool,
}

impl Inner {
    /// Keeps an act that was checked.
    ///
    /// INVARIANT (I4): deny, keep, wait, acknowledge, in this order. A decision after the denial
    /// sees it; a send that was decided on before holds a guard, and is waited for.
    pub(crate) async fn keep(self: Arc<Self>, act: Act) -> Result<Acknowledgement, ConsentError> {
        let mut held = Held::none();
        let acknowledgement = {
            let _turn = self.turn(act.id).lock().await;
            if act.kind.is_protective() {
                self.keep_protective(act, &mut held).await?
            } else {
                self.keep_permissive(act).await?
            }
        };
        self.silence(&held).await;
        Ok(acknowledgement)
    }

    /// Denies, then keeps. Leaves in `held` the sends that were on their way when it was denied.
    async fn keep_protective(
        self: &Arc<Self>,
        act: Act,
        held: &mut Held,
    ) -> Result<Acknowledgement, ConsentError> {
        let looked_up = tokio::time::timeout(LOOK_UP, self.earlier(&act)).await;
        // A database that does not answer must not hold up a denial.
        if let Ok(Ok(Some(earlier))) = looked_up {
            *held = self.guards.held(&act.subjects);
            return earlier.acknowledge(&act);
        }
        let recorded = self.now();
        let since = self.since_of_protective(&act, recorded);
        let record = ConsentRecord {
            act,
            since,
            recorded,
            entry: None,
        };
        if self.is_bug_planted() {
            return self.keep_before_denying(record).await;
        }
        self.view.keep(&record.act, since);
        *held = self.guards.held(&record.act.subjects);
        self.keep_durably(record).await
    }

    /// Durable first, visible then: nothing is sent on a consent that might be lost.
    async fn keep_permissive(&self, act: Act) -> Result<Acknowledgement, ConsentError> {
        if let Some(earlier) = self.earlier(&act).await? {
            return earlier.acknowledge(&act);
        }
        let recorded = self.now();
        let since = act.at.min(recorded);
        let record = ConsentRecord {
            act,
            since,
            recorded,
            entry: None,
        };
        let entry = self.write(record.clone()).await.map_err(|error| {
            if is_refusal(&error) {
                ConsentError::Ledger(error)
            } else {
                ConsentError::Unavailable(error)
            }
        })?;
        self.view.keep(&record.act, since);
        Ok(Acknowledgement::Kept { entry })
    }

    /// From when a protective act counts: never later than now, whatever the sender's clock says,
    /// and never before a permissive act that is kept already. Who says no now, means no.
    fn since_of_protective(&self, act: &Act, now: Millis) -> Millis {
        let permission = self.view.last_permission(&act.subjects, &act.purpose);
        act.at.min(now).max(permission.unwrap_or(Millis(i64::MIN)))
    }

    /// The same act, if it was kept before.
    async fn earlier(&self, act: &Act) -> Result<Option<ConsentRecord>, ConsentError> {
        match self.reserved.find(act.id) {
            Some(record) => Ok(Some(record)),
            None => rows::kept_as(self.store.readers(), act.id).await,
        }
    }

    async fn keep_durably(&self, record: ConsentRecord) -> Result<Acknowledgement, ConsentError> {
        match self.write(record.clone()).await {
            Ok(entry) => Ok(Acknowledgement::Kept { entry }),
            Err(error) if is_refusal(&error) => Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "a protective act goes to the reserve file");
                self.reserved
                    .append(record)
                    .await
                    .map_err(ConsentError::Unkept)?;
                Ok(Acknowledgement::Reserved)
            }
        }
    }

    /// The row and the entry of an act, in one commit. Returns the entry's index.
    pub(crate) async fn write(&self, record: ConsentRecord) -> Result<u64, LedgerError> {
        let pending = Arc::clone(&self.pending);
        let draft = draft(&record);
        let receipts = self
            .ledger
            .append_with(Lane::Rights, vec![draft], move |receipts| {
                let entry = receipts.first().map(|receipt| receipt.index.get());
                pending.push_records([ConsentRecord { entry, ..record }]);
            })
            .await?;
        // One draft, one receipt.
        let receipt = receipts.first().ok_or(store::StoreError::Closed)?;
        Ok(receipt.index.get())
    }

    /// Waits for sends that were on their way: twice as long as anybody may take to send, for one
    /// that uses its time up has yet to cut its connection.
    pub(crate) async fn silence(&self, held: &Held) {
        let patience = self.options.send_timeout.saturating_mul(2);
        let overdue = self.guards.dropped(held, patience).await;
        if overdue > 0 {
            tracing::error!(
                overdue,
                "sends outlasted the send timeout; acknowledged without them"
            );
        }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a remainder is below the number of turns"
    )]
    fn turn(&self, ActId([first, ..]): ActId) -> &Mutex<()> {
        &self.turns[usize::from(first) % TURNS]
    }

    pub(crate) fn now(&self) -> Millis {
        let clock = self.clock.now_ms();
        Millis(self.latest.fetch_max(clock, Ordering::Relaxed).max(clock))
    }

    #[cfg(not(feature = "controls"))]
    #[expect(
        clippy::unused_self,
        reason = "the twin with planted bugs reads a switch"
    )]
    fn is_bug_planted(&self) -> bool {
        false
    }

    #[cfg(feature = "controls")]
    fn is_bug_planted(&self) -> bool {
        self.ack_before_deny.load(Ordering::Relaxed)
    }

    /// The planted bug: acknowledges first, denies some time later, waits for nobody.
    async fn keep_before_denying(
        self: &Arc<Self>,
        record: ConsentRecord,
    ) -> Result<Acknowledgement, ConsentError> {
        let (inner, late) = (Arc::clone(self), record.clone());
        let acknowledgement = self.keep_durably(record).await?;
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            inner.view.keep(&late.act, late.since);
        });
        Ok(acknowledgement)
    }
}

impl ConsentRecord {
    /// Answers a report of an act that was kept before.
    fn acknowledge(&self, act: &Act) -> Result<Acknowledgement, ConsentError> {
        if self.act != *act {
            return Err(ConsentError::IdTaken);
        }
        Ok(self
            .entry
            .map_or(Acknowledgement::Reserved, |entry| Acknowledgement::Kept {
                entry,
            }))
    }
}

/// Whether the ledger finds fault with the entry itself, so that trying again is no use.
fn is_refusal(error: &LedgerError) -> bool {
    matches!(error, LedgerError::Entry(_) | LedgerError::Sidecar(_))
}

/// The entry says what was chosen; whose choice it was, only the sidecar's owner says.
fn draft(record: &ConsentRecord) -> Draft {
    let act = &record.act;
    let milliseconds = |Millis(time)| u64::try_from(time).ok();
    Draft {
        body: Body::Rights {
            act: rights_act(act.kind),
            purpose: Some(act.purpose.clone()),
        },
        sidecar: Some(Sidecar {
            occurred_ms: milliseconds(act.at),
            decided_ms: milliseconds(record.recorded).unwrap_or_default(),
            records: vec![act.id.0],
            ..Sidecar::default()
        }),
        owner: act
            .subjects
            .first()
            .map(|subject| Owner(*subject.as_bytes())),
    }
}

fn rights_act(kind: ActKind) -> RightsAct {
    match kind {
        ActKind::Given => RightsAct::Given,
        ActKind::Refused => RightsAct::Refused,
        ActKind::Withdrawn => RightsAct::Withdrawn,
        ActKind::OptedOut => RightsAct::OptedOut,
        ActKind::OptedIn => RightsAct::OptedIn,
        ActKind::Objected => RightsAct::Objected,
    }
}
