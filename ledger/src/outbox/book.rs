//! What the outbox holds, without the bodies: kept in memory, equal to the table after each commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Waiting;
use crate::recorded::Ticket;

#[derive(Debug, Default)]
pub(crate) struct Book {
    rows: BTreeMap<i64, BookRow>,
    recipients: HashMap<String, Shelf>,
    next_row: i64,
}

/// One row of the table.
#[derive(Clone, Debug)]
pub(crate) struct BookRow {
    pub(crate) recipient: String,
    pub(crate) recorded_ms: i64,
    /// Bytes of each body.
    pub(crate) lengths: Vec<usize>,
    pub(crate) settled: Bits,
}

/// What waits for one recipient.
#[derive(Debug, Default)]
struct Shelf {
    rows: BTreeSet<i64>,
    events: u64,
    bytes: u64,
}

/// What settling tickets changes in one row.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) row: i64,
    pub(crate) recipient: String,
    pub(crate) settled: Bits,
    /// Places that were open before.
    pub(crate) places: Vec<u32>,
    /// Whether nothing in the row waits any more.
    pub(crate) done: bool,
}

impl Book {
    /// The number of the next row. Rows that are undone leave theirs unused until a restart.
    pub(crate) fn claim_row(&mut self) -> i64 {
        let row = self.next_row;
        self.next_row = self.next_row.saturating_add(1);
        row
    }

    pub(crate) fn add(&mut self, row: i64, added: BookRow) {
        let shelf = self.recipients.entry(added.recipient.clone()).or_default();
        shelf.rows.insert(row);
        for length in added.open() {
            shelf.events = shelf.events.saturating_add(1);
            shelf.bytes = shelf.bytes.saturating_add(length as u64);
        }
        self.next_row = self.next_row.max(row.saturating_add(1));
        self.rows.insert(row, added);
    }

    /// What settling `tickets` would change. Those that are not open are ignored.
    pub(crate) fn plan(&self, tickets: impl IntoIterator<Item = Ticket>) -> Vec<Change> {
        let mut changes: BTreeMap<i64, Change> = BTreeMap::new();
        for ticket in tickets {
            let Some(row) = self.rows.get(&ticket.row) else {
                continue;
            };
            let change = changes.entry(ticket.row).or_insert_with(|| Change {
                row: ticket.row,
                recipient: row.recipient.clone(),
                settled: row.settled.clone(),
                places: Vec::new(),
                done: false,
            });
            if change.settled.set(ticket.place, row.lengths.len()) {
                change.places.push(ticket.place);
            }
        }
        let mut changes: Vec<Change> = changes.into_values().collect();
        changes.retain(|change| !change.places.is_empty());
        for change in &mut changes {
            let count = self
                .rows
                .get(&change.row)
                .map_or(0, |row| row.lengths.len());
            change.done = change.settled.count() == count;
        }
        changes
    }

    /// Makes a change that is durable now.
    pub(crate) fn apply(&mut self, change: Change) {
        let Some(row) = self.rows.get_mut(&change.row) else {
            return;
        };
        if let Some(shelf) = self.recipients.get_mut(&row.recipient) {
            for place in &change.places {
                let length = row.lengths.get(*place as usize).copied().unwrap_or(0);
                shelf.events = shelf.events.saturating_sub(1);
                shelf.bytes = shelf.bytes.saturating_sub(length as u64);
            }
            if change.done {
                shelf.rows.remove(&change.row);
            }
        }
        if change.done {
            self.rows.remove(&change.row);
        } else {
            row.settled = change.settled;
        }
    }

    pub(crate) fn waiting(&self, recipient: &str) -> Waiting {
        let Some(shelf) = self.recipients.get(recipient) else {
            return Waiting::default();
        };
        let oldest = shelf.rows.first().and_then(|row| self.rows.get(row));
        Waiting {
            events: shelf.events,
            bytes: shelf.bytes,
            oldest_ms: oldest.map(|row| row.recorded_ms),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl BookRow {
    fn open(&self) -> impl Iterator<Item = usize> {
        (0..)
            .zip(&self.lengths)
            .filter(|(place, _)| !self.settled.has(*place))
            .map(|(_, length)| *length)
    }
}

/// A bit a body, lowest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Bits(Vec<u8>);

impl Bits {
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn has(&self, place: u32) -> bool {
        let byte = self.0.get((place / 8) as usize).copied().unwrap_or(0);
        byte & (1 << (place % 8)) != 0
    }

    /// Sets a bit; whether it was among `count` and not set before.
    fn set(&mut self, place: u32, count: usize) -> bool {
        if place as usize >= count || self.has(place) {
            return false;
        }
        let at = (place / 8) as usize;
        if self.0.len() <= at {
            self.0.resize(at.saturating_add(1), 0);
        }
        if let Some(byte) = self.0.get_mut(at) {
            *byte |= 1 << (place % 8);
        }
        true
    }

    fn count(&self) -> usize {
        self.0.iter().map(|byte| byte.count_ones() as usize).sum()
    }
}
