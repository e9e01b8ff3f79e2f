//! Wire formats: one file each, with everything that only this format knows.
//!
//! To add one: a file with a [`Wire`], a variant of [`Format`], a row in its three matches.

use http::StatusCode;

use crate::event::Event;
use crate::json::{ObjectWriter, Path};
use consent::IdentifierKind;

mod generic;
mod segment;

/// What is spoken on a route, by clients to us and by us to recipients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Events in an object, an array, or `{"events":[..]}`.
    Json,
    /// Segment's HTTP tracking API.
    Segment,
}

impl Format {
    /// The word used in configurations.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Segment => "segment",
        }
    }

    /// The format of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Json, Self::Segment]
            .into_iter()
            .find(|format| format.word() == word)
    }

    /// The code in outbox rows. A code once given is never given a second meaning.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Json => 1,
            Self::Segment => 2,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        [Self::Json, Self::Segment]
            .into_iter()
            .find(|format| format.code() == code)
    }

    pub(crate) fn wire(self) -> &'static dyn Wire {
        match self {
            Self::Json => &generic::Generic,
            Self::Segment => &segment::Segment,
        }
    }
}

/// Everything that only one format knows.
pub(crate) trait Wire: Sync {
    /// What the format serves at `rest`, the path below the route's own.
    fn endpoint(&self, rest: &str) -> Option<Endpoint>;
    /// The protocol's own limits.
    fn limits(&self) -> EventLimits;
    /// Where things stand in an event.
    fn places(&self) -> &'static Places;
    /// The type of an event that is written downstream: from a closed list, never the sender's
    /// text. `None` where the event has none that the format knows.
    fn event_type(&self, event: &Event<'_>, endpoint: Endpoint) -> Option<&'static str>;
    /// The members that we write ourselves. Nothing of the event takes these names.
    fn skeleton_names(&self) -> &'static [&'static str];
    /// Writes them.
    fn write_skeleton(&self, object: &mut ObjectWriter<'_>, event_type: &str, message_id: &str);
    /// One request's worth of events, as a body.
    fn join(&self, events: &[&[u8]]) -> Vec<u8>;
    /// The `Authorization` field that carries our own key at the recipient.
    fn authorization(&self, key: &str) -> String;
    /// What a client is told.
    fn answer(&self, said: Said) -> Answer;
}

/// One of a format's own addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Takes one event, of this type where the address says so.
    Single(Option<&'static str>),
    /// Takes `{"<key>":[..]}`.
    Keyed(&'static str),
    /// Takes one event, an array, or `{"<key>":[..]}`.
    Any(&'static str),
}

/// A protocol's own limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventLimits {
    /// The longest body, in bytes after gzip is undone.
    pub(crate) body_bytes: usize,
    /// The longest event, in bytes.
    pub(crate) event_bytes: usize,
    /// The most events in a body.
    pub(crate) events: usize,
}

/// Where things stand in an event of a format.
#[derive(Debug)]
pub(crate) struct Places {
    /// Identifiers of the person, and of which kind.
    pub(crate) identifiers: Vec<(IdentifierKind, Path)>,
    /// The sender's name for the event.
    pub(crate) message_id: Vec<Path>,
    /// When it happened; the earliest counts.
    pub(crate) times: Vec<Path>,
}

impl Places {
    /// Reads literals of this crate. One that is no path is left out; a test of each format finds
    /// it.
    fn new(identifiers: &[(IdentifierKind, &str)], message_id: &[&str], times: &[&str]) -> Self {
        let paths = |texts: &[&str]| {
            texts
                .iter()
                .filter_map(|text| Path::parse(text).ok())
                .collect()
        };
        Self {
            identifiers: identifiers
                .iter()
                .filter_map(|(kind, text)| Some((*kind, Path::parse(text).ok()?)))
                .collect(),
            message_id: paths(message_id),
            times: paths(times),
        }
    }
}

/// What there is to say to a client. Nothing in it depends on a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It was taken: for sent and refused alike.
    Accepted,
    /// It cannot be taken now; the same again in a second may be.
    Busy,
    /// The body is not of this format at all.
    Malformed,
    /// The body is longer than the protocol allows.
    TooLarge,
    /// The body came too slowly.
    TooSlow,
    /// No route has this write key.
    WrongKey,
    /// Nothing is served at this path.
    NotFound,
    /// Events are posted.
    NotPosted,
}

impl Said {
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Accepted => StatusCode::OK,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::WrongKey => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotPosted => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// Why not, in words that hold nothing of the request.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Accepted => "",
            Self::Busy => "cannot be recorded now, please try again",
            Self::Malformed => "the body is not of this format",
            Self::TooLarge => "the body is too large",
            Self::TooSlow => "the body came too slowly",
            Self::WrongKey => "the write key is not known",
            Self::NotFound => "nothing is served here",
            Self::NotPosted => "events are posted",
        }
    }
}

/// What a client is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

/// The answer of formats that say `{"success":..}`.
fn json_answer(said: Said) -> Answer {
    let body = match said {
        Said::Accepted => r#"{"success":true}"#.to_owned(),
        Said::Busy
        | Said::Malformed
        | Said::TooLarge
        | Said::TooSlow
        | Said::WrongKey
        | Said::NotFound
        | Said::NotPosted => format!(r#"{{"success":false,"error":"{}"}}"#, said.words()),
    };
    Answer {
        status: said.status(),
        body,
    }
}

/// `{"<key>":[..]}` of bodies that are already written.
fn join_keyed(key: &str, events: &[&[u8]]) -> Vec<u8> {
    let bytes = events.iter().map(|event| event.len() + 1).sum::<usize>();
    let mut body = Vec::with_capacity(bytes + key.len() + 8);
    body.extend_from_slice(format!("{{\"{key}\":[").as_bytes());
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(event);
    }
    body.extend_from_slice(b"]}");
    body
}

#[cfg(test)]
mod tests;
