//! Segment's HTTP tracking API, in and out.
//!
//! `POST /v1/batch` with `{"batch":[..],"writeKey":".."}`, and `POST
//! /v1/{track,identify,page,screen, group,alias}` with one event; browsers use
//! `/v1/{b,t,i,p,s,g,a}` and label their JSON `text/plain`. The write key stands in Basic
//! authorization (`key:`) or in the body. Measured: `@segment/analytics-node` 3.1.0 and
//! segment-analytics-python 2.4.0 (gzip). Documented: 32 KB an event, 500 KB and 2,500 events a
//! batch, and 200 for nearly everything.
//!
//! Ours: 401 for a key that no route has, where Segment says 200 and drops the events: a wrong key
//! is a mistake of the sender's engineers and says nothing about a person. Official clients log it
//! and go on.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use consent::IdentifierKind::{Anonymous, Device, Email, Phone, User};

use super::{Answer, Endpoint, EventLimits, Places, Said, Wire, json_answer};
use crate::event::Event;
use crate::json::ObjectWriter;

/// The API's event types, with the browser's one-letter addresses.
const TYPES: [(&str, &str); 6] = [
    ("alias", "a"),
    ("group", "g"),
    ("identify", "i"),
    ("page", "p"),
    ("screen", "s"),
    ("track", "t"),
];

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let identifiers = [
        (User, "$.userId"),
        (User, "$.traits.id"),
        (User, "$.traits.userId"),
        (User, "$.context.userId"),
        (User, "$.context.traits.id"),
        (User, "$.context.traits.userId"),
        (User, "$.context.externalIds[*].id"),
        (User, "$.properties.userId"),
        (User, "$.properties.user_id"),
        // An alias may name a user or an anonymous visitor: it is looked up as both.
        (User, "$.previousId"),
        (Anonymous, "$.previousId"),
        (Anonymous, "$.anonymousId"),
        (Anonymous, "$.context.anonymousId"),
        (Anonymous, "$.properties.anonymousId"),
        (Email, "$.traits.email"),
        (Email, "$.context.traits.email"),
        (Email, "$.properties.email"),
        (Phone, "$.traits.phone"),
        (Phone, "$.context.traits.phone"),
        (Phone, "$.properties.phone"),
        (Device, "$.context.device.id"),
        (Device, "$.context.device.advertisingId"),
        (Device, "$.context.device.token"),
    ];
    Places::new(
        &identifiers,
        &["$.messageId"],
        &["$.timestamp", "$.originalTimestamp"],
    )
});

pub(super) struct Segment;

impl Wire for Segment {
    fn endpoint(&self, rest: &str) -> Option<Endpoint> {
        let name = rest.strip_prefix("/v1/")?;
        if matches!(name, "batch" | "b" | "import") {
            return Some(Endpoint::Keyed("batch"));
        }
        let named = TYPES
            .iter()
            .find(|(long, short)| [*long, *short].contains(&name));
        named.map(|(long, _)| Endpoint::Single(Some(long)))
    }

    fn limits(&self) -> EventLimits {
        EventLimits {
            body_bytes: 500 << 10,
            event_bytes: 32 << 10,
            events: 2500,
        }
    }

    fn places(&self) -> &'static Places {
        &PLACES
    }

    fn event_type(&self, event: &Event<'_>, endpoint: Endpoint) -> Option<&'static str> {
        let implied = match endpoint {
            Endpoint::Single(implied) => implied,
            Endpoint::Keyed(_) | Endpoint::Any(_) => None,
        };
        let Some(stated) = event.node().get("type") else {
            return implied;
        };
        let stated = stated.text()?;
        let (known, _) = TYPES.iter().find(|(long, _)| *long == stated)?;
        // An address and a body that disagree are two readings of one event.
        implied
            .is_none_or(|implied| implied == *known)
            .then_some(*known)
    }

    fn skeleton_names(&self) -> &'static [&'static str] {
        &["messageId", "type"]
    }

    fn write_skeleton(&self, object: &mut ObjectWriter<'_>, event_type: &str, message_id: &str) {
        object.member("type").string(event_type);
        object.member("messageId").string(message_id);
    }

    fn join(&self, events: &[&[u8]]) -> Vec<u8> {
        super::join_keyed("batch", events)
    }

    fn authorization(&self, key: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{key}:")))
    }

    fn answer(&self, said: Said) -> Answer {
        json_answer(said)
    }
}
