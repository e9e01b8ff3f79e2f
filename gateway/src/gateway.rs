//! The handle that the rest of the program holds, and what its parts share.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use consent::{Consent, Pseudonyms};
use ledger::Ledger;
use policy::Policy;
use proof::entry::SwitchWhat;
use store::{Clock, Store};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::config::{Config, Format, Upstream, validate};
use crate::counts::{Counters, Counts};
use crate::egress::Target;
use crate::error::GatewayError;
use crate::keys::Keys;
use crate::plan::Plan;
use crate::queue::{Open, Queue};
use crate::recent::{Recent, RecentDecision};
use crate::stop::{Resume, Stops};
use crate::{deliver, listener, metrics};

/// What the gateway is made of.
#[derive(Debug)]
pub struct Parts {
    /// Routes, limits, delivery.
    pub config: Config,
    /// The first active policy.
    pub policy: Arc<Policy>,
    /// What people chose.
    pub consent: Consent,
    /// Where decisions are recorded.
    pub ledger: Ledger,
    /// Where stops are kept.
    pub store: Store,
    /// How identifiers become pseudonyms.
    pub pseudonyms: Arc<Pseudonyms>,
    /// Keys of edits and of message ids.
    pub keys: Keys,
    /// The time, for expiry and for lists of decisions.
    pub clock: Clock,
}

/// A running gateway. Dropping it stops it without grace.
#[derive(Debug)]
pub struct Gateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    stopping: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// What tasks share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    plan: RwLock<Arc<Plan>>,
    pub(crate) consent: Consent,
    pub(crate) ledger: Ledger,
    pub(crate) pseudonyms: Arc<Pseudonyms>,
    pub(crate) keys: Keys,
    pub(crate) clock: Clock,
    pub(crate) queues: BTreeMap<String, Arc<Queue>>,
    pub(crate) targets: BTreeMap<TargetName, Arc<Target>>,
    pub(crate) counters: Counters,
    pub(crate) recent: Recent,
    pub(crate) stops: Stops,
    pub(crate) open: Arc<Open>,
    /// Bytes of bodies that may still be taken in.
    pub(crate) room: Arc<Semaphore>,
    /// Requests whose bodies are being judged and recorded: they end even if their clients leave.
    pub(crate) ingesting: Arc<Open>,
    #[cfg(feature = "controls")]
    pub(crate) controls: Arc<crate::controls::Controls>,
}

/// Which way out: source, recipient and purpose by their names in the policy, and the format.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TargetName {
    pub(crate) source: String,
    pub(crate) recipient: String,
    pub(crate) purpose: String,
    pub(crate) format: u8,
}

impl Gateway {
    /// Checks the configuration, takes up what the outbox holds, and begins to listen.
    ///
    /// # Errors
    /// [`GatewayError`]; then nothing runs.
    pub async fn start(parts: Parts) -> Result<Self, GatewayError> {
        let faults = validate(&parts.config, &parts.policy);
        if !faults.is_empty() {
            return Err(GatewayError::Config(faults.len()));
        }
        parts.keys.serve(&parts.policy)?;
        let listen = parts.config.listen;
        let waiting = parts.ledger.outbox().load().await?;
        let shared = Arc::new(Shared::new(parts, &waiting).await?);
        let failed = |error| GatewayError::Listen(listen, error);
        let socket = TcpListener::bind(listen).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        deliver::take_up(&shared, waiting);
        let (stopping, stop) = watch::channel(false);
        let mut tasks = vec![tokio::spawn(listener::serve(
            Arc::clone(&shared),
            socket,
            stop.clone(),
        ))];
        tasks.extend(shared.queues.values().map(|queue| {
            tokio::spawn(deliver::run(
                Arc::clone(&shared),
                Arc::clone(queue),
                stop.clone(),
            ))
        }));
        Ok(Self {
            address,
            shared,
            stopping,
            tasks: Mutex::new(tasks),
        })
    }

    /// Where clients connect.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Stops taking in, ends what was begun, and leaves what waits in the outbox.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        self.shared.ingesting.none().await;
        let tasks: Vec<_> = self
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .collect();
        for task in tasks {
            // A task that panicked is over, too.
            drop(task.await);
        }
    }

    /// Waits until nothing is being recorded and nothing waits for any recipient.
    pub async fn drained(&self) {
        loop {
            self.shared.ingesting.none().await;
            self.shared.open.none().await;
            if self.shared.ingesting.events() == 0 {
                return;
            }
        }
    }

    /// Makes another policy the active one. Each decision is made by exactly one of the two; what
    /// waits is decided again by the new one.
    ///
    /// # Errors
    /// [`GatewayError`]; then the old one stays active.
    pub fn swap_policy(&self, policy: Arc<Policy>) -> Result<(), GatewayError> {
        let faults = validate(&self.shared.config, &policy);
        if !faults.is_empty() {
            return Err(GatewayError::Config(faults.len()));
        }
        self.shared.keys.serve(&policy)?;
        let plan = Arc::new(Plan::new(policy)?);
        *self
            .shared
            .plan
            .write()
            .unwrap_or_else(PoisonError::into_inner) = plan;
        Ok(())
    }

    /// The active policy.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        self.shared.plan().shared_policy()
    }

    /// Counts since the start.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.counters.read()
    }

    /// The last decisions, oldest first.
    #[must_use]
    pub fn recent(&self) -> Vec<RecentDecision> {
        self.shared.recent.read()
    }

    /// What is stopped by hand.
    #[must_use]
    pub fn stops(&self) -> &Stops {
        &self.shared.stops
    }

    /// Stops a recipient, source or purpose that the policy or the configuration knows.
    ///
    /// # Errors
    /// [`GatewayError::Unknown`], and as [`Stops::stop`].
    pub async fn halt(
        &self,
        what: SwitchWhat,
        name: &str,
        because: &str,
    ) -> Result<(), GatewayError> {
        let plan = self.shared.plan();
        let policy = plan.policy();
        let known = match what {
            SwitchWhat::Recipient => policy.recipients().iter().any(|known| *known.name == *name),
            SwitchWhat::Source => policy.sources().iter().any(|known| *known.name == *name),
            SwitchWhat::Purpose => policy.purposes().iter().any(|known| **known == *name),
        };
        if !known {
            return Err(GatewayError::Unknown(what.word()));
        }
        self.shared.stops.stop(what, name, because).await
    }

    /// Asks to resume what is stopped; see [`Stops::resume`].
    ///
    /// # Errors
    /// As [`Stops::resume`].
    pub async fn resume(
        &self,
        what: SwitchWhat,
        name: &str,
        owner: &str,
        because: &str,
    ) -> Result<Resume, GatewayError> {
        self.shared.stops.resume(what, name, owner, because).await
    }

    /// Metrics in Prometheus' text format. Labels are names of the policy and words of closed
    /// lists.
    #[must_use]
    pub fn metrics(&self) -> String {
        metrics::text(&self.shared)
    }

    /// The switches of planted bugs.
    #[cfg(feature = "controls")]
    #[must_use]
    pub fn controls(&self) -> &crate::controls::Controls {
        &self.shared.controls
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Shared {
    async fn new(
        parts: Parts,
        waiting: &[ledger::Recorded<crate::sanitize::Sanitized>],
    ) -> Result<Self, GatewayError> {
        let targets = targets(&parts.config);
        let open = Arc::new(Open::default());
        // What waits for a recipient that is no longer configured gets a queue, and is refused
        // there.
        let names = targets.keys().map(|name| name.recipient.clone());
        let names = names.chain(
            waiting
                .iter()
                .map(|recorded| recorded.meta().recipient.clone()),
        );
        let mut queues = BTreeMap::new();
        for name in names {
            let queue = || Arc::new(Queue::new(name.clone(), Arc::clone(&open)));
            queues.entry(name.clone()).or_insert_with(queue);
        }
        let stops = Stops::open(
            parts.store,
            parts.ledger.clone(),
            parts.clock.clone(),
            queues.values().cloned().collect(),
            parts.config.delivery.send_timeout,
        )
        .await?;
        Ok(Self {
            room: Arc::new(Semaphore::new(parts.config.limits.held_bytes)),
            config: parts.config,
            plan: RwLock::new(Arc::new(Plan::new(parts.policy)?)),
            consent: parts.consent,
            ledger: parts.ledger,
            pseudonyms: parts.pseudonyms,
            keys: parts.keys,
            clock: parts.clock,
            queues,
            targets,
            counters: Counters::default(),
            recent: Recent::default(),
            stops,
            open,
            ingesting: Arc::new(Open::default()),
            #[cfg(feature = "controls")]
            controls: Arc::default(),
        })
    }

    /// The active policy.
    pub(crate) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The way out for a body.
    pub(crate) fn target(
        &self,
        source: &str,
        recipient: &str,
        purpose: &str,
        format: Format,
    ) -> Option<&Arc<Target>> {
        self.targets
            .get(&TargetName::of(source, recipient, purpose, format))
    }
}

impl TargetName {
    pub(crate) fn of(source: &str, recipient: &str, purpose: &str, format: Format) -> Self {
        Self {
            source: source.to_owned(),
            recipient: recipient.to_owned(),
            purpose: purpose.to_owned(),
            format: format.code(),
        }
    }
}

/// All ways out. Addresses were checked before.
fn targets(config: &Config) -> BTreeMap<TargetName, Arc<Target>> {
    let mut targets = BTreeMap::new();
    for route in &config.routes {
        for flow in &route.flows {
            let name = TargetName::of(&route.source, &flow.recipient, &flow.purpose, route.format);
            if let Ok(upstream) = Upstream::parse(&flow.upstream) {
                let target = Target {
                    upstream,
                    connect: flow.connect,
                    write_key: flow.write_key.clone(),
                    format: route.format,
                };
                targets.insert(name, Arc::new(target));
            }
        }
    }
    targets
}
