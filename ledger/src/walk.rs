//! Reading stored rows back, and checking each against the tree.
//!
//! The start, checkpoints, proofs and exports all read through here: what none of them would
//! accept, none of them uses.

use std::collections::VecDeque;

use proof::hash::leaf_hash;
use proof::merkle::Frontier;
use proof::{Hash, Index, Size};
use sqlx::SqlitePool;

use crate::{LedgerError, bundle};

/// Rows read at a time: a row has at most a few thousand entries.
const PAGE: i64 = 8;

/// The entries of one group commit, checked.
pub(crate) struct Row {
    pub(crate) first: u64,
    pub(crate) second: i64,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) leaves: Vec<Hash>,
}

impl Row {
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (Index, &[u8])> {
        (self.first..)
            .map(Index::new)
            .zip(self.entries.iter().map(Vec::as_slice))
    }
}

/// A walk along the rows, from where a frontier stands.
pub(crate) struct Walk<'a> {
    readers: &'a SqlitePool,
    tree: Frontier,
    until: Size,
    page: VecDeque<Raw>,
}

/// First index, count, second, root, entries.
type Raw = (i64, i64, i64, Vec<u8>, Vec<u8>);

impl<'a> Walk<'a> {
    /// From `tree` up to the row that ends at `until`, or all if there are fewer.
    pub(crate) fn new(readers: &'a SqlitePool, tree: Frontier, until: Size) -> Self {
        Self {
            readers,
            tree,
            until,
            page: VecDeque::new(),
        }
    }

    /// The tree over all rows so far.
    pub(crate) fn tree(&self) -> &Frontier {
        &self.tree
    }

    /// The next row, if its entries lead to the root that is stored with it.
    pub(crate) async fn next(&mut self) -> Result<Option<Row>, LedgerError> {
        if self.page.is_empty() {
            self.page = sqlx::query_as(
                "SELECT first_index, n, second, root, entries FROM batch \
                 WHERE first_index >= $1 AND first_index < $2 ORDER BY first_index LIMIT $3",
            )
            .bind(as_sql(self.tree.size().get()))
            .bind(as_sql(self.until.get()))
            .bind(PAGE)
            .fetch_all(self.readers)
            .await?
            .into();
        }
        let Some(raw) = self.page.pop_front() else {
            return Ok(None);
        };
        self.check(&raw).map(Some)
    }

    fn check(&mut self, raw: &Raw) -> Result<Row, LedgerError> {
        let (first, n, second, root, entries) = raw;
        let size = self.tree.size().get();
        let damaged = |what| LedgerError::Damaged {
            index: Index::new(size),
            what,
        };
        if *first != as_sql(size) {
            return Err(damaged("a row is missing before the next one"));
        }
        let entries = bundle::split(entries).ok_or_else(|| damaged("its lengths do not fit"))?;
        if usize::try_from(*n) != Ok(entries.len()) {
            return Err(damaged(
                "the row has another number of entries than it says",
            ));
        }
        let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        leaves.iter().for_each(|leaf| self.tree.push(*leaf));
        if root.as_slice() != self.tree.root().as_bytes() {
            return Err(damaged("its entries do not lead to its root"));
        }
        Ok(Row {
            first: size,
            second: *second,
            entries: entries.into_iter().map(<[u8]>::to_vec).collect(),
            leaves,
        })
    }
}

/// As a column holds it. Trees do not grow past `i64::MAX`: `Frontier` sees to it.
pub(crate) fn as_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
