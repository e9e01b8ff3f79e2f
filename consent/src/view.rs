//! The view: everything kept about everybody, in memory, for the hot path.
//!
//! The database is the truth; this is what it says, plus denials that are on their way there. The
//! acts of a person are kept as a history, because an event is judged at two instants: when it
//! happened and now.

mod fold;
mod names;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use policy::Situation;
use policy::situation::{Millis, Record};

use crate::act::{Act, ActId, ActKind};
use crate::person::SubjectId;
use fold::Folded;
use names::{Name, Names};

#[cfg(test)]
mod tests;

/// How many parts people are spread over, so that writing about one holds up few others.
const SHARDS: usize = 256;

/// See the module.
#[derive(Debug)]
pub(crate) struct View {
    shards: Box<[RwLock<HashMap<SubjectId, Person>>]>,
    names: Names,
    gates: RwLock<BTreeMap<String, Millis>>,
    /// Counts what changes for everybody.
    epoch: AtomicU64,
}

#[derive(Debug, Default)]
struct Person {
    /// Counts what changes for this person.
    generation: u64,
    /// In the order in which they count from.
    acts: Vec<Kept>,
    listed: Vec<Listing>,
}

/// One act about one purpose, as small as it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    since: Millis,
    expires: Option<Millis>,
    purpose: Name,
    recipient: Option<Name>,
    kind: ActKind,
    /// Which act, so that a decision can say what it relied on.
    id: ActId,
}

#[derive(Clone, Copy, Debug)]
struct Listing {
    list: Name,
    since: Millis,
    until: Option<Millis>,
}

impl Listing {
    fn holds(&self, at: Millis) -> bool {
        self.since <= at && self.until.is_none_or(|until| at < until)
    }
}

impl View {
    pub(crate) fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            names: Names::default(),
            gates: RwLock::default(),
            epoch: AtomicU64::new(0),
        }
    }

    /// Makes an act visible, from `since` on.
    pub(crate) fn keep(&self, act: &Act, since: Millis) {
        let kept = Kept {
            since,
            expires: act.expires,
            purpose: self.names.intern(&act.purpose),
            recipient: act.recipient.as_deref().map(|name| self.names.intern(name)),
            kind: act.kind,
            id: act.id,
        };
        for subject in &act.subjects {
            let mut shard = self.write(*subject);
            let person = shard.entry(*subject).or_default();
            let place = person.acts.partition_point(|other| other.since <= since);
            person.acts.insert(place, kept);
            person.generation += 1;
        }
    }

    /// From when the last permissive act counts that these people are known by about a purpose.
    pub(crate) fn last_permission(&self, subjects: &[SubjectId], purpose: &str) -> Option<Millis> {
        let purpose = self.names.find(purpose)?;
        let of = |subject: &SubjectId| {
            let shard = self.read(*subject);
            let acts = shard.get(subject)?.acts.iter();
            acts.filter(|act| act.purpose == purpose && !act.kind.is_protective())
                .map(|act| act.since)
                .max()
        };
        subjects.iter().filter_map(of).max()
    }

    pub(crate) fn list(
        &self,
        list: &str,
        subjects: &[SubjectId],
        since: Millis,
        until: Option<Millis>,
    ) {
        let list = self.names.intern(list);
        for subject in subjects {
            let mut shard = self.write(*subject);
            let person = shard.entry(*subject).or_default();
            let earlier = person.listed.iter().find(|listing| listing.list == list);
            let since = earlier.map_or(since, |earlier| earlier.since.min(since));
            person.listed.retain(|listing| listing.list != list);
            person.listed.push(Listing { list, since, until });
            person.generation += 1;
        }
    }

    pub(crate) fn unlist(&self, list: &str, subjects: &[SubjectId]) {
        let Some(list) = self.names.find(list) else {
            return;
        };
        for subject in subjects {
            if let Some(person) = self.write(*subject).get_mut(subject) {
                person.listed.retain(|listing| listing.list != list);
                person.generation += 1;
            }
        }
    }

    pub(crate) fn set_gate(&self, name: &str, at: Option<Millis>) {
        let mut gates = self.gates.write().unwrap_or_else(PoisonError::into_inner);
        match at {
            Some(at) => gates.insert(name.to_owned(), at),
            None => gates.remove(name),
        };
        self.epoch.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn gates(&self) -> BTreeMap<String, Millis> {
        self.gates
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Lists with the number of pseudonyms on each. Visits everybody.
    pub(crate) fn lists(&self) -> BTreeMap<String, usize> {
        let mut sizes = BTreeMap::new();
        for shard in &self.shards {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            for listing in shard.values().flat_map(|person| &person.listed) {
                *sizes.entry(self.names.text(listing.list)).or_default() += 1;
            }
        }
        sizes
    }

    /// Writes what is kept about the people of one event, as of `at`.
    pub(crate) fn fill(&self, subjects: &[SubjectId], at: Millis, situation: &mut Situation) {
        let mut people = Vec::with_capacity(subjects.len());
        let mut lists = BTreeSet::new();
        for subject in subjects {
            if let Some(person) = self.read(*subject).get(subject) {
                let until = person.acts.partition_point(|act| act.since <= at);
                people.push(person.acts.iter().take(until).copied().collect::<Vec<_>>());
                let held = person.listed.iter().filter(|listing| listing.holds(at));
                lists.extend(held.map(|listing| listing.list));
            }
        }
        let records = fold::records(&people, at);
        situation.at = at;
        situation.records = records
            .into_iter()
            .map(|(purpose, folded)| (self.names.text(purpose), self.record(folded)))
            .collect();
        situation.lists = lists
            .into_iter()
            .map(|list| self.names.text(list))
            .collect();
        situation.gates = self.gates();
    }

    /// The acts that count for these people about a purpose and a recipient, as of `at`: the latest choice,
    /// objection, opt-out and opt-in of each.
    pub(crate) fn relied_on(
        &self,
        subjects: &[SubjectId],
        purpose: &str,
        recipient: &str,
        at: Millis,
    ) -> Vec<ActId> {
        let Some(purpose) = self.names.find(purpose) else {
            return Vec::new();
        };
        let recipient = self.names.find(recipient);
        let mut found = Vec::new();
        for subject in subjects {
            let shard = self.read(*subject);
            let acts = shard.get(subject).map_or(&[][..], |person| &person.acts);
            let mut latest: BTreeMap<u8, ActId> = BTreeMap::new();
            // In the order in which they count from, so that a later one takes its place.
            for act in acts.iter().filter(|act| act.purpose == purpose) {
                let is_meant = act.recipient.is_none() || act.recipient == recipient;
                if is_meant && act.since <= at {
                    latest.insert(act.kind.sort(), act.id);
                }
            }
            found.extend(latest.into_values());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn record(&self, folded: Folded) -> Record {
        let recipients = folded.recipients.into_iter();
        let opt_ins = folded.opt_ins.into_iter();
        Record {
            general: folded.general,
            recipients: recipients
                .map(|(name, choice)| (self.names.text(name), choice))
                .collect(),
            objection: folded.objection,
            opt_out: folded.opt_out,
            opt_in: folded.opt_in,
            opt_ins: opt_ins
                .map(|(name, since)| (self.names.text(name), since))
                .collect(),
        }
    }

    /// Each part only grows, so the sum changes whenever one of them does.
    pub(crate) fn generation(&self, subjects: &[SubjectId]) -> u64 {
        let of = |subject: &SubjectId| self.read(*subject).get(subject).map_or(0, |p| p.generation);
        let people = subjects.iter().map(of).fold(0, u64::wrapping_add);
        people.wrapping_add(self.epoch.load(Ordering::Relaxed))
    }

    fn read(&self, subject: SubjectId) -> RwLockReadGuard<'_, HashMap<SubjectId, Person>> {
        self.shard(subject)
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, subject: SubjectId) -> RwLockWriteGuard<'_, HashMap<SubjectId, Person>> {
        self.shard(subject)
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A pseudonym is a keyed hash, so its first byte is as good as any.
    #[expect(
        clippy::indexing_slicing,
        reason = "a byte is below the number of shards"
    )]
    fn shard(&self, subject: SubjectId) -> &RwLock<HashMap<SubjectId, Person>> {
        let [first, ..] = *subject.as_bytes();
        &self.shards[usize::from(first)]
    }
}
