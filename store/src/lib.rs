//! Opens the database, runs the migrations, and owns the one writer with its lanes.
//!
//! Every write of the program goes through one task on one connection. What queued while the last
//! commit ran forms the next group: one transaction, one flush to disk, then everybody is
//! answered. People's rights are served first and are never turned away ([`Lane::Rights`]).
//! Beside the database stands the [`Reserve`], a preallocated file that takes people's choices
//! when the database cannot.
//!
//! It is not a schema and not a query layer: each crate brings its own SQL, in jobs
//! ([`Store::submit`]) or as a [`Stage`] of every group. It knows neither entries nor people.
//!
//! ```
//! use store::{Lane, Options, Store};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! let store = Store::open(&dir.path().join("sluice.db"), Options::default()).await?;
//! let answer: i64 = store
//!     .submit(Lane::Rights, |tx| {
//!         let query = sqlx::query_scalar("SELECT 41 + 1");
//!         Box::pin(async move { Ok(query.fetch_one(&mut **tx).await?) })
//!     })
//!     .await?;
//! assert_eq!(answer, 42);
//! store.close().await?;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```

mod clock;
mod connect;
mod error;
mod faults;
mod job;
mod migrations;
mod queue;
mod reserve;
mod shared;
mod stage;
mod store;
mod writer;

pub use clock::Clock;
pub use error::StoreError;
#[cfg(feature = "controls")]
pub use faults::{CrashPoint, Fault, Faults};
pub use reserve::{RESERVE_BYTES, Reserve};
pub use stage::{BoxFuture, Stage, Tx};
pub use store::{Lane, Options, State, Store};
