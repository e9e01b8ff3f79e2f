//! Planted bugs, each behind a switch of its own, so that every test can be seen to fail. This file
//! is not in the program as shipped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;

use crate::answer::Answered;
use crate::egress::Egress;
use crate::event::{Event, scalar_text};
use crate::facts::Facts;
use crate::gateway::Shared;
use crate::ingest::Judged;
use crate::json::Path;
use crate::sanitize::Sanitized;

/// One switch.
#[derive(Debug, Default)]
pub struct Switch(AtomicBool);

impl Switch {
    /// Plants the bug, or takes it out.
    pub fn set(&self, on: bool) {
        self.0.store(on, Ordering::SeqCst);
    }

    /// Whether it is planted.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// All planted bugs of the data plane.
#[derive(Debug, Default)]
pub struct Controls {
    /// Sends the raw event.
    pub leak_raw_body: Switch,
    /// Logs an e-mail address at TRACE.
    pub leak_log: Switch,
    /// Shows an e-mail address as a metric's label.
    pub leak_metric: Switch,
    /// Puts an e-mail address into the answer of success.
    pub leak_answer: Switch,
    /// Puts an e-mail address into the answer of an error.
    pub leak_error: Switch,
    /// Sends what waited on the facts of long ago, without a guard.
    pub skip_redecide: Switch,
    /// Sends before the entry is durable.
    pub send_before_record: Switch,
    /// Decides without signals, lists and objections.
    pub decide_wrong: Switch,
    /// Answers refusals with 500.
    pub resend: Switch,
    seen: Mutex<String>,
}

impl Controls {
    /// The switch of that name.
    #[must_use]
    pub fn switch(&self, name: &str) -> Option<&Switch> {
        Some(match name {
            "leak-raw-body" => &self.leak_raw_body,
            "leak-log" => &self.leak_log,
            "leak-metric" => &self.leak_metric,
            "leak-answer" => &self.leak_answer,
            "leak-error" => &self.leak_error,
            "skip-redecide" => &self.skip_redecide,
            "send-before-record" => &self.send_before_record,
            "decide-wrong" => &self.decide_wrong,
            "resend" => &self.resend,
            _ => return None,
        })
    }

    pub(crate) fn leaked_metric(&self) -> String {
        if !self.leak_metric.is_on() {
            return String::new();
        }
        format!("sluice_leak{{last=\"{}\"}} 1\n", self.seen())
    }

    fn seen(&self) -> String {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// What planted bugs noticed of one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planted {
    refuses: bool,
}

impl Planted {
    pub(crate) fn note(&self, shared: &Shared, event: &Event<'_>, mut facts: Facts) -> Facts {
        let email = [
            "$.traits.email",
            "$.context.traits.email",
            "$.properties.email",
            "$.email",
        ]
        .iter()
        .filter_map(|text| Path::parse(text).ok())
        .find_map(|path| {
            path.find(event.node())
                .find_map(scalar_text)
                .map(|text| text.into_owned())
        });
        let controls = &shared.controls;
        if let Some(email) = email {
            if controls.leak_log.is_on() {
                tracing::trace!(email, "planted: an address in the log");
            }
            *controls.seen.lock().unwrap_or_else(PoisonError::into_inner) = email;
        }
        if controls.decide_wrong.is_on() {
            for situation in [&mut facts.happened, &mut facts.now] {
                situation.signals.clear();
                situation.lists.clear();
                situation
                    .records
                    .values_mut()
                    .for_each(|record| record.objection = None);
            }
        }
        facts
    }

    pub(crate) fn note_refusal(&mut self) {
        self.refuses = true;
    }
}

pub(crate) fn leak_raw_body(shared: &Shared, event: &Event<'_>, sanitized: Sanitized) -> Sanitized {
    if shared.controls.leak_raw_body.is_on() {
        return sanitized.with_body(event.node().raw().to_vec());
    }
    sanitized
}

pub(crate) async fn send_before_record(shared: &Arc<Shared>, judged: &Judged) {
    if !shared.controls.send_before_record.is_on() {
        return;
    }
    for row in &judged.rows {
        let Some(body) = &row.outgoing else { continue };
        let target = shared.target(&judged.source, &row.recipient, &row.purpose, body.format());
        if let Some(target) = target {
            let patience = shared.config.delivery.send_timeout;
            Egress::default()
                .send_undecided(target, body.body(), patience)
                .await;
        }
    }
}

/// The wrong answer, if one is planted.
pub(crate) fn planted_answer(shared: &Shared, planted: &Planted, right: Answered) -> Answered {
    if shared.controls.resend.is_on() && planted.refuses {
        let mut wrong = right;
        *wrong.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        return wrong;
    }
    if shared.controls.leak_answer.is_on() {
        leaky(right, shared)
    } else {
        right
    }
}

/// The answer, with an address in it.
pub(crate) fn leaky(right: Answered, shared: &Shared) -> Answered {
    let body = format!(
        "{{\"success\":true,\"for\":\"{}\"}}",
        shared.controls.seen()
    );
    right.map(|_| Full::new(Bytes::from(body)))
}
