//! Looking things up, and checking all of it.

use std::collections::HashMap;

use proof::entry::Entry;
use proof::merkle::Frontier;
use proof::sidecar::{Opening, Sidecar};
use proof::{Hash, Index, Size};
use sqlx::SqlitePool;

use crate::seal::SealKey;
use crate::walk::{Row, Walk, as_sql};
use crate::{Ledger, LedgerError, Owner, bundle};

/// What a reading of all stored rows found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// How many entries.
    pub size: Size,
    /// The root over them, recomputed from their bytes.
    pub root: Hash,
    /// Sidecars that open what their entry committed to.
    pub opened: u64,
    /// Entries that commit to something whose key or sidecar is gone.
    pub erased: u64,
}

impl Ledger {
    /// Reads all of it: every entry, every root, every sidecar.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] with the first row that does not hold, [`LedgerError::Store`].
    pub async fn verify_stored(&self) -> Result<Stored, LedgerError> {
        let tree = self.0.durable.head().tree;
        let readers = self.0.store.readers();
        let mut walk = Walk::new(readers, Frontier::empty(), tree.size());
        let (mut opened, mut erased) = (0_u64, 0_u64);
        while let Some(row) = walk.next().await? {
            let sealed = Sealed::of(readers, &row).await?;
            for (index, bytes) in row.numbered() {
                let entry = decode(index, bytes)?;
                match sealed.open(index, &entry)? {
                    Some(_) => opened = opened.saturating_add(1),
                    None if entry.commitment.is_some() => erased = erased.saturating_add(1),
                    None => {}
                }
            }
        }
        if *walk.tree() != tree {
            return Err(LedgerError::Damaged {
                index: Index::new(walk.tree().size().get()),
                what: "the stored entries do not lead to the root that was committed",
            });
        }
        Ok(Stored {
            size: tree.size(),
            root: tree.root(),
            opened,
            erased,
        })
    }

    /// One entry, and its sidecar unless there is none or it can no longer be opened.
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`], [`LedgerError::Damaged`], [`LedgerError::Store`].
    pub async fn entry(&self, index: Index) -> Result<(Entry, Option<Sidecar>), LedgerError> {
        let size = self.size();
        if index.get() >= size.get() {
            return Err(LedgerError::NoEntry { index, size });
        }
        let readers = self.0.store.readers();
        let (first, entries): (i64, Vec<u8>) = sqlx::query_as(
            "SELECT first_index, entries FROM batch WHERE first_index <= $1 \
             ORDER BY first_index DESC LIMIT 1",
        )
        .bind(as_sql(index.get()))
        .fetch_one(readers)
        .await?;
        let place = as_sql(index.get()).saturating_sub(first);
        let bytes = bundle::split(&entries)
            .and_then(|entries| entries.get(usize::try_from(place).ok()?).copied())
            .ok_or(LedgerError::Damaged {
                index,
                what: "its row does not hold it",
            })?;
        let entry = decode(index, bytes)?;
        let sealed = Sealed::between(readers, index.get(), index.get().saturating_add(1)).await?;
        let sidecar = match sealed.open(index, &entry)? {
            Some(opening) => Some(Sidecar::decode(&opening.payload)?),
            None => None,
        };
        Ok((entry, sidecar))
    }

    /// The entries whose sidecar belongs to `owner`, in order.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub async fn by_owner(&self, owner: Owner) -> Result<Vec<Index>, LedgerError> {
        let indices: Vec<i64> = sqlx::query_scalar(
            "SELECT e.entry_index FROM owner_key k JOIN owner_entry e ON e.key_id = k.key_id \
             WHERE k.owner = $1 ORDER BY e.entry_index",
        )
        .bind(owner.0.to_vec())
        .fetch_all(self.0.store.readers())
        .await?;
        Ok(indices
            .into_iter()
            .filter_map(|index| u64::try_from(index).ok().map(Index::new))
            .collect())
    }
}

/// Sealed sidecars with their keys, of a range of entries.
pub(crate) struct Sealed(HashMap<i64, (Vec<u8>, Vec<u8>)>);

impl Sealed {
    pub(crate) async fn of(readers: &SqlitePool, row: &Row) -> Result<Self, LedgerError> {
        let count = u64::try_from(row.entries.len()).unwrap_or(u64::MAX);
        Self::between(readers, row.first, row.first.saturating_add(count)).await
    }

    async fn between(readers: &SqlitePool, from: u64, below: u64) -> Result<Self, LedgerError> {
        let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "SELECT s.entry_index, s.sealed, k.key \
             FROM sidecar s JOIN owner_key k ON k.key_id = s.key_id \
             WHERE s.entry_index >= $1 AND s.entry_index < $2",
        )
        .bind(as_sql(from))
        .bind(as_sql(below))
        .fetch_all(readers)
        .await?;
        let sealed = rows
            .into_iter()
            .map(|(index, sealed, key)| (index, (sealed, key)))
            .collect();
        Ok(Self(sealed))
    }

    /// What opens the entry's commitment; `None` if there is none, or it is erased.
    pub(crate) fn open(&self, index: Index, entry: &Entry) -> Result<Option<Opening>, LedgerError> {
        let (Some(commitment), Some((sealed, key))) =
            (entry.commitment, self.0.get(&as_sql(index.get())))
        else {
            return Ok(None);
        };
        let opening = SealKey::new(key)
            .and_then(|key| key.open(entry.id, sealed))
            .filter(|opening| opening.opens(&commitment));
        match opening {
            Some(opening) => Ok(Some(opening)),
            None => Err(LedgerError::Damaged {
                index,
                what: "its sidecar is not what it committed to",
            }),
        }
    }
}

/// Reads an entry back.
pub(crate) fn decode(index: Index, bytes: &[u8]) -> Result<Entry, LedgerError> {
    Entry::decode(bytes).map_err(|_| LedgerError::Damaged {
        index,
        what: "it is no entry",
    })
}
