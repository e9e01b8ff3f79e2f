//! One event, before and after: what left the shop, and what arrived at the ad network.

use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::keys::hex;
use crate::terminal::{Paint, Tone, fit};

/// An event as it left the shop and, if it did, as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Story {
    /// What the shop sent.
    pub before: Value,
    /// What the tool was sent.
    pub after: Option<Value>,
}

/// What is looked at: a name for people, and where it stands in an event.
const FIELDS: [(&str, &str); 8] = [
    ("email", "/context/traits/email"),
    ("IP address", "/context/ip"),
    ("birth date", "/context/traits/birthday"),
    ("order value", "/properties/total"),
    ("product", "/properties/product"),
    ("health", "/properties/condition"),
    ("a free note", "/properties/note"),
    ("event time", "/timestamp"),
];

/// How wide the columns are, in characters.
const NAME: usize = 13;
const SIDE: usize = 28;

impl Story {
    /// The lines of the comparison: two of heading, one a field.
    pub(super) fn lines(&self, paint: Paint, title: &str) -> Vec<String> {
        let head = format!(
            "{:NAME$}{:SIDE$}  {}",
            "", "left the shop as", "reached the ad network as"
        );
        let mut lines = vec![paint.tone(Tone::Bold, title), paint.tone(Tone::Dim, &head)];
        for (name, place) in FIELDS {
            let before = self.before.pointer(place);
            let after = self.after.as_ref().and_then(|after| after.pointer(place));
            let shown = match (&self.after, after) {
                (None, _) => paint.tone(Tone::Dim, "…"),
                (Some(_), None) => paint.tone(Tone::Refused, "—  not there"),
                (Some(_), Some(value)) if Some(value) == before => text(value),
                (Some(_), Some(value)) => paint.tone(Tone::Edited, &fit(&text(value), SIDE)),
            };
            let before = fit(&before.map(text).unwrap_or_default(), SIDE);
            lines.push(format!("{name:NAME$}{before:SIDE$}  {shown}"));
        }
        lines
    }
}

/// What the policy makes of an e-mail address: how the story's event is known when it arrives.
pub(super) fn hashed(email: &str) -> String {
    hex(digest(&SHA256, email.as_bytes()).as_ref())
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_said_and_what_changed_is_shown() {
        let before =
            json!({ "context": { "ip": "203.0.113.77" }, "properties": { "condition": "x" } });
        let after = Some(json!({ "context": { "ip": "203.0.113.0" } }));
        let lines = Story { before, after }.lines(Paint::plain(), "One event");
        assert_eq!(lines.len(), FIELDS.len() + 2);
        let line = |name: &str| lines.iter().find(|line| line.starts_with(name)).unwrap();
        assert!(
            line("IP address").contains("203.0.113.77")
                && line("IP address").contains("203.0.113.0")
        );
        assert!(line("health").ends_with("not there"), "{}", line("health"));
    }

    #[test]
    fn every_line_fits_a_narrow_terminal() {
        let long = "x".repeat(200);
        let event = json!({ "context": { "ip": long }, "timestamp": "2026-11-22T03:30:00Z" });
        let story = Story {
            before: event,
            after: Some(json!({ "context": { "ip": "y".repeat(200) } })),
        };
        for line in story.lines(Paint::plain(), "One event") {
            assert!(line.chars().count() <= 78, "{line}");
        }
    }
}
