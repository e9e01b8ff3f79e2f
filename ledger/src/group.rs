//! One group commit of the ledger: built in memory, written in few statements.

use std::collections::{BTreeMap, HashMap};

use proof::Index;
use proof::entry::{Body, DeliveryOutcome};
use proof::hash::leaf_hash;
use proof::merkle::Frontier;
use sqlx::{QueryBuilder, Sqlite};
use store::Tx;

use crate::draft::Draft;
use crate::keyring::Keyring;
use crate::outbox::book::{Bits, Book, BookRow, Change};
use crate::outbox::frame::{self, Frame};
use crate::outbox::{NoBody, Settled};
use crate::pending::{Item, Kept, Out, Settling};
use crate::recorded::Ticket;
use crate::sequencer::Head;
use crate::walk::as_sql;
use crate::{LedgerError, bundle};

/// Rows a statement. Full statements have one text and so stay prepared; longer ones gain nothing.
const ROWS_MAX: usize = 128;

pub(crate) struct Group {
    first: u64,
    tree: Frontier,
    second: u64,
    now_ms: i64,
    bundle: Vec<u8>,
    /// Entry, key and sealed bytes; whether a person owns it.
    sidecars: Vec<(i64, i64, Vec<u8>, bool)>,
    /// One row a recipient.
    outgoing: BTreeMap<String, Parcel>,
    /// Where the body of an entry stands.
    places: HashMap<u64, (String, u32)>,
    changes: Vec<Change>,
    losses: BTreeMap<(String, DeliveryOutcome), u64>,
}

/// A row of the outbox that is being filled.
#[derive(Default)]
struct Parcel {
    row: i64,
    bodies: Vec<u8>,
    lengths: Vec<usize>,
}

impl Group {
    pub(crate) fn new(head: Head, now_ms: i64) -> Self {
        let now = u64::try_from(now_ms.div_euclid(1000)).unwrap_or(0);
        Self {
            first: head.tree.size().get(),
            // The wall clock may step back; the ledger does not.
            second: now.max(head.second),
            tree: head.tree,
            now_ms,
            bundle: Vec::new(),
            sidecars: Vec::new(),
            outgoing: BTreeMap::new(),
            places: HashMap::new(),
            changes: Vec::new(),
            losses: BTreeMap::new(),
        }
    }

    /// Gives an item its place.
    pub(crate) fn add(&mut self, mut item: Item, keys: &Keyring) -> Result<Kept, LedgerError> {
        let index = Index::new(self.tree.size().get());
        let (id, out) = (item.id, item.out.take());
        let commitment = match item.aside.take() {
            Some(aside) => {
                let owner = aside.owner;
                let key = keys.key(owner)?;
                let (commitment, opening) = aside.open(owner.map(|_| key.reference))?;
                let sealed = key.seal.seal(id, &opening)?;
                let row = (as_sql(index.get()), key.key_id, sealed, owner.is_some());
                self.sidecars.push(row);
                Some(commitment)
            }
            None => None,
        };
        let entry = item.into_entry(self.second, commitment).encode()?;
        bundle::push(&mut self.bundle, &entry, index)?;
        let leaf = leaf_hash(&entry);
        self.tree.push(leaf);
        if let Some(out) = out {
            self.put_out(index, &out);
        }
        Ok(Kept::new(id, index, leaf, self.now_ms))
    }

    fn put_out(&mut self, index: Index, out: &Out) {
        let parcel = self.outgoing.entry(out.recipient.clone()).or_default();
        let place = u32::try_from(parcel.lengths.len()).unwrap_or(u32::MAX);
        frame::push(
            &mut parcel.bodies,
            &Frame {
                index,
                event: out.event,
                policy: out.policy,
                body: &out.row,
            },
        );
        parcel.lengths.push(out.row.len());
        self.places
            .insert(index.get(), (out.recipient.clone(), place));
    }

    /// Plans what settling changes, and what it gives up.
    pub(crate) fn settle(&mut self, book: &mut Book, settlings: Vec<Settling>) {
        for parcel in self.outgoing.values_mut() {
            parcel.row = book.claim_row();
        }
        let mut outcomes: HashMap<Ticket, Settled> = HashMap::new();
        for settling in settlings {
            for ticket in settling.tickets {
                outcomes.entry(ticket).or_insert(settling.outcome);
            }
        }
        self.changes = book.plan(outcomes.keys().copied());
        for change in &self.changes {
            for place in &change.places {
                let ticket = Ticket {
                    row: change.row,
                    place: *place,
                };
                if let Some(Settled::GivenUp(outcome)) = outcomes.get(&ticket) {
                    let key = (change.recipient.clone(), *outcome);
                    let count = self.losses.entry(key).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
    }

    /// Names the places in the outbox, once rows are claimed.
    pub(crate) fn give_tickets(&self, kept: &mut [Kept]) {
        for kept in kept {
            kept.ticket =
                self.places
                    .get(&kept.receipt.index.get())
                    .and_then(|(recipient, place)| {
                        let row = self.outgoing.get(recipient)?.row;
                        Some(Ticket { row, place: *place })
                    });
        }
    }

    /// A loss is never silent: one entry for each recipient and reason.
    pub(crate) fn add_losses(&mut self, keys: &Keyring) -> Result<(), LedgerError> {
        for ((recipient, outcome), count) in std::mem::take(&mut self.losses) {
            let draft = Draft::new(Body::Delivery {
                recipient,
                outcome,
                count,
            });
            self.add(Item::new::<NoBody>(draft, None)?, keys)?;
        }
        Ok(())
    }

    /// Writes all of it.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        self.write_batch(tx).await?;
        self.write_sidecars(tx).await?;
        self.write_outbox(tx).await?;
        self.write_settled(tx).await
    }

    /// The head once this group is durable.
    pub(crate) fn head(&self) -> Head {
        Head {
            tree: self.tree.clone(),
            second: self.second,
        }
    }

    /// Brings the book up to date once this group is durable.
    pub(crate) fn enter(self, book: &mut Book) {
        for (recipient, parcel) in self.outgoing {
            let row = BookRow {
                recipient,
                recorded_ms: self.now_ms,
                lengths: parcel.lengths,
                settled: Bits::default(),
            };
            book.add(parcel.row, row);
        }
        for change in self.changes {
            book.apply(change);
        }
    }

    async fn write_batch(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        let n = self.tree.size().get().saturating_sub(self.first);
        if n == 0 {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO batch (first_index, n, second, root, entries) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(as_sql(self.first))
        .bind(as_sql(n))
        .bind(as_sql(self.second))
        .bind(self.tree.root().as_bytes().to_vec())
        .bind(self.bundle.clone())
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    async fn write_sidecars(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        for rows in self.sidecars.chunks(ROWS_MAX) {
            let mut query =
                QueryBuilder::<Sqlite>::new("INSERT INTO sidecar (entry_index, key_id, sealed) ");
            query.push_values(rows, |mut row, (index, key_id, sealed, _)| {
                row.push_bind(*index)
                    .push_bind(*key_id)
                    .push_bind(sealed.clone());
            });
            query
                .build()
                .persistent(rows.len() == ROWS_MAX)
                .execute(&mut **tx)
                .await?;
        }
        let owned: Vec<_> = self.sidecars.iter().filter(|row| row.3).collect();
        for rows in owned.chunks(ROWS_MAX) {
            let mut query =
                QueryBuilder::<Sqlite>::new("INSERT INTO owner_entry (key_id, entry_index) ");
            query.push_values(rows, |mut row, (index, key_id, _, _)| {
                row.push_bind(*key_id).push_bind(*index);
            });
            query
                .build()
                .persistent(rows.len() == ROWS_MAX)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    async fn write_outbox(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        for (recipient, parcel) in &self.outgoing {
            sqlx::query(
                "INSERT INTO outbox (row_id, recipient, recorded_ms, bodies, settled) \
                 VALUES ($1, $2, $3, $4, x'')",
            )
            .bind(parcel.row)
            .bind(recipient.clone())
            .bind(self.now_ms)
            .bind(parcel.bodies.clone())
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }

    async fn write_settled(&self, tx: &mut Tx) -> Result<(), LedgerError> {
        for change in &self.changes {
            let query = if change.done {
                sqlx::query("DELETE FROM outbox WHERE row_id = $1").bind(change.row)
            } else {
                sqlx::query("UPDATE outbox SET settled = $2 WHERE row_id = $1")
                    .bind(change.row)
                    .bind(change.settled.as_bytes().to_vec())
            };
            query.execute(&mut **tx).await?;
        }
        Ok(())
    }
}
