//! Edits: a *new* body, made only by consuming a permit.
//!
//! It holds the format's skeleton, written by us, and what the permit lists, at its own paths, as
//! edited. Of several categories at one place each must be listed, and the strictest edit counts;
//! of one place inside another the inner one decides for itself, so that an unlisted e-mail inside
//! a listed object stays behind. What is in no category does not exist downstream.

use std::fmt;
use std::sync::Arc;

use consent::SubjectId;
use ledger::Outgoing;
use policy::ast::{Edit, TimeUnit};
use policy::verdict::EventId;
use policy::{Permit, Situation};

use crate::config::Format;
use crate::event::Event;
use crate::json::JsonWriter;
use crate::keys::Keys;
use crate::plan::Plan;

pub(crate) use kept::Kept;

mod kept;
mod project;

/// One event on its way to one recipient for one purpose.
#[derive(Clone, Copy, Debug)]
pub struct Addressed<'e, 'd> {
    /// Its fresh name; the permit must be for it.
    pub id: EventId,
    /// The event.
    pub event: &'e Event<'d>,
    /// The type to write; from the format's closed list.
    pub event_type: &'static str,
    /// The source's name in the policy.
    pub source: &'e str,
    /// The recipient's name in the policy.
    pub recipient: &'e str,
    /// The purpose's name in the policy.
    pub purpose: &'e str,
    /// Whom it names.
    pub subjects: &'e [SubjectId],
    /// What was known when it happened.
    pub happened: &'e Situation,
}

/// A body that holds nothing but what a permit lists, in the form it states.
///
/// There is no other way to make one than [`Sanitized::write`], and none to change one.
pub struct Sanitized {
    event: EventId,
    recipient: String,
    format: Format,
    body: Vec<u8>,
    kept: Vec<u8>,
    edited: Vec<Arc<str>>,
}

impl Sanitized {
    /// Writes the body that `permit` allows; `None` where the permit is for another event.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a permit is good for one body"
    )]
    #[must_use]
    pub fn write(
        permit: Permit,
        addressed: &Addressed<'_, '_>,
        plan: &Plan,
        keys: &Keys,
    ) -> Option<Self> {
        if permit.event() != addressed.id {
            return None;
        }
        let event = addressed.event;
        let wire = event.format().wire();
        let day = crate::facts::day(addressed.happened.at)?;
        let mut projection =
            project::Projection::of(event, permit.program(), plan, |edit, node| {
                let is_number = node.number().is_some();
                let text = crate::event::scalar_text(node)?;
                Some(policy::edit::apply(edit, &text, is_number, day, keys))
            });
        let message_id = message_id(addressed, keys);
        let mut body = Vec::with_capacity(event.node().raw().len().min(4096));
        let mut object = JsonWriter::new(&mut body).object();
        wire.write_skeleton(&mut object, addressed.event_type, &message_id);
        for member in event.node().members() {
            let name = member.name();
            let is_ours = wire
                .skeleton_names()
                .iter()
                .any(|ours| name.eq_ignore_ascii_case(ours));
            if !is_ours {
                object
                    .member(&name)
                    .edited(member.value, |node| projection.choose(node));
            }
        }
        object.end();
        let (edited, written) = projection.finish();
        let kept = Kept {
            source: addressed.source.to_owned(),
            purpose: addressed.purpose.to_owned(),
            format: event.format(),
            subjects: addressed.subjects.to_vec(),
            happened: addressed.happened.clone(),
            layout: plan.layout,
            written,
        };
        Some(Self {
            event: addressed.id,
            recipient: addressed.recipient.to_owned(),
            format: event.format(),
            body,
            kept: kept.encode(),
            edited,
        })
    }

    /// Whether something of a category that the policy knows was changed, removed or left out.
    #[must_use]
    pub fn edited(&self) -> bool {
        !self.edited.is_empty()
    }

    /// The categories of which something was changed, removed or left out. Not known after a
    /// restart.
    #[must_use]
    pub fn edited_categories(&self) -> &[Arc<str>] {
        &self.edited
    }

    /// What it is written in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Other bytes in their place. Exists so that tests can be seen to fail.
    #[cfg(feature = "controls")]
    pub(crate) fn with_body(self, body: Vec<u8>) -> Self {
        Self { body, ..self }
    }

    /// What leaves.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }
}

/// Stable across the client's own retries, and each recipient's own; of an event without a name,
/// a fresh one.
fn message_id(addressed: &Addressed<'_, '_>, keys: &Keys) -> String {
    let mut original = addressed.purpose.as_bytes().to_vec();
    original.push(0);
    match addressed.event.message_id() {
        Some(id) => original.extend_from_slice(id.as_bytes()),
        None => original.extend_from_slice(&addressed.id.0),
    }
    keys.message_id(addressed.recipient, &original)
}

/// The edit in the policy's words, as the sidecar names it.
pub(crate) fn words(edit: Option<&Edit>) -> String {
    let text = match edit {
        None => "as it is",
        Some(Edit::Sha256) => "hash as SHA-256",
        Some(Edit::OnlyPath) => "keep only the path",
        Some(Edit::TruncateTime(TimeUnit::Minute)) => "truncate to the minute",
        Some(Edit::TruncateTime(TimeUnit::Hour)) => "truncate to the hour",
        Some(Edit::TruncateTime(TimeUnit::Day)) => "truncate to the day",
        Some(Edit::KeyedHash(key)) => return format!("hash with key \"{key}\""),
        Some(Edit::ShortenIp { v4, v6 }) => return format!("shorten to /{v4} or /{v6}"),
        Some(Edit::Round(to)) => return format!("round to {to}"),
        Some(Edit::Band(bands)) => {
            let bands: Vec<String> = bands
                .iter()
                .map(|band| match band.to {
                    Some(to) => format!("{}-{to}", band.from),
                    None => format!("{}+", band.from),
                })
                .collect();
            return format!("turn into band {}", bands.join(", "));
        }
    };
    text.to_owned()
}

impl Outgoing for Sanitized {
    fn event(&self) -> EventId {
        self.event
    }

    fn recipient(&self) -> &str {
        &self.recipient
    }

    fn facts(&self) -> &[u8] {
        &self.kept
    }

    fn sent(&self) -> Option<&[u8]> {
        Some(&self.body)
    }

    fn to_row(&self) -> Vec<u8> {
        let mut row = kept::Writer::default();
        row.bytes(&self.event.0);
        row.bytes(self.recipient.as_bytes());
        row.bytes(&[self.format.code()]);
        row.bytes(&self.kept);
        row.bytes(&self.body);
        row.finish()
    }

    fn from_row(row: &[u8]) -> Option<Self> {
        let mut row = kept::Reader::new(row);
        let sanitized = Self {
            event: EventId(row.array()?),
            recipient: row.text()?,
            format: Format::from_code(row.array::<1>()?.first().copied()?)?,
            kept: row.bytes()?.to_vec(),
            body: row.bytes()?.to_vec(),
            edited: Vec::new(),
        };
        row.is_empty().then_some(sanitized)
    }
}

impl fmt::Debug for Sanitized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sanitized")
            .field("format", &self.format)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
