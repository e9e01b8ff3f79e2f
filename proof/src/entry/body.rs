//! What each kind of entry says.
//!
//! To add a kind: a code in `codes`, a variant here, its fields in `wire`, a row in
//! `docs/LEDGER.md`. The compiler asks for the rest.

use super::codes::{DeliveryOutcome, Kind, RightsAct, Stage, SwitchState, SwitchWhat, Verdict};
use crate::hash::Hash;
use crate::merkle::{Index, Size};

/// The part of an entry that depends on its kind. All names are the policy's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// An event from a source was decided about, for one recipient and purpose. Code 1.
    Decision {
        /// At collection, or again when it was about to be sent.
        stage: Stage,
        /// The SHA-256 of the one policy text that decided.
        policy: Hash,
        /// Where the event came from.
        source: String,
        /// For whom it was meant.
        recipient: String,
        /// For what; empty where the event could not be read so far.
        purpose: String,
        /// What was decided.
        verdict: Verdict,
        /// The labels of the clauses that decided, such as `A1`, in the policy's order.
        clauses: Vec<String>,
        /// A machine reason where no clause speaks: `unreadable`, `no-clause`, `stopped`, `cap`.
        reason: Option<String>,
    },
    /// A policy became the active one. Code 2.
    Policy {
        /// The SHA-256 of its text.
        hash: Hash,
        /// Its name.
        name: String,
        /// Its version, as its author writes it.
        version: String,
    },
    /// A choice was kept. Whose, only the sidecar says. Code 3.
    Rights {
        /// What was chosen.
        act: RightsAct,
        /// For which purpose; none means for all.
        purpose: Option<String>,
    },
    /// The gateway started. Code 4.
    Start {
        /// Name and version of the program.
        software: String,
        /// The SHA-256 of the policy it started with.
        policy: Hash,
    },
    /// Somebody stopped or resumed something by hand. Code 5.
    Switch {
        /// What sort of thing.
        what: SwitchWhat,
        /// Its name in the policy.
        name: String,
        /// Where the switch stands now.
        state: SwitchState,
        /// The SHA-256 of the reason given, which may name people and so stays outside.
        reason_hash: Hash,
    },
    /// Permitted bytes were given up: a loss is never silent. Code 6.
    Delivery {
        /// Who did not get them.
        recipient: String,
        /// Why.
        outcome: DeliveryOutcome,
        /// How many events.
        count: u64,
    },
    /// Facts that decisions rest on were changed. Code 7.
    Facts {
        /// Which facts.
        name: String,
        /// The SHA-256 of their new content.
        hash: Hash,
    },
    /// The ledger was exported. Code 8.
    Export {
        /// The first entry in the pack.
        first: Index,
        /// The size of the tree the pack proves.
        size: Size,
        /// The root of that tree.
        root: Hash,
        /// The SHA-256 of the pack, where it was known when this was recorded.
        hash: Option<Hash>,
    },
}

impl Body {
    /// What sort of entry it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Decision { .. } => Kind::Decision,
            Self::Policy { .. } => Kind::Policy,
            Self::Rights { .. } => Kind::Rights,
            Self::Start { .. } => Kind::Start,
            Self::Switch { .. } => Kind::Switch,
            Self::Delivery { .. } => Kind::Delivery,
            Self::Facts { .. } => Kind::Facts,
            Self::Export { .. } => Kind::Export,
        }
    }
}
