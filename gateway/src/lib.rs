//! The data plane: collect, identify, hear, gather facts, decide, edit, record, answer, forward.
//!
//! One event's journey reads top to bottom in `ingest`; its second half, from the outbox to the
//! recipient, in `deliver`. The types carry the order: a body is written only by consuming a
//! [`policy::Permit`] ([`sanitize`]), and leaves only as [`ledger::Released`] ([`egress`]), which
//! exists only after the entry is durable and after it was decided again.
//!
//! Not here: what the law says (`policy`), who a person is and what they chose (`consent`), how
//! entries become durable (`ledger`), the operators' API (`console`). Nothing here reads files,
//! the environment or the system's clock, and nothing here keeps a raw event.

pub mod config;
pub mod egress;
pub mod event;
pub mod json;
pub mod sanitize;

mod answer;
mod collect;
#[cfg(feature = "controls")]
mod controls;
mod counts;
mod decide;
mod deliver;
mod error;
mod facts;
#[cfg(test)]
mod fixture;
mod formats;
mod gateway;
mod hear;
mod identify;
mod ingest;
mod keys;
mod listener;
mod metrics;
mod plan;
mod queue;
mod recent;
mod record;
mod stop;

pub use config::{Config, ConfigFault, validate};
#[cfg(feature = "controls")]
pub use controls::{Controls, Switch};
pub use counts::{Counts, Lacking};
pub use error::GatewayError;
pub use gateway::{Gateway, Parts};
pub use keys::Keys;
pub use plan::Plan;
pub use recent::RecentDecision;
pub use stop::{Resume, Stopped, Stops};
