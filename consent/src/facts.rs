//! Facts that decisions rest on and that no event carries: gates and lists.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ledger::{Draft, LedgerError};
use policy::situation::Millis;
use proof::Hash;
use proof::entry::Body;
use ring::rand::{SecureRandom, SystemRandom};
use store::Lane;

use crate::act::{SUBJECTS_MAX, TEXT_BYTES_MAX, text};
use crate::kept::Inner;
use crate::rows::FactRow;
use crate::{ConsentError, SubjectId};

/// The facts. Cloning is cheap.
#[derive(Clone)]
pub struct Facts(pub(crate) Arc<Inner>);

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactUpdate {
    /// A gate by its identifier (`DPIA-2026-014`, `bias audit`): the instant until which (DPIA), or
    /// since which (audit), it holds; none takes it away.
    Gate {
        /// Its identifier.
        name: String,
        /// The instant.
        at: Option<Millis>,
    },
    /// People put on a list. Effective, also for what is being sent, before it is acknowledged.
    Listed {
        /// The list's name.
        list: String,
        /// Who, under each identifier that is known: 64 at most.
        subjects: Vec<SubjectId>,
        /// Until when; none says without end.
        until: Option<Millis>,
    },
    /// People taken off a list.
    Unlisted {
        /// The list's name.
        list: String,
        /// Who, under each identifier that is known: 64 at most.
        subjects: Vec<SubjectId>,
    },
}

impl Facts {
    /// Makes one change durable, with an entry in the ledger, and returns the entry's index.
    ///
    /// What takes leave away (putting somebody on a list, an earlier date of a gate) is effective
    /// in memory first; everything else is durable first. A changed gate, and people on a list,
    /// count for what is being sent, too: it is waited for.
    ///
    /// # Errors
    /// [`ConsentError::Malformed`]; [`ConsentError::Unavailable`], when it is not durable, but what
    /// takes leave away stays effective until the process ends.
    pub async fn put(&self, update: FactUpdate) -> Result<u64, ConsentError> {
        update.check()?;
        let inner = Arc::clone(&self.0);
        // A task of its own: what was begun is finished, even if the caller goes away.
        let kept = tokio::spawn(async move { inner.put_fact(update).await });
        kept.await.map_err(|_| ConsentError::Stopping)?
    }

    /// All gates.
    #[must_use]
    pub fn gates(&self) -> BTreeMap<String, Millis> {
        self.0.view.gates()
    }

    /// All lists, with the number of pseudonyms on each. Visits everybody: not for the hot path.
    #[must_use]
    pub fn lists(&self) -> BTreeMap<String, usize> {
        self.0.view.lists()
    }
}

impl Inner {
    async fn put_fact(self: Arc<Self>, update: FactUpdate) -> Result<u64, ConsentError> {
        let _turn = self.facts_turn.lock().await;
        let since = self.now();
        if self.takes_leave_away(&update) {
            self.show_fact(&update, since);
        }
        let entry = self.write_fact(&update, since).await?;
        self.show_fact(&update, since);
        let held = match &update {
            FactUpdate::Gate { .. } => self.guards.held_by_all(),
            FactUpdate::Listed { subjects, .. } => self.guards.held(subjects),
            FactUpdate::Unlisted { .. } => return Ok(entry),
        };
        self.silence(&held).await;
        Ok(entry)
    }

    fn takes_leave_away(&self, update: &FactUpdate) -> bool {
        match update {
            FactUpdate::Gate { name, at } => self
                .view
                .gates()
                .get(name)
                .is_some_and(|earlier| at.is_none_or(|at| at < *earlier)),
            FactUpdate::Listed { .. } => true,
            FactUpdate::Unlisted { .. } => false,
        }
    }

    /// Makes a change visible.
    pub(crate) fn show_fact(&self, update: &FactUpdate, since: Millis) {
        match update {
            FactUpdate::Gate { name, at } => self.view.set_gate(name, *at),
            FactUpdate::Listed {
                list,
                subjects,
                until,
            } => {
                self.view.list(list, subjects, since, *until);
            }
            FactUpdate::Unlisted { list, subjects } => self.view.unlist(list, subjects),
        }
    }

    async fn write_fact(&self, update: &FactUpdate, since: Millis) -> Result<u64, ConsentError> {
        let mut salt = [0; 32];
        if SystemRandom::new().fill(&mut salt).is_err() {
            return Err(ConsentError::Unavailable(LedgerError::Random));
        }
        let draft = Draft::new(Body::Facts {
            name: update.entry_name(),
            hash: update.hash(&salt),
        });
        let lane = match update {
            FactUpdate::Listed { .. } => Lane::Rights,
            FactUpdate::Gate { .. } | FactUpdate::Unlisted { .. } => Lane::House,
        };
        let (update, pending) = (update.clone(), Arc::clone(&self.pending));
        let receipts = self
            .ledger
            .append_with(lane, vec![draft], move |receipts| {
                if let [receipt] = receipts {
                    let entry = receipt.index.get();
                    pending.push_fact(FactRow {
                        update,
                        since,
                        salt,
                        entry,
                    });
                }
            })
            .await
            .map_err(ConsentError::Unavailable)?;
        let receipt = receipts.first().ok_or(ConsentError::Stopping)?;
        Ok(receipt.index.get())
    }
}

impl FactUpdate {
    fn check(&self) -> Result<(), ConsentError> {
        let subjects = match self {
            Self::Gate { name, .. } => return fits("gate", name),
            Self::Listed { list, subjects, .. } | Self::Unlisted { list, subjects } => {
                fits("list", list)?;
                subjects
            }
        };
        if subjects.is_empty() || subjects.len() > SUBJECTS_MAX {
            return Err(ConsentError::Malformed("subjects"));
        }
        Ok(())
    }

    fn entry_name(&self) -> String {
        match self {
            Self::Gate { name, .. } => format!("gate {name}"),
            Self::Listed { list, .. } | Self::Unlisted { list, .. } => format!("list {list}"),
        }
    }

    /// What the entry says of the change: SHA-256 of a random salt and the change. Without the
    /// salt, which is deleted with the row, nobody can test who was listed: a keyed hash of a
    /// person alone could be recomputed for ever by whoever has the key (I3).
    fn hash(&self, salt: &[u8; 32]) -> Hash {
        let mut bytes = salt.to_vec();
        let (subjects, until): (&[SubjectId], _) = match self {
            Self::Gate { at, .. } => (&[], *at),
            Self::Listed {
                subjects, until, ..
            } => (subjects, *until),
            Self::Unlisted { subjects, .. } => (subjects, None),
        };
        let code = match self {
            Self::Gate { .. } => 1,
            Self::Listed { .. } => 2,
            Self::Unlisted { .. } => 3,
        };
        bytes.extend([code, u8::from(until.is_some())]);
        bytes.extend(until.unwrap_or_default().0.to_be_bytes());
        bytes.extend(subjects.iter().flat_map(SubjectId::as_bytes));
        bytes.extend(self.entry_name().as_bytes());
        Hash::of(&bytes)
    }
}

/// The entry's name has a word before it.
fn fits(field: &'static str, name: &str) -> Result<(), ConsentError> {
    if name.len() + "gate ".len() > TEXT_BYTES_MAX {
        return Err(ConsentError::Malformed(field));
    }
    text(field, name)
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Facts(..)")
    }
}
