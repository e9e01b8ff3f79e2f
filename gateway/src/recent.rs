//! The last decisions, for people who watch: indices, clauses and category names, never a value.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use proof::Index;

/// How many are remembered.
const REMEMBERED: usize = 256;

/// One decision, as far as it may be shown to anybody who operates the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentDecision {
    /// Its entry in the ledger.
    pub index: Index,
    /// When it was recorded: Unix milliseconds.
    pub at_ms: i64,
    /// The source's name in the policy.
    pub source: String,
    /// The recipient's name in the policy.
    pub recipient: String,
    /// The purpose's name in the policy.
    pub purpose: String,
    /// `sent`, `edited` or `refused`.
    pub verdict: &'static str,
    /// The clauses that decided.
    pub clauses: Vec<String>,
    /// Why it was refused, in one word.
    pub reason: Option<&'static str>,
    /// The categories of which something was changed, removed or left out.
    pub edited: Vec<Arc<str>>,
    /// Whether it was decided again, at send time.
    pub at_send: bool,
}

/// The ring of them.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<VecDeque<RecentDecision>>);

impl Recent {
    pub(crate) fn push(&self, decision: RecentDecision) {
        let mut ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ring.len() == REMEMBERED {
            ring.pop_front();
        }
        ring.push_back(decision);
    }

    /// Oldest first.
    pub(crate) fn read(&self) -> Vec<RecentDecision> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
