//! Who an event is about: *every* identifier in it, wherever the format or the policy says one
//! stands.
//!
//! Facts are gathered for each and the most protective wins, so that a known identifier never
//! launders a refused one. Here identifiers turn into pseudonyms; no other step sees them.

use std::collections::BTreeSet;

use consent::{IdentifierKind, Personal, Pseudonyms, SubjectId};

use crate::event::{Event, scalar_text};
use crate::json::Node;
use crate::plan::Plan;

/// The pseudonyms of everybody an event names, the most lasting kind of identifier first.
pub(crate) fn subjects(event: &Event<'_>, plan: &Plan, pseudonyms: &Pseudonyms) -> Vec<SubjectId> {
    let mut found: Vec<(u8, SubjectId)> = Vec::new();
    let places = event.places().identifiers.iter().chain(&plan.identifiers);
    for (kind, path) in places {
        for node in event.find(path) {
            each_scalar(node, &mut |text| {
                for kind in kinds(*kind, text) {
                    let subject = pseudonyms.of(kind, &Personal::new(text));
                    found.extend(subject.map(|subject| (rank(kind), subject)));
                }
            });
        }
    }
    found.sort_unstable();
    let mut seen = BTreeSet::new();
    let subjects = found.into_iter().map(|(_, subject)| subject);
    subjects.filter(|subject| seen.insert(*subject)).collect()
}

/// Many shops use the e-mail address as account id: then it is one wherever it stands, and who
/// refused under the address is not let through under the id.
fn kinds(stated: IdentifierKind, text: &str) -> impl Iterator<Item = IdentifierKind> {
    let is_address = stated != IdentifierKind::Email && text.contains('@');
    let address = is_address.then_some(IdentifierKind::Email);
    std::iter::once(stated).chain(address)
}

/// A list where one identifier is expected names several people; each counts.
fn each_scalar(node: Node<'_>, hear: &mut dyn FnMut(&str)) {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match scalar_text(node) {
            Some(text) => hear(&text),
            None => waiting.extend(node.children()),
        }
    }
}

/// The first subject owns the evidence: an account outlives a cookie.
const fn rank(kind: IdentifierKind) -> u8 {
    match kind {
        IdentifierKind::User => 0,
        IdentifierKind::Email => 1,
        IdentifierKind::Phone => 2,
        IdentifierKind::Device => 3,
        IdentifierKind::Anonymous => 4,
    }
}

#[cfg(test)]
mod tests;
