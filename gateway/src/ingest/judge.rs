//! What becomes of each event of a body, for each flow of its route. Nothing here waits or is
//! durable.

use std::panic::{AssertUnwindSafe, catch_unwind};

use consent::{CapTicket, SUBJECTS_MAX, SubjectId};
use policy::Permit;
use policy::verdict::EventId;
use ring::rand::{SecureRandom, SystemRandom};

use super::Head;
use super::row::Row;
use crate::config::{FlowRoute, KeyDigest, Limits, Route};
use crate::counts::Lacking;
use crate::decide::{self, Flow, Refused, Why};
use crate::event::Event;
use crate::facts::{self, Facts};
use crate::formats::{Endpoint, Said};
use crate::gateway::Shared;
use crate::identify;
use crate::json::{self, FaultKind, Node, Shape};
use crate::plan::Plan;

/// A judged body, ready to be recorded.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) source: String,
    pub(crate) events: u64,
    pub(crate) lacking: Lacking,
    pub(crate) rows: Vec<Row>,
    pub(crate) caps: Vec<CapTicket>,
    #[cfg(feature = "controls")]
    pub(crate) planted: crate::controls::Planted,
}

/// Judges a body.
///
/// # Errors
/// What to say where the body is not of this format at all, or is not this client's to send.
pub(super) fn body(
    shared: &Shared,
    plan: &Plan,
    head: &Head,
    body: &[u8],
    limits: &Limits,
) -> Result<Judged, Said> {
    let key = match head.endpoint {
        Endpoint::Single(_) => None,
        Endpoint::Keyed(key) | Endpoint::Any(key) => Some(key),
    };
    let json_limits = json::Limits {
        bytes: limits.body_bytes,
        depth: limits.depth,
        values: limits.values,
    };
    let batch = json::scan_batch(body, &json_limits, key).map_err(|fault| match fault.kind {
        FaultKind::TooLarge | FaultKind::TooManyValues => Said::TooLarge,
        FaultKind::Syntax
        | FaultKind::Depth
        | FaultKind::DuplicateKey
        | FaultKind::LoneSurrogate
        | FaultKind::Nul
        | FaultKind::Utf8
        | FaultKind::Bom
        | FaultKind::Number
        | FaultKind::Trailing => Said::Malformed,
    })?;
    let is_shaped = match (head.endpoint, batch.shape()) {
        (Endpoint::Single(_), Shape::Single) | (Endpoint::Keyed(_), Shape::Keyed) => true,
        (Endpoint::Single(_) | Endpoint::Keyed(_), _) => false,
        (Endpoint::Any(_), Shape::Single | Shape::Array | Shape::Keyed) => true,
    };
    let is_object = body
        .trim_ascii_start()
        .first()
        .is_some_and(|first| b"{[".contains(first));
    if !is_shaped || !is_object {
        return Err(Said::Malformed);
    }
    let around = batch.around();
    let single = batch
        .elements()
        .next()
        .filter(|_| batch.shape() == Shape::Single);
    let key = head.key.or_else(|| {
        let envelope = around.or_else(|| single?.ok())?;
        let key = envelope.get("writeKey")?.text()?;
        Some(KeyDigest::of(key.as_bytes()))
    });
    let route = head
        .route(&shared.config.routes, key)
        .ok_or(Said::WrongKey)?;
    if batch.len() > head.format.wire().limits().events {
        return Err(Said::TooLarge);
    }
    let mut judge = Judge::new(shared, plan, head, route).ok_or(Said::Busy)?;
    for element in batch.elements() {
        judge.element(element.ok(), around);
    }
    Ok(judge.judged)
}

/// One request's judging.
struct Judge<'j> {
    shared: &'j Shared,
    plan: &'j Plan,
    head: &'j Head,
    route: &'j Route,
    /// Names events: random once a request, then counted on.
    next_id: u128,
    judged: Judged,
}

/// What is known of one event.
pub(super) struct Known<'k, 'd> {
    pub(super) event: &'k Event<'d>,
    pub(super) event_type: &'static str,
    pub(super) subjects: &'k [SubjectId],
    /// What was kept about them then; see [`consent::Consent::generation`].
    pub(super) generation: u64,
    pub(super) facts: &'k Facts,
}

impl<'j> Judge<'j> {
    fn new(shared: &'j Shared, plan: &'j Plan, head: &'j Head, route: &'j Route) -> Option<Self> {
        let mut seed = [0; 16];
        SystemRandom::new().fill(&mut seed).ok()?;
        let judged = Judged {
            source: route.source.clone(),
            ..Judged::default()
        };
        let next_id = u128::from_be_bytes(seed);
        Some(Self {
            shared,
            plan,
            head,
            route,
            next_id,
            judged,
        })
    }

    /// One event. Whatever goes wrong with it, the others go on.
    fn element(&mut self, node: Option<Node<'_>>, around: Option<Node<'_>>) {
        self.judged.events += 1;
        let rows_before = self.judged.rows.len();
        let done = catch_unwind(AssertUnwindSafe(|| match self.readable(node, around) {
            Ok(()) => {}
            Err(why) => self.refuse_all(why),
        }));
        if done.is_err() {
            self.judged.rows.truncate(rows_before);
            self.refuse_all(Why::Fault);
        }
    }

    fn readable(&mut self, node: Option<Node<'_>>, around: Option<Node<'_>>) -> Result<(), Why> {
        let (shared, plan) = (self.shared, self.plan);
        let node = node.ok_or(Why::Unreadable)?;
        let wire = self.head.format.wire();
        if node.raw().len() > wire.limits().event_bytes {
            return Err(Why::TooLarge);
        }
        let event = Event::new(node, self.head.format)
            .ok_or(Why::Unreadable)?
            .within(around);
        let event_type = wire
            .event_type(&event, self.head.endpoint)
            .ok_or(Why::Unreadable)?;
        let subjects = identify::subjects(&event, plan, &shared.pseudonyms);
        // A list of people is no event about one, and each of them costs a look-up for each flow.
        if subjects.len() > SUBJECTS_MAX {
            return Err(Why::Unreadable);
        }
        // Before the facts, so that a change meanwhile is noticed at send time.
        let generation = shared.consent.generation(&subjects);
        let said = &self.head.said;
        let facts = facts::gather(
            &event,
            &subjects,
            said,
            &self.route.source,
            plan,
            &shared.consent,
        );
        let facts = facts.ok_or(Why::Unreadable)?;
        #[cfg(feature = "controls")]
        let facts = self.judged.planted.note(shared, &event, facts);
        self.lacking(&subjects, &facts);
        let known = Known {
            event: &event,
            event_type,
            subjects: &subjects,
            generation,
            facts: &facts,
        };
        for flow in &self.route.flows {
            let row = self.flow(flow, &known);
            self.judged.rows.push(row);
        }
        Ok(())
    }

    fn lacking(&mut self, subjects: &[SubjectId], facts: &Facts) {
        let now = &facts.now;
        let lacking = &mut self.judged.lacking;
        lacking.person += u64::from(subjects.is_empty());
        lacking.place += u64::from(now.place.is_none());
        lacking.age += u64::from(now.age.years.is_none());
        lacking.consent += u64::from(now.records.is_empty() && now.signals.is_empty());
    }

    fn flow(&mut self, to: &FlowRoute, known: &Known<'_, '_>) -> Row {
        let id = EventId(self.next_id.to_be_bytes());
        self.next_id = self.next_id.wrapping_add(1);
        let flow = flow_of(self.route, to);
        let sent = self.may_go(flow, known, id).and_then(|permit| {
            Row::sent(self.shared, self.plan, flow, known, permit)
                .ok_or_else(|| Refused::because(Why::Fault))
        });
        sent.unwrap_or_else(|refused| self.refuse(flow, &refused, Some(known)))
    }

    /// Whether it may go, and then it counts against its caps.
    fn may_go(
        &mut self,
        flow: Flow<'_>,
        known: &Known<'_, '_>,
        id: EventId,
    ) -> Result<Permit, Refused> {
        let shared = self.shared;
        if shared
            .stops
            .holds(flow.source, flow.recipient, flow.purpose)
        {
            return Err(Refused::because(Why::Stopped));
        }
        let permit = decide::decide(self.plan, flow, id, known.facts)?;
        let waiting = shared
            .queues
            .get(flow.recipient)
            .map_or(0, |queue| queue.bytes());
        let more = known.event.node().raw().len();
        if waiting.saturating_add(more) > shared.config.delivery.queue_bytes {
            return Err(Refused::because(Why::Overflow));
        }
        let caps = &permit.program().caps;
        let now = known.facts.now.at;
        self.judged.caps.extend(decide::take_caps(
            caps,
            known.subjects,
            now,
            &shared.consent,
        )?);
        Ok(permit)
    }

    fn refuse_all(&mut self, why: Why) {
        for to in &self.route.flows {
            let flow = flow_of(self.route, to);
            let row = self.refuse(flow, &Refused::because(why), None);
            self.judged.rows.push(row);
        }
    }

    fn refuse(&mut self, flow: Flow<'_>, refused: &Refused, known: Option<&Known<'_, '_>>) -> Row {
        #[cfg(feature = "controls")]
        self.judged.planted.note_refusal();
        Row::refused(self.shared, self.plan, flow, refused, known)
    }
}

fn flow_of<'f>(route: &'f Route, to: &'f FlowRoute) -> Flow<'f> {
    Flow {
        source: &route.source,
        recipient: &to.recipient,
        purpose: &to.purpose,
    }
}
