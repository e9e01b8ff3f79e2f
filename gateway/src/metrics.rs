//! Metrics in Prometheus' text format. Labels are names of the policy and words of closed lists, so
//! that their number is bounded and none of them is about a person.

use std::collections::BTreeMap;

use crate::counts::Counts;
use crate::gateway::Shared;

/// All metrics, as text.
pub(crate) fn text(shared: &Shared) -> String {
    let counts = shared.counters.read();
    let mut out = Metrics(String::new());
    totals(&mut out, &counts);
    decisions(&mut out, &counts);
    recipients(&mut out, shared);
    #[cfg(feature = "controls")]
    out.0.push_str(&shared.controls.leaked_metric());
    out.0
}

fn totals(out: &mut Metrics, counts: &Counts) {
    let totals = [
        ("events", "Events collected.", counts.events),
        (
            "decisions",
            "One event, one flow: one decision.",
            counts.decisions,
        ),
        (
            "delivered",
            "Events that a recipient took.",
            counts.delivered,
        ),
        ("lost", "Sent events that were given up.", counts.lost),
        (
            "retries",
            "Requests to recipients to be tried again.",
            counts.retries,
        ),
    ];
    for (name, help, count) in totals {
        let name = format!("sluice_{name}_total");
        out.family(&name, "counter", help, [(vec![], count)]);
    }
}

fn decisions(out: &mut Metrics, counts: &Counts) {
    out.family(
        "sluice_verdicts",
        "gauge",
        "Decisions by their last verdict.",
        pairs(&counts.verdicts, "recipient", "verdict"),
    );
    out.family(
        "sluice_refusals_total",
        "counter",
        "Refusals by the clause that failed and the reason.",
        pairs(&counts.reasons, "clause", "reason"),
    );
    let lacking = [
        ("age", counts.lacking.age),
        ("consent", counts.lacking.consent),
        ("person", counts.lacking.person),
        ("place", counts.lacking.place),
    ];
    out.family(
        "sluice_events_lacking_total",
        "counter",
        "Events that lack what many clauses ask for.",
        lacking.map(|(what, count)| (vec![("what", what.to_owned())], count)),
    );
    let answers = counts.answers.iter();
    out.family(
        "sluice_answers_total",
        "counter",
        "Requests of clients by the status they were answered with.",
        answers.map(|(status, count)| (vec![("status", status.to_string())], *count)),
    );
}

fn recipients(out: &mut Metrics, shared: &Shared) {
    let bytes = shared
        .queues
        .iter()
        .map(|(recipient, queue)| (vec![("recipient", recipient.clone())], queue.bytes() as u64));
    out.family(
        "sluice_outbox_bytes",
        "gauge",
        "Bytes that wait for a recipient.",
        bytes,
    );
    let now_ms = shared.clock.now_ms();
    let ages = shared.queues.iter().map(|(recipient, queue)| {
        let age_ms = queue
            .oldest_ms()
            .map_or(0, |oldest| now_ms.saturating_sub(oldest));
        let age_s = u64::try_from(age_ms / 1000).unwrap_or_default();
        (vec![("recipient", recipient.clone())], age_s)
    });
    out.family(
        "sluice_outbox_age_seconds",
        "gauge",
        "How long the oldest event has waited for a recipient.",
        ages,
    );
}

type Sample = (Vec<(&'static str, String)>, u64);

/// Samples with two labels.
fn pairs(
    counts: &BTreeMap<(String, &'static str), u64>,
    one: &'static str,
    other: &'static str,
) -> impl Iterator<Item = Sample> {
    counts.iter().map(move |((name, word), count)| {
        (
            vec![(one, name.clone()), (other, (*word).to_owned())],
            *count,
        )
    })
}

struct Metrics(String);

impl Metrics {
    fn family(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        samples: impl IntoIterator<Item = Sample>,
    ) {
        self.0
            .push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
        for (labels, value) in samples {
            let labels: Vec<String> = labels
                .iter()
                .map(|(label, says)| format!("{label}=\"{}\"", escape(says)))
                .collect();
            let braces = match labels.is_empty() {
                true => String::new(),
                false => format!("{{{}}}", labels.join(",")),
            };
            self.0.push_str(&format!("{name}{braces} {value}\n"));
        }
    }
}

/// Label values in the exposition format: backslash, quote and line feed are escaped.
fn escape(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::Metrics;

    #[test]
    fn labels_are_escaped() {
        let mut out = Metrics(String::new());
        out.family(
            "a_total",
            "counter",
            "Help.",
            [(vec![("l", "x\"\\\n".to_owned())], 1)],
        );
        let golden =
            "# HELP a_total Help.\n# TYPE a_total counter\na_total{l=\"x\\\"\\\\\\n\"} 1\n";
        assert_eq!(out.0, golden);
    }
}
