//! Who an event is about: *every* identifier in it, wherever the format or the policy says one
//! stands.
//!
//! Facts are gathered for each and the most protective wins, so that a known identifier never
//! launders a refused one. Here identifiers turn into pseudonyms; no other step sees them.

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
                if let Some(subject) = pseudonyms.of(*kind, &Personal::new(text)) {
                    found.push((rank(*kind), subject));
                }
            });
        }
    }
    found.sort_unstable();
    let mut subjects: Vec<SubjectId> = Vec::with_capacity(found.len());
    for (_, subject) in found {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    subjects
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
