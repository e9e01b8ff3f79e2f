//! Everything that runs during the demo: the gateway, the fake tools, the shop and its customers.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use gateway::config::{Config, Delivery, FlowRoute, Format, KeyDigest, Limits, Route};
use policy::Policy;
use serde_json::Value;

use super::choices;
use super::place::{ORIGIN, Place};
use super::shop::{
    ADS, ADS_PURPOSE, ANALYTICS, ANALYTICS_PURPOSE, Customer, SOURCE, Shop, UNLISTED,
};
use super::story::{Story, hashed};
use super::tools::{Rules, Tool};
use super::traffic::Traffic;
use crate::args::DemoArgs;
use crate::client::Admin;
use crate::compose::{self, Parts, Running};
use crate::exit::Failure;

/// What runs.
pub(super) struct World {
    /// The gateway and what is behind it.
    pub running: Running,
    /// The shop's end of the wire.
    pub traffic: Traffic,
    /// Events made so far.
    pub done: u64,
    /// Events in all.
    pub all: u64,
    shop: Shop,
    ads: Tool,
    analytics: Tool,
    admin: Admin,
    before: Value,
}

/// Places that the policy lets ads have: what the two lines of skeleton and clause A1 list.
const ADS_PLACES: &[&str] = &[
    "type",
    "messageId",
    "event",
    "timestamp",
    "context.traits.email",
    "context.ip",
    "context.traits.birthday",
    "properties.total",
    "properties.product",
];
/// Places that the policy lets analytics have: the skeleton, and clause A2.
const ANALYTICS_PLACES: &[&str] = &[
    "type",
    "messageId",
    "event",
    "timestamp",
    "context.page.url",
    "properties.total",
    "properties.product",
    "userId",
    "anonymousId",
];

impl World {
    /// Starts the fake tools, then the gateway, then the shop.
    ///
    /// # Errors
    /// Those of [`compose::start`].
    pub(super) async fn start(
        args: &DemoArgs,
        policy: Policy,
        place: &Place,
    ) -> Result<Self, Failure> {
        let mut shop = Shop::new(args.seed, (args.events / 25).clamp(12, 400));
        let before = shop.event(crate::clock::now_ms()).body;
        let ads = Tool::start(ADS, ads_rules(&shop.customers)).await?;
        let analytics = Tool::start(ANALYTICS, analytics_rules(&shop.customers)).await?;
        let running = compose::start(Parts {
            data: place.dir.clone(),
            origin: ORIGIN.to_owned(),
            policy: Arc::new(policy),
            policy_file: place.dir.join("shop.policy"),
            wires: wires(place, &ads, &analytics),
            admin: loopback(),
            secrets: place.secrets()?,
        })
        .await?;
        let admin = Admin::open(&running.admin.to_string(), place.admin_key.token()).await?;
        let proxy = running.gateway.local_addr().to_string();
        let traffic = Traffic::open(&proxy, &place.write_key.token(), args.seed).await?;
        let all = args.events;
        Ok(Self {
            running,
            traffic,
            done: 0,
            all,
            shop,
            ads,
            analytics,
            admin,
            before,
        })
    }

    /// What listens where.
    pub(super) fn introduction(&self, place: &Place) -> Vec<String> {
        vec![
            format!(
                "gateway   http://{}  (Segment's HTTP API)",
                self.running.gateway.local_addr()
            ),
            format!(
                "status    http://{}/  (any name, password: the line in",
                self.running.admin
            ),
            format!("          {}/keys/admin-demo.key)", place.dir.display()),
            format!(
                "tools     {ADS} on {}, {ANALYTICS} on {}",
                self.ads.address, self.analytics.address
            ),
        ]
    }

    /// The story first: Kim consented, and Kim's event goes out before anything else.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if the gateway does not answer.
    pub(super) async fn begin(&mut self) -> Result<(), Failure> {
        let now_ms = crate::clock::now_ms();
        choices::file_assessment(&mut self.admin, now_ms).await?;
        if let Some(kim) = self.shop.customers.first() {
            choices::keep(&mut self.admin, kim, now_ms).await?;
        }
        self.traffic.alone(&self.before).await?;
        self.done = 1;
        Ok(())
    }

    /// What everybody else chose.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if the gateway does not answer.
    pub(super) async fn keep_choices(&mut self) -> Result<(), Failure> {
        for customer in self.shop.customers.iter().skip(1) {
            choices::keep(&mut self.admin, customer, crate::clock::now_ms()).await?;
        }
        Ok(())
    }

    /// One more event of the shop.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if the gateway does not answer.
    pub(super) async fn send(&mut self) -> Result<(), Failure> {
        self.done += 1;
        self.traffic
            .next(&mut self.shop, crate::clock::now_ms())
            .await
    }

    /// Some Europeans withdraw from ads. From the moment that is acknowledged, nothing about them
    /// may reach the ad network: its tool looks out for them.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if the gateway does not answer.
    pub(super) async fn withdraw(&mut self) -> Result<usize, Failure> {
        let asked =
            |one: &&Customer| one.consents.0 && matches!(one.place, Some(("DE" | "FR" | "GB", _)));
        let who: Vec<&Customer> = self
            .shop
            .customers
            .iter()
            .skip(1)
            .filter(asked)
            .take(5)
            .collect();
        for customer in &who {
            choices::withdraw(&mut self.admin, customer).await?;
            self.ads.forbid(hashed(&customer.email));
        }
        Ok(who.len())
    }

    /// This must not reach the ad network either.
    #[cfg(test)]
    pub(super) fn forbid(&self, text: &str) {
        self.ads.forbid(text.to_owned());
    }

    /// Kim's event, as it left and as far as it arrived.
    pub(super) fn story(&self) -> Story {
        Story {
            before: self.before.clone(),
            after: self.ads.story(),
        }
    }

    /// The entry of a refusal that a clause decided, if one is remembered: something to look at.
    pub(super) fn refused_entry(&self) -> Option<u64> {
        let recent = self.running.gateway.recent();
        let refused = |clause: bool| {
            recent
                .iter()
                .rev()
                .find(|one| one.verdict == "refused" && one.clauses.is_empty() != clause)
        };
        refused(true)
            .or_else(|| refused(false))
            .map(|decision| decision.index.get())
    }

    /// What arrived and should not have, or did not and should have.
    pub(super) fn faults(&self) -> Vec<String> {
        let counts = self.running.gateway.counts();
        let mut faults = Vec::new();
        for tool in [&self.ads, &self.analytics] {
            let mut hits = tool.hits();
            hits.sort();
            hits.dedup();
            faults.extend(
                hits.into_iter()
                    .map(|hit| format!("{} was sent {hit}", tool.name)),
            );
        }
        if counts.lost > 0 {
            faults.push(format!("{} permitted events were given up", counts.lost));
        }
        let arrived = self.ads.events() + self.analytics.events();
        if arrived < counts.sent {
            faults.push(format!(
                "of {} events sent only {arrived} arrived",
                counts.sent
            ));
        }
        if self.story().after.is_none() {
            faults.push("Kim's event did not reach the ad network".to_owned());
        }
        faults
    }
}

/// What must never reach the ad network, in any place of any body.
fn ads_rules(customers: &[Customer]) -> Rules {
    let mut forbidden = common(customers);
    for customer in customers {
        forbidden.insert(customer.number.clone());
        forbidden.insert(customer.visitor.clone());
        forbidden.extend(customer.born.clone());
    }
    let story = customers.first().map(|kim| hashed(&kim.email));
    Rules {
        forbidden,
        places: ADS_PLACES,
        story,
    }
}

fn analytics_rules(customers: &[Customer]) -> Rules {
    let mut forbidden = common(customers);
    for customer in customers {
        forbidden.insert(customer.number.clone());
        forbidden.insert(customer.visitor.clone());
        forbidden.insert(hashed(&customer.email));
    }
    Rules {
        forbidden,
        places: ANALYTICS_PLACES,
        story: None,
    }
}

/// Raw addresses, health, and what no clause lists.
fn common(customers: &[Customer]) -> BTreeSet<String> {
    let mut forbidden = BTreeSet::from([UNLISTED.to_owned()]);
    for customer in customers {
        forbidden.insert(customer.email.clone());
        forbidden.insert(customer.ip.clone());
        forbidden.extend(customer.condition.map(str::to_owned));
    }
    forbidden
}

fn wires(place: &Place, ads: &Tool, analytics: &Tool) -> Config {
    let flow = |tool: &Tool, purpose: &str, upstream: &str| FlowRoute {
        recipient: tool.name.to_owned(),
        purpose: purpose.to_owned(),
        upstream: upstream.to_owned(),
        connect: Some(tool.address),
        write_key: None,
    };
    let route = Route {
        name: "shop".to_owned(),
        path: "/".to_owned(),
        format: Format::Segment,
        source: SOURCE.to_owned(),
        write_keys: vec![KeyDigest::of(place.write_key.token().as_bytes())],
        flows: vec![
            flow(ads, ADS_PURPOSE, "http://ads.meta.example/v1/batch"),
            flow(
                analytics,
                ANALYTICS_PURPOSE,
                "http://analytics.shop.example/v1/batch",
            ),
        ],
    };
    Config {
        listen: loopback(),
        routes: vec![route],
        limits: Limits::default(),
        delivery: Delivery::default(),
    }
}

/// A free port of this machine only.
fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}
