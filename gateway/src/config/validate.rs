//! Whether a configuration fits its policy: everything that is wrong, at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy::Policy;
use proof::entry::TEXT_BYTES_MAX;

use super::{Config, FlowRoute, Route, Upstream, UpstreamError};

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// Where, as a path into the configuration: `routes[0].flows[1].upstream`.
    pub at: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

/// Holds a configuration against the policy it is to run with.
#[must_use]
pub fn validate(config: &Config, policy: &Policy) -> Vec<ConfigFault> {
    let mut check = Check {
        policy,
        faults: Vec::new(),
    };
    check.limits(config);
    if config.routes.is_empty() {
        check.fault(
            "routes",
            "there is no route",
            "bind a source of the policy to a path",
        );
    }
    for (index, route) in config.routes.iter().enumerate() {
        check.route(&format!("routes[{index}]"), route);
    }
    check.paths(&config.routes);
    check.ways_out(&config.routes);
    check.faults
}

struct Check<'p> {
    policy: &'p Policy,
    faults: Vec<ConfigFault>,
}

impl Check<'_> {
    fn route(&mut self, at: &str, route: &Route) {
        let policy = self.policy;
        self.known(
            &format!("{at}.source"),
            "source",
            &route.source,
            policy.sources().iter().map(|source| &source.name),
        );
        let is_path = route.path.starts_with('/')
            && route
                .path
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"?#%".contains(&byte));
        if !is_path {
            self.fault(
                &format!("{at}.path"),
                &format!("`{}` is not a path", route.path),
                "begin it with `/`; letters, digits and punctuation, no query",
            );
        }
        if route.flows.is_empty() {
            let what = "the route leads nowhere";
            self.fault(
                &format!("{at}.flows"),
                what,
                "name a recipient and a purpose",
            );
        }
        let mut seen = BTreeMap::new();
        for (index, flow) in route.flows.iter().enumerate() {
            let at = format!("{at}.flows[{index}]");
            self.flow(&at, flow);
            if let Some(first) = seen.insert((&flow.recipient, &flow.purpose), index) {
                let what = format!("the same recipient and purpose as flow {first}");
                self.fault(&at, &what, "name each pair once");
            }
        }
    }

    fn flow(&mut self, at: &str, flow: &FlowRoute) {
        let policy = self.policy;
        let names = policy.recipients().iter().map(|recipient| &recipient.name);
        self.known(
            &format!("{at}.recipient"),
            "recipient",
            &flow.recipient,
            names,
        );
        let names = policy.purposes().iter();
        self.known(&format!("{at}.purpose"), "purpose", &flow.purpose, names);
        let at = format!("{at}.upstream");
        let upstream = match Upstream::parse(&flow.upstream) {
            Ok(upstream) => upstream,
            Err(UpstreamError::Https) => {
                let mend = "use `http` towards a proxy of your own that adds TLS";
                return self.fault(&at, &UpstreamError::Https.to_string(), mend);
            }
            Err(UpstreamError::Form) => {
                let mend = "write it like `http://ads.example/v1/batch`";
                return self.fault(&at, &UpstreamError::Form.to_string(), mend);
            }
        };
        let named = policy
            .recipients()
            .iter()
            .find(|named| *named.name == *flow.recipient);
        if let Some(named) = named.filter(|named| !named.host.eq_ignore_ascii_case(&upstream.host))
        {
            self.fault(
                &at,
                &format!(
                    "`{}` is not the host that the policy names for it",
                    upstream.host
                ),
                &format!("use `{}`; to reach it elsewhere, set `connect`", named.host),
            );
        }
    }

    /// Two routes on one path are told apart by their keys, so that each needs some, and others.
    fn paths(&mut self, routes: &[Route]) {
        for (index, route) in routes.iter().enumerate() {
            let before = routes.iter().take(index).find(|before| {
                let open = before.write_keys.is_empty() || route.write_keys.is_empty();
                let shared = before
                    .write_keys
                    .iter()
                    .any(|key| route.write_keys.contains(key));
                before.path == route.path && (open || shared || before.format != route.format)
            });
            if let Some(before) = before {
                self.fault(
                    &format!("routes[{index}].path"),
                    &format!(
                        "a request may be meant for this route or for `{}`",
                        before.name
                    ),
                    "give the routes different paths, or one format and different write keys",
                );
            }
        }
    }

    /// What waits for a recipient remembers its flow and format, and with them has to find its way.
    fn ways_out(&mut self, routes: &[Route]) {
        let mut seen: BTreeMap<_, (String, &FlowRoute)> = BTreeMap::new();
        for (index, route) in routes.iter().enumerate() {
            for (place, flow) in route.flows.iter().enumerate() {
                let at = format!("routes[{index}].flows[{place}]");
                let way = (
                    &route.source,
                    &flow.recipient,
                    &flow.purpose,
                    route.format.word(),
                );
                let (first_at, first) = seen.entry(way).or_insert_with(|| (at.clone(), flow));
                let same = first.upstream == flow.upstream
                    && first.connect == flow.connect
                    && first.write_key == flow.write_key;
                if !same {
                    let mend = format!("use the upstream, `connect` and key of {first_at}");
                    let what = "the same flow in the same format leads to two addresses";
                    self.fault(&format!("{at}.upstream"), what, &mend);
                }
            }
        }
    }

    fn limits(&mut self, config: &Config) {
        let (limits, delivery) = (&config.limits, &config.delivery);
        let least = [
            ("limits.connections", limits.connections, 1),
            ("limits.head_bytes", limits.head_bytes, 8 << 10),
            ("limits.headers", limits.headers, 16),
            ("limits.target_bytes", limits.target_bytes, 64),
            ("limits.body_bytes", limits.body_bytes, 1 << 10),
            ("limits.expansion", limits.expansion, 1),
            ("limits.held_bytes", limits.held_bytes, limits.body_bytes),
            ("delivery.batch_events", delivery.batch_events, 1),
            ("delivery.queue_bytes", delivery.queue_bytes, 64 << 10),
        ];
        for (at, value, least) in least {
            if value < least {
                let what = format!("{value} is too small to work with");
                self.fault(at, &what, &format!("use at least {least}"));
            }
        }
        if u32::try_from(limits.held_bytes).is_err() {
            let what = format!("{} is more than can be counted", limits.held_bytes);
            self.fault("limits.held_bytes", &what, "use at most 4 GiB");
        }
        if delivery.send_timeout.is_zero() {
            let what = "recipients get no time to answer";
            self.fault(
                "delivery.send_timeout",
                what,
                "use at least some milliseconds",
            );
        }
    }

    fn known<'n>(
        &mut self,
        at: &str,
        what: &str,
        name: &str,
        names: impl Iterator<Item = &'n Arc<str>>,
    ) {
        let names: Vec<&str> = names.map(AsRef::as_ref).collect();
        if !names.contains(&name) {
            let mend = format!("use one of: {}", names.join(", "));
            self.fault(at, &format!("the policy knows no {what} `{name}`"), &mend);
        }
        if name.len() > TEXT_BYTES_MAX {
            // Every decision about it would fail to be recorded, and so would be refused.
            let what = format!("this {what} has a name of {} bytes", name.len());
            let mend =
                format!("an entry holds {TEXT_BYTES_MAX}: give it a shorter name in the policy");
            self.fault(at, &what, &mend);
        }
    }

    fn fault(&mut self, at: &str, what: &str, mend: &str) {
        self.faults.push(ConfigFault {
            at: at.to_owned(),
            what: what.to_owned(),
            mend: mend.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests;
