//! What an event and its request say about choices: absent, unreadable and refused differ.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use consent::standards::segment::{Preference, Stamp};
use consent::standards::unread::Seen;
use consent::standards::{Carried, heard};
use http::header::COOKIE;
use http::{HeaderMap, Uri};
use policy::ast::SignalName;
use policy::situation::Heard;

use crate::event::Event;
use crate::json::{Kind, Node, Path};
use crate::plan::Plan;

/// What the request itself carries, for all its events.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    gpc: Vec<Vec<u8>>,
    unread: Seen,
}

impl Said {
    /// Keeps the few things in a request that may be a signal; no other header goes any further.
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let gpc = headers
            .get_all("sec-gpc")
            .iter()
            .map(|value| value.as_bytes().to_vec());
        let mut unread = Seen::default();
        for pair in uri.query().unwrap_or_default().split('&') {
            unread.note(pair.split('=').next().unwrap_or_default());
        }
        let cookies = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        for pair in cookies.flat_map(|cookies| cookies.split(';')) {
            unread.note(pair.split('=').next().unwrap_or_default().trim());
        }
        Self {
            gpc: gpc.collect(),
            unread,
        }
    }
}

/// What was heard with one event, for the signals that the policy listens to.
pub(crate) fn signals(said: &Said, event: &Event<'_>, plan: &Plan) -> BTreeMap<SignalName, Heard> {
    let mut unread = said.unread;
    if plan.listens_unread {
        note_names(event.node(), &mut unread);
        let context = event.around().and_then(|around| around.get("context"));
        context
            .into_iter()
            .for_each(|context| note_names(context, &mut unread));
    }
    let carried = Carried {
        gpc: said.gpc.iter().map(Vec::as_slice).collect(),
        segment: stamp(event),
        unread,
    };
    heard(&carried, plan.policy().signals())
}

/// The names of all members, at any depth: material of a standard must not count as silence.
fn note_names(node: Node<'_>, seen: &mut Seen) {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        if node.kind() == Kind::Object {
            for member in node.members() {
                seen.note(&member.name());
                waiting.push(member.value);
            }
        } else {
            waiting.extend(node.children());
        }
    }
}

/// `context.consent.categoryPreferences`, of the event and of what was said for the whole batch:
/// where the two contradict each other, that is heard as a contradiction.
fn stamp<'d>(event: &Event<'d>) -> Stamp<'d> {
    static CONSENT: LazyLock<Option<Path>> =
        LazyLock::new(|| Path::parse("$.context.consent").ok());
    let mut preferences = None;
    for consent in CONSENT.iter().flat_map(|path| event.find(path)) {
        let Some(named) = consent.get("categoryPreferences") else {
            return Stamp::Unreadable;
        };
        if named.kind() != Kind::Object {
            return Stamp::Unreadable;
        }
        preferences
            .get_or_insert_with(Vec::new)
            .extend(named.members().map(|member| {
                let preference = match member.value.boolean() {
                    Some(true) => Preference::Granted,
                    Some(false) => Preference::Refused,
                    None => Preference::NotBoolean,
                };
                (member.name(), preference)
            }));
    }
    preferences.map_or(Stamp::Absent, Stamp::Preferences)
}

#[cfg(test)]
mod tests;
