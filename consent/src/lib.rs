//! Who a person is (pseudonymously), what they chose, and what else is known that decides.
//!
//! [`Consent`] keeps acts (consent given, refused, withdrawn; opted out, opted in; objected), the
//! facts that decisions rest on, and caps. The database is the truth; a view in memory is what
//! the hot path reads. A withdrawal is effective before it is acknowledged, also for what is being
//! sent, and is accepted when the database is not there. [`standards`] says what was *heard* with
//! an event, as against what is *kept*.
//!
//! It does not decide: it fills a [`policy::Situation`]. It knows no wire format beyond consent
//! signals, sends nothing, and stores identifiers only as keyed hashes.

mod act;
mod caps;
mod consent;
mod error;
mod facts;
mod frame;
mod guard;
mod kept;
mod person;
mod rows;
pub mod standards;
mod view;

pub use act::{
    Act, ActId, ActKind, ConsentRecord, Notice, RecordState, SUBJECTS_MAX, TEXT_BYTES_MAX,
};
pub use caps::{CapReached, CapTicket, Caps};
#[cfg(feature = "controls")]
pub use consent::Controls;
pub use consent::{Acknowledgement, Consent, Known, Options};
pub use error::ConsentError;
pub use facts::{FactUpdate, Facts};
pub use guard::SendGuard;
pub use person::{IdentifierKind, Personal, Pseudonyms, SubjectId};
