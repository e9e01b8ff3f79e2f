//! The sample shop: its customers, what they chose, and what they do. All of it is invented;
//! addresses are from the ranges that documents may use (RFC 5737, RFC 2606).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::random::Random;

/// The demo's policy, as shipped.
pub(super) const POLICY: &str = include_str!("../../../policies/demo/shop.policy");
/// Its name in messages and in the ledger's neighborhood.
pub(super) const POLICY_NAME: &str = "policies/demo/shop.policy";
/// The source's name in the policy.
pub(super) const SOURCE: &str = "web shop";
/// The ad network's name in the policy.
pub(super) const ADS: &str = "Meta Ads";
/// The purpose it is sent to for.
pub(super) const ADS_PURPOSE: &str = "personalised ads";
/// The analytics tool's name in the policy.
pub(super) const ANALYTICS: &str = "Shop Analytics";
/// The purpose it is sent to for.
pub(super) const ANALYTICS_PURPOSE: &str = "product analytics";
/// The assessment that ads need.
pub(super) const DPIA: &str = "DPIA-2026-014";
/// The key that edits for analytics need.
pub(super) const EDIT_KEY: &str = "analytics-2026";

/// A customer who does not exist.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    /// `c-1042`
    pub number: String,
    /// What the browser made up.
    pub visitor: String,
    /// The e-mail address.
    pub email: String,
    /// The address the browser has.
    pub ip: String,
    /// Country and, in the US, state; none where nothing says.
    pub place: Option<(&'static str, Option<&'static str>)>,
    /// Birth date, where the customer told it.
    pub born: Option<String>,
    /// A condition that slips into events, as such things do.
    pub condition: Option<&'static str>,
    /// Whether the browser sends Global Privacy Control.
    pub gpc: bool,
    /// What the shop's banner stamps on events: ads and analytics.
    pub stamp: Option<(bool, bool)>,
    /// What our records will say at the start: ads and analytics.
    pub consents: (bool, bool),
    /// Whether the person is on the list of the bereaved.
    pub bereaved: bool,
}

/// One event as a browser or server sends it.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Whether the request must carry `Sec-GPC: 1`.
    pub gpc: bool,
    /// The body.
    pub body: Value,
}

/// The shop, which draws customers and events from one seed.
#[derive(Debug)]
pub(super) struct Shop {
    /// Everybody, the customer of the story first.
    pub customers: Vec<Customer>,
    random: Random,
    made: u64,
}

/// Something no clause lists: it must not exist downstream.
pub(super) const UNLISTED: &str = "unlisted-note-7f3a";

const PRODUCTS: [&str; 8] = [
    "running shoes",
    "rain jacket",
    "tea",
    "headphones",
    "backpack",
    "yoga mat",
    "water bottle",
    "desk lamp",
];
const CONDITIONS: [&str; 4] = ["asthma", "migraine", "diabetes", "psoriasis"];
const PLACES: [Option<(&str, Option<&str>)>; 6] = [
    Some(("DE", None)),
    Some(("FR", None)),
    Some(("US", Some("CA"))),
    Some(("US", Some("NY"))),
    Some(("GB", None)),
    None,
];

impl Shop {
    /// A shop with so many customers.
    pub(super) fn new(seed: u64, customers: u64) -> Self {
        let mut random = Random::new(seed);
        let mut all = vec![kim()];
        all.extend((1..customers).map(|at| customer(&mut random, at)));
        Self {
            customers: all,
            random,
            made: 0,
        }
    }

    /// The next event: the first is the story's, the others are anybody's but Kim's.
    pub(super) fn event(&mut self, now_ms: i64) -> Event {
        self.made += 1;
        if self.made == 1 {
            return story_event(&kim(), now_ms);
        }
        if self.random.percent(6) {
            return till(&mut self.random, self.made);
        }
        let others = self.customers.get(1..).unwrap_or_default();
        let customer = self.random.pick(others).cloned().unwrap_or_else(kim);
        let made = self.made;
        event(&mut self.random, &customer, made, now_ms)
    }
}

/// The customer of the story: a German who consented, and whose event holds too much.
fn kim() -> Customer {
    Customer {
        number: "c-1042".into(),
        visitor: "v-5b0e9c1042".into(),
        email: "kim@mail.example".into(),
        ip: "203.0.113.77".into(),
        place: Some(("DE", None)),
        born: Some("1990-04-02".into()),
        condition: Some("asthma"),
        gpc: false,
        stamp: Some((true, true)),
        consents: (true, true),
        bereaved: false,
    }
}

fn customer(random: &mut Random, at: u64) -> Customer {
    let place = random.pick(&PLACES).copied().flatten();
    let in_europe = matches!(place, Some(("DE" | "FR" | "GB", _)));
    let born = random.percent(60).then(|| {
        let year = if random.percent(12) {
            2009 + random.below(5)
        } else {
            1950 + random.below(55)
        };
        format!(
            "{year}-{:02}-{:02}",
            1 + random.below(12),
            1 + random.below(28)
        )
    });
    Customer {
        number: format!("c-{}", 2000 + at),
        visitor: format!("v-{:010x}", random.next() >> 24),
        email: format!("customer{at}@mail.example"),
        ip: format!("198.51.100.{}", 1 + at % 254),
        place,
        born,
        condition: if random.percent(30) {
            random.pick(&CONDITIONS).copied()
        } else {
            None
        },
        gpc: !in_europe && random.percent(30),
        stamp: random
            .percent(50)
            .then(|| (random.percent(75), random.percent(85))),
        consents: (random.percent(65), random.percent(75)),
        bereaved: random.percent(4),
    }
}

fn story_event(kim: &Customer, now_ms: i64) -> Event {
    let properties = json!({
        "total": 123.40, "product": "running shoes", "condition": kim.condition, "note": UNLISTED,
    });
    let body = body(kim, "Order Completed", "/checkout", 1, now_ms, &properties);
    Event { gpc: kim.gpc, body }
}

/// What the till of the Californian store sends: nothing about anybody.
fn till(random: &mut Random, made: u64) -> Event {
    let product = random.pick(&PRODUCTS).copied().unwrap_or("tea");
    let body = json!({
        "type": "track",
        "event": "Product Sold",
        "messageId": format!("till-{made:08}"),
        "context": { "location": { "country": "US", "region": "CA" } },
        "properties": { "product": product },
    });
    Event { gpc: false, body }
}

fn event(random: &mut Random, customer: &Customer, made: u64, now_ms: i64) -> Event {
    let product = random.pick(&PRODUCTS).copied().unwrap_or("tea");
    let cents = 500 + random.below(20_000);
    let mut properties = json!({ "product": product });
    let (name, page) = match random.below(10) {
        0..=5 => ("Product Viewed", "/products"),
        6..=7 => ("Product Added", "/cart"),
        _ => {
            let total = Value::from(f64::from(u32::try_from(cents).unwrap_or(0)) / 100.0);
            put(&mut properties, "total", total);
            ("Order Completed", "/checkout")
        }
    };
    if let Some(condition) = customer.condition {
        put(&mut properties, "condition", condition.into());
    }
    if random.percent(20) {
        put(&mut properties, "note", UNLISTED.into());
    }
    Event {
        gpc: customer.gpc,
        body: body(customer, name, page, made, now_ms, &properties),
    }
}

fn body(
    customer: &Customer,
    name: &str,
    page: &str,
    made: u64,
    now_ms: i64,
    properties: &Value,
) -> Value {
    let mut traits = json!({ "email": customer.email });
    if let Some(born) = &customer.born {
        put(&mut traits, "birthday", born.as_str().into());
    }
    let mut context = json!({
        "ip": customer.ip,
        "page": { "url": format!("https://shop.example{page}?mail={}", customer.email) },
        "library": { "name": "analytics-node", "version": "2.0.0" },
        "traits": traits,
    });
    if let Some((country, region)) = customer.place {
        let mut location = json!({ "country": country });
        if let Some(region) = region {
            put(&mut location, "region", region.into());
        }
        put(&mut context, "location", location);
    }
    if let Some((ads, analytics)) = customer.stamp {
        let preferences = json!({ "advertising": ads, "analytics": analytics });
        put(
            &mut context,
            "consent",
            json!({ "categoryPreferences": preferences }),
        );
    }
    json!({
        "type": "track",
        "event": name,
        "messageId": format!("shop-{made:08}"),
        "timestamp": timestamp(now_ms),
        "userId": customer.number,
        "anonymousId": customer.visitor,
        "context": context,
        "properties": properties,
    })
}

fn timestamp(ms: i64) -> String {
    Timestamp::from_millisecond(ms)
        .unwrap_or_default()
        .to_string()
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_shop() {
        let drawn = |seed| {
            let mut shop = Shop::new(seed, 20);
            let events: Vec<String> = (0..50).map(|_| shop.event(0).body.to_string()).collect();
            events
        };
        assert_eq!(drawn(3), drawn(3));
        assert_ne!(drawn(3), drawn(4));
    }

    #[test]
    fn customers_differ_in_everything_that_decides() {
        let shop = Shop::new(1, 60);
        let some = |test: fn(&Customer) -> bool| shop.customers.iter().any(test);
        assert!(some(|one| one.place.is_none()) && some(|one| one.place.is_some()));
        assert!(some(|one| one.gpc) && some(|one| one.bereaved) && some(|one| one.born.is_none()));
        assert!(some(|one| one.consents.0) && some(|one| !one.consents.0));
        assert!(some(|one| one.stamp.is_none()) && some(|one| one.condition.is_some()));
        assert!(some(|one| one
            .born
            .as_deref()
            .is_some_and(|born| born > "2009")));
    }

    #[test]
    fn the_story_comes_first_and_only_once() {
        let mut shop = Shop::new(1, 10);
        assert_eq!(shop.event(0).body["userId"], "c-1042");
        assert!((0..200).all(|_| shop.event(0).body["userId"] != "c-1042"));
    }
}
