//! Generic JSON: whatever a shop's own servers send, in and out.
//!
//! A body is one event, an array of events, or `{"events":[..]}`; out it is always the last of
//! these. Where nothing else is agreed, an event names itself in `id`, its time in `time`, its type
//! is ours. The write key stands in `Authorization: Bearer` (or Basic), or in a member `writeKey`.

use std::sync::LazyLock;

use consent::IdentifierKind::{Anonymous, Device, Email, Phone, User};

use super::{Answer, Endpoint, EventLimits, Places, Said, Wire, json_answer};
use crate::event::Event;
use crate::json::ObjectWriter;

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let identifiers = [
        (User, "$.user_id"),
        (User, "$.userId"),
        (User, "$.user.id"),
        (User, "$.customer_id"),
        (User, "$.customer.id"),
        (Anonymous, "$.anonymous_id"),
        (Anonymous, "$.anonymousId"),
        (Email, "$.email"),
        (Email, "$.user.email"),
        (Email, "$.customer.email"),
        (Email, "$.traits.email"),
        (Phone, "$.phone"),
        (Phone, "$.user.phone"),
        (Phone, "$.customer.phone"),
        (Device, "$.device_id"),
        (Device, "$.deviceId"),
        (Device, "$.device.id"),
    ];
    let times = ["$.time", "$.timestamp"];
    Places::new(
        &identifiers,
        &["$.id", "$.messageId", "$.message_id"],
        &times,
    )
});

pub(super) struct Generic;

impl Wire for Generic {
    fn endpoint(&self, rest: &str) -> Option<Endpoint> {
        matches!(rest, "" | "/").then_some(Endpoint::Any("events"))
    }

    fn limits(&self) -> EventLimits {
        EventLimits {
            body_bytes: usize::MAX,
            event_bytes: 64 << 10,
            events: 10_000,
        }
    }

    fn places(&self) -> &'static Places {
        &PLACES
    }

    fn event_type(&self, _event: &Event<'_>, _endpoint: Endpoint) -> Option<&'static str> {
        Some("event")
    }

    fn skeleton_names(&self) -> &'static [&'static str] {
        &["id"]
    }

    fn write_skeleton(&self, object: &mut ObjectWriter<'_>, _event_type: &str, message_id: &str) {
        object.member("id").string(message_id);
    }

    fn join(&self, events: &[&[u8]]) -> Vec<u8> {
        super::join_keyed("events", events)
    }

    fn authorization(&self, key: &str) -> String {
        format!("Bearer {key}")
    }

    fn answer(&self, said: Said) -> Answer {
        json_answer(said)
    }
}
