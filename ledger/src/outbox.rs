//! What is recorded and still to be sent.

use std::fmt;
use std::sync::Arc;

use policy::verdict::EventId;
use proof::entry::DeliveryOutcome;
use sqlx::SqlitePool;
use store::{Lane, Store};

use crate::LedgerError;
use crate::pending::{Inbox, Settling};
use crate::recorded::{Meta, Outgoing, Recorded, Ticket};
use crate::sequencer::Durable;

pub(crate) mod book;
pub(crate) mod frame;

use book::{Bits, Book, BookRow};

/// Rows read at a time.
const PAGE: i64 = 64;

/// What became of a body that left the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The recipient has it.
    Delivered,
    /// A decision at send time refused it; that decision has an entry of its own.
    Refused,
    /// It was given up. The ledger adds an entry a recipient in the same commit: never silent.
    GivenUp(DeliveryOutcome),
}

/// What waits for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Waiting {
    /// How many bodies.
    pub events: u64,
    /// Their bytes in the outbox.
    pub bytes: u64,
    /// When the oldest of them was recorded: Unix milliseconds.
    pub oldest_ms: Option<i64>,
}

/// The outbox of a ledger. Cloning is cheap.
#[derive(Clone)]
pub struct Outbox {
    pub(crate) store: Store,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) durable: Arc<Durable>,
}

impl Outbox {
    /// All bodies that still need sending, in the order of their entries. For the start: what
    /// is recorded later comes from [`crate::Ledger::record`].
    ///
    /// # Errors
    /// [`LedgerError::OutboxRow`] if a row cannot be read, [`LedgerError::Store`].
    pub async fn load<T: Outgoing>(&self) -> Result<Vec<Recorded<T>>, LedgerError> {
        let mut bodies = Vec::new();
        each_row(self.store.readers(), |row| {
            let unreadable = |what| LedgerError::OutboxRow { row: row.0, what };
            let settled = Bits::from_bytes(row.4);
            let frames =
                frame::split(&row.3).ok_or_else(|| unreadable("its lengths do not fit"))?;
            for (place, frame) in (0..).zip(frames) {
                if settled.has(place) {
                    continue;
                }
                let value = T::from_row(frame.body)
                    .ok_or_else(|| unreadable("a body is of another program"))?;
                bodies.push(Recorded {
                    value,
                    meta: Meta {
                        event: frame.event,
                        recipient: row.1.clone(),
                        index: frame.index,
                        ticket: Ticket { row: row.0, place },
                        recorded_ms: row.2,
                        policy: frame.policy,
                    },
                });
            }
            Ok(())
        })
        .await?;
        bodies.sort_by_key(|body| body.meta.index);
        Ok(bodies)
    }

    /// Takes bodies out of the outbox for good. Tickets that are not in it are ignored, so that
    /// settling twice does no harm.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub async fn settle(&self, tickets: Vec<Ticket>, outcome: Settled) -> Result<(), LedgerError> {
        let inbox = Arc::clone(&self.inbox);
        let settling = Settling { tickets, outcome };
        self.store
            .stage(Lane::House, move || inbox.settle(settling))
            .await?;
        Ok(())
    }

    /// What waits for `recipient`.
    #[must_use]
    pub fn waiting(&self, recipient: &str) -> Waiting {
        self.durable.with_book(|book| book.waiting(recipient))
    }

    /// Whether nothing waits for anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.durable.with_book(|book| book.is_empty())
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}

/// Row, recipient, time, bodies, settled.
type Raw = (i64, String, i64, Vec<u8>, Vec<u8>);

/// The book as the table says.
pub(crate) async fn read_book(readers: &SqlitePool) -> Result<Book, LedgerError> {
    let mut book = Book::default();
    each_row(readers, |(row, recipient, recorded_ms, bodies, settled)| {
        let frames = frame::split(&bodies).ok_or(LedgerError::OutboxRow {
            row,
            what: "its lengths do not fit",
        })?;
        let lengths = frames.iter().map(|frame| frame.body.len()).collect();
        book.add(
            row,
            BookRow {
                recipient,
                recorded_ms,
                lengths,
                settled: Bits::from_bytes(settled),
            },
        );
        Ok(())
    })
    .await?;
    Ok(book)
}

async fn each_row(
    readers: &SqlitePool,
    mut take: impl FnMut(Raw) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let mut after = i64::MIN;
    loop {
        let rows: Vec<Raw> = sqlx::query_as(
            "SELECT row_id, recipient, recorded_ms, bodies, settled FROM outbox \
             WHERE row_id > $1 ORDER BY row_id LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(readers)
        .await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.0;
        rows.into_iter().try_for_each(&mut take)?;
    }
}

/// The type of what entries without a body send.
pub(crate) enum NoBody {}

impl Outgoing for NoBody {
    fn event(&self) -> EventId {
        match *self {}
    }

    fn recipient(&self) -> &str {
        match *self {}
    }

    fn to_row(&self) -> Vec<u8> {
        match *self {}
    }

    fn from_row(_row: &[u8]) -> Option<Self> {
        None
    }
}
