//! A scanned event: what the steps of the journey look at. It borrows the body and never outlives
//! it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::DateTime;
use policy::situation::Millis;

use crate::formats::{Format, Places};
use crate::json::{Kind, Node, Path};

/// One event of a body.
///
/// `Debug` shows its size and place, never its content.
#[derive(Clone, Copy, Debug)]
pub struct Event<'d> {
    node: Node<'d>,
    format: Format,
    around: Option<Node<'d>>,
}

/// When an event says that it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stated {
    /// It says nothing.
    Nothing,
    /// At this instant; the earliest where it names several.
    At(Millis),
    /// It says something that is no instant.
    Unreadable,
}

impl<'d> Event<'d> {
    /// Takes one event of a body; `None` where the value is not an object.
    #[must_use]
    pub fn new(node: Node<'d>, format: Format) -> Option<Self> {
        (node.kind() == Kind::Object).then_some(Self {
            node,
            format,
            around: None,
        })
    }

    /// Adds the object around the events of a body (Segment's batch-level `context`): what it says,
    /// it says for each of them. It is looked at, never sent on.
    #[must_use]
    pub fn within(self, around: Option<Node<'d>>) -> Self {
        Self { around, ..self }
    }

    /// The event itself.
    #[must_use]
    pub fn node(&self) -> Node<'d> {
        self.node
    }

    /// What it is written in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    pub(crate) fn places(&self) -> &'static Places {
        self.format.wire().places()
    }

    /// The object around the events of the body.
    pub(crate) fn around(&self) -> Option<Node<'d>> {
        self.around
    }

    /// The values at a path: in the event, and in what was said for all events.
    pub(crate) fn find<'p>(&self, path: &'p Path) -> impl Iterator<Item = Node<'d>> + use<'p, 'd> {
        path.find(self.node)
            .chain(self.around.into_iter().flat_map(|around| path.find(around)))
    }

    /// The sender's own name for it.
    pub(crate) fn message_id(&self) -> Option<Cow<'d, str>> {
        let mut found = self
            .places()
            .message_id
            .iter()
            .flat_map(|path| path.find(self.node));
        found.find_map(scalar_text)
    }

    /// When it says that it happened.
    pub(crate) fn stated_time(&self) -> Stated {
        let found = self
            .places()
            .times
            .iter()
            .flat_map(|path| path.find(self.node));
        let stated = found.filter(|node| !node.is_null()).map(instant);
        stated.fold(Stated::Nothing, |earliest, next| match (earliest, next) {
            (Stated::Unreadable, _) | (_, None) => Stated::Unreadable,
            (Stated::Nothing, Some(at)) => Stated::At(at),
            (Stated::At(before), Some(at)) => Stated::At(before.min(at)),
        })
    }
}

/// The text of a string or a number.
pub(crate) fn scalar_text(node: Node<'_>) -> Option<Cow<'_, str>> {
    match node.kind() {
        Kind::String => node.text(),
        Kind::Number => node.number().map(|number| Cow::Borrowed(number.as_str())),
        Kind::Object | Kind::Array | Kind::True | Kind::False | Kind::Null => None,
    }
}

/// RFC 3339 text (UTC where it names no zone), or a Unix time: seconds, or milliseconds from 10^11
/// on. From 10^14 on (the year 5138) it is microseconds or finer, or nothing: read as milliseconds
/// it would lie in the future, count as now, and hide an event from before a consent.
pub(crate) fn instant(node: Node<'_>) -> Option<Millis> {
    const READABLE: std::ops::Range<i64> = 0..100_000_000_000_000;
    if let Some(number) = node.number() {
        let number = number
            .integer()
            .filter(|number| READABLE.contains(number))?;
        let is_millis = number >= 100_000_000_000;
        return Some(Millis(if is_millis {
            number
        } else {
            number.checked_mul(1000)?
        }));
    }
    let text = node.text()?;
    let text = text.trim();
    let timestamp = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        civil
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    });
    timestamp.map(|timestamp| Millis(timestamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::{Event, Stated};
    use crate::formats::Format;
    use crate::json::{Limits, scan};
    use policy::situation::Millis;

    fn stated(body: &str) -> Stated {
        let document = scan(body.as_bytes(), &Limits::default()).unwrap();
        Event::new(document.root(), Format::Segment)
            .unwrap()
            .stated_time()
    }

    #[test]
    fn times_are_read_in_the_forms_that_clients_use() {
        let at = Stated::At(Millis(1_700_000_000_000));
        assert_eq!(stated(r#"{"timestamp":"2023-11-14T22:13:20.000Z"}"#), at);
        assert_eq!(stated(r#"{"timestamp":"2023-11-14T23:13:20+01:00"}"#), at);
        assert_eq!(stated(r#"{"timestamp":"2023-11-14T22:13:20"}"#), at);
        assert_eq!(stated(r#"{"timestamp":1700000000}"#), at);
        assert_eq!(stated(r#"{"timestamp":1700000000000}"#), at);
        assert_eq!(stated(r#"{"timestamp":null}"#), Stated::Nothing);
    }

    #[test]
    fn the_earliest_of_two_times_counts() {
        let body = r#"{"timestamp":"2023-11-15T00:00:00Z","originalTimestamp":1700000000}"#;
        assert_eq!(stated(body), Stated::At(Millis(1_700_000_000_000)));
    }

    #[test]
    fn a_time_that_is_none_is_not_silence() {
        for time in [
            r#""soon""#,
            "{}",
            "[]",
            "true",
            "-1",
            "1.5",
            "1e999999",
            "1700000000000000",
            "1700000000000000000",
            r#""""#,
        ] {
            let body = format!(r#"{{"timestamp":{time}}}"#);
            let document = scan(body.as_bytes(), &Limits::default());
            if document.is_ok() {
                assert_eq!(stated(&body), Stated::Unreadable, "{time}");
            }
        }
    }
}
