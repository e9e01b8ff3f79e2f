//! What the gateway is told: routes, limits, delivery. Plain values; `cli` reads them from a file.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use ring::digest;

pub use crate::formats::Format;
pub use upstream::{Upstream, UpstreamError};
pub use validate::{ConfigFault, validate};

mod upstream;
mod validate;

/// Everything the data plane is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where clients connect.
    pub listen: SocketAddr,
    /// Which source is bound to which path, and where its events may go.
    pub routes: Vec<Route>,
    /// How much is taken in.
    pub limits: Limits,
    /// How long and how much is kept for recipients.
    pub delivery: Delivery,
}

/// Binds a source, by its name in the policy, to a path, a format and the flows out of it.
#[derive(Clone, Debug)]
pub struct Route {
    /// What operators call it.
    pub name: String,
    /// The prefix of the format's own paths (`/` for none), or, for [`Format::Json`], the path.
    pub path: String,
    /// What is spoken on it, in and out.
    pub format: Format,
    /// The source's name in the policy.
    pub source: String,
    /// Keys that clients may present; none says that any key, or none, will do.
    pub write_keys: Vec<KeyDigest>,
    /// Where its events may go, if the policy lets them.
    pub flows: Vec<FlowRoute>,
}

/// Binds a recipient and a purpose, by their names in the policy, to an address.
#[derive(Clone, Debug)]
pub struct FlowRoute {
    /// The recipient's name in the policy.
    pub recipient: String,
    /// The purpose's name in the policy.
    pub purpose: String,
    /// `http://host[:port]/path`; the host is the one that the policy names for the recipient.
    pub upstream: String,
    /// Overrides the address, and only that (tests, sidecars).
    pub connect: Option<SocketAddr>,
    /// Our own key at the recipient.
    pub write_key: Option<Secret>,
}

/// How much is taken in, and how slowly it may come.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections served at once; the next one waits to be accepted.
    pub connections: usize,
    /// The longest request head, in bytes.
    pub head_bytes: usize,
    /// The most header fields in it.
    pub headers: usize,
    /// The longest request target, in bytes.
    pub target_bytes: usize,
    /// The longest body, in bytes, as it comes and again after gzip is undone.
    pub body_bytes: usize,
    /// How many times its own size a compressed body may expand to.
    pub expansion: usize,
    /// Bytes of bodies held at once, over all connections; above it, reading stops.
    pub held_bytes: usize,
    /// How long a request waits for room under `held_bytes` before it is answered with 503.
    pub room_wait: Duration,
    /// How long a head may take to arrive.
    pub head_time: Duration,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// The slowest a body may arrive, in bytes per second, once `rate_grace` has passed.
    pub rate_min: usize,
    /// How long a body may be slower than that at its start.
    pub rate_grace: Duration,
    /// The deepest nesting in one event.
    pub depth: u32,
    /// The most values in one body.
    pub values: usize,
}

impl Default for Limits {
    /// 16 KiB heads of 64 fields, 1 MiB bodies within 30 s, 100-fold expansion, 64 MiB in all.
    fn default() -> Self {
        Self {
            connections: 4096,
            head_bytes: 16 << 10,
            headers: 64,
            target_bytes: 8 << 10,
            body_bytes: 1 << 20,
            expansion: 100,
            held_bytes: 64 << 20,
            room_wait: Duration::from_secs(1),
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            rate_min: 1024,
            rate_grace: Duration::from_secs(5),
            depth: 64,
            values: 100_000,
        }
    }
}

/// How long and how much is kept for recipients.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// How long a recipient may take to answer before its connection is dropped. Withdrawals wait
    /// at most this long for bytes in flight.
    pub send_timeout: Duration,
    /// The first pause after a failed send; it doubles, with jitter.
    pub pause_min: Duration,
    /// The longest pause.
    pub pause_max: Duration,
    /// The most events in one request to a recipient.
    pub batch_events: usize,
    /// The most bytes kept for one recipient.
    pub queue_bytes: usize,
    /// The longest an event is kept for a recipient that does not take it.
    pub queue_age: Duration,
    /// How old a decision may be at send time before it is worth an entry of its own.
    pub fresh: Duration,
}

impl Default for Delivery {
    /// 10 s to answer, pauses of 0.2 s to 30 s, 100 events a request, 64 MiB and 24 h a recipient.
    fn default() -> Self {
        Self {
            send_timeout: Duration::from_secs(10),
            pause_min: Duration::from_millis(200),
            pause_max: Duration::from_secs(30),
            batch_events: 100,
            queue_bytes: 64 << 20,
            queue_age: Duration::from_hours(24),
            fresh: Duration::from_secs(1),
        }
    }
}

/// The SHA-256 of a write key. The key itself is not kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyDigest([u8; 32]);

impl KeyDigest {
    /// Takes a digest that was made elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Digests a key as a client presents it.
    #[must_use]
    pub fn of(key: &[u8]) -> Self {
        let mut bytes = [0; 32];
        let digest = digest::digest(&digest::SHA256, key);
        // SHA-256 always yields 32 bytes, so zip fills the array.
        bytes
            .iter_mut()
            .zip(digest.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self(bytes)
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyDigest(..)")
    }
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one place that writes it to its recipient.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
