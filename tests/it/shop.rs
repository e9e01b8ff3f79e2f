//! Events of the sample shop, as Segment's SDKs write them, and the choices of its customers.

use serde_json::{Value, json};
use tests::{Answer, Client, World};

/// A German customer's order that agrees to ads by the event's own stamp; `product` is a free text that may leave.
pub(crate) fn order(person: &str, product: &str) -> Value {
    json!({
        "type": "track",
        "event": "Order Completed",
        "messageId": format!("m-{product}"),
        "userId": person,
        "properties": {"total": 123.4, "product": product},
        "context": {
            "ip": "203.0.113.77",
            "location": {"country": "DE"},
            "consent": {"categoryPreferences": {"advertising": true, "analytics": false}}
        }
    })
}

/// The same without any stamp: only the kept records speak.
pub(crate) fn silent_order(person: &str, product: &str) -> Value {
    let mut event = order(person, product);
    event["context"]
        .as_object_mut()
        .expect("an object")
        .remove("consent");
    event
}

/// Posts events as one batch.
pub(crate) fn post_batch(shop: &mut Client, events: &[Value]) -> Answer {
    shop.post("/v1/batch", &json!({"batch": events}))
}

/// Keeps an act of a person about personalised ads.
pub(crate) fn choose(admin: &mut Client, person: &str, choice: &str) -> Answer {
    admin.post(
        "/v1/consents",
        &json!({
            "identifiers": [{"kind": "user", "value": person}],
            "purpose": "personalised ads",
            "choice": choice,
            "mechanism": "test"
        }),
    )
}

/// Withdraws from personalised ads.
pub(crate) fn withdraw(admin: &mut Client, person: &str) -> Answer {
    admin.post("/v1/withdrawals", &withdrawal(person))
}

/// The body of a withdrawal from personalised ads.
pub(crate) fn withdrawal(person: &str) -> Value {
    json!({
        "identifiers": [{"kind": "user", "value": person}],
        "purpose": "personalised ads",
        "mechanism": "test"
    })
}

/// The last decisions of a running gateway, newest first.
pub(crate) fn decisions(world: &World) -> Vec<Value> {
    world.officer().get("/v1/decisions").json()["decisions"]
        .as_array()
        .expect("a list of decisions")
        .clone()
}

/// A small generator for chance that can be repeated: the seed is printed by who uses it.
#[derive(Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}
