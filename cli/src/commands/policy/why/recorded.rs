//! Why a recorded decision fell as it did: the entry, and what its policy says of the facts beside it.

use std::path::Path;
use std::sync::Arc;

use policy::situation::LAYOUT_VERSION;
use policy::why::Explanation;
use policy::{Policy, Situation};
use proof::Index;
use proof::entry::{Body, Entry};
use proof::sidecar::Sidecar;
use serde_json::Value;

use crate::args::Place;
use crate::commands::{ledger, wait};
use crate::config::Reading;
use crate::exit::{Blame as _, Exit, Outcome};
use crate::out::Out;

/// Shows an entry. A decision is explained, if its policy's text is at hand and its facts were kept.
///
/// # Errors
/// [`Exit::Malformed`] if there is no such entry, [`Exit::Outside`] if the ledger cannot be opened.
pub(super) fn run(index: u64, place: &Place, out: Out) -> Outcome {
    wait(async {
        let opened = ledger::open_place(place).await?;
        let index = Index::new(index);
        let found = opened.ledger.entry(index).await;
        opened.close().await?;
        let (entry, sidecar) = found.or_malformed("looking up the entry")?;
        let explained = explain(&entry, sidecar.as_ref(), place);
        let mut shown = console::entry_json(index, &entry, sidecar.as_ref());
        if let (Some(members), Ok(explanation)) = (shown.as_object_mut(), &explained) {
            members.insert("explanation".to_owned(), super::as_json(explanation));
        }
        let text = match explained {
            Ok(explanation) => format!("{}\n{}", heading(&shown), super::text(&explanation)),
            Err(why_not) => {
                let pretty = serde_json::to_string_pretty(&shown);
                let pretty = pretty.or_outside("writing the entry")?;
                format!("{}\n{why_not}\n\n{pretty}", heading(&shown))
            }
        };
        out.print(&text, &shown)?;
        Ok(Exit::Done)
    })
}

/// The explanation, or in words why there is none.
fn explain(
    entry: &Entry,
    sidecar: Option<&Sidecar>,
    place: &Place,
) -> Result<Explanation, &'static str> {
    let Body::Decision {
        policy: hash,
        source,
        recipient,
        purpose,
        ..
    } = &entry.body
    else {
        return Err("This entry is no decision.");
    };
    let facts = sidecar.and_then(|sidecar| sidecar.facts.as_ref());
    let facts = facts.filter(|facts| facts.layout == u64::from(LAYOUT_VERSION));
    let situation = facts.and_then(|facts| Situation::decode(&facts.bits).ok());
    let situation = situation.ok_or("The facts of that moment were not kept.")?;
    let policy = texts(place)
        .into_iter()
        .find(|policy| policy.hash() == hash.as_bytes())
        .ok_or("The text of the policy that decided is not at hand.")?;
    policy
        .flow(source, recipient, purpose)
        .and_then(|flow| policy::why::why(&policy, flow, &situation))
        .ok_or("The policy that decided knows no such flow.")
}

/// The policies at hand: those in the data directory, or the one that the configuration names.
fn texts(place: &Place) -> Vec<Arc<Policy>> {
    if let Some(file) = &place.config {
        let reading = Reading::of(file, &crate::environment::overrides());
        let config = reading.ok().and_then(|reading| reading.config);
        return config.into_iter().map(|config| config.policy).collect();
    }
    let files = place.data.as_deref().map(std::fs::read_dir);
    let files = files.into_iter().flatten().flatten().flatten();
    files
        .map(|file| file.path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "policy"))
        .filter_map(|file| compiled(&file))
        .collect()
}

fn compiled(file: &Path) -> Option<Arc<Policy>> {
    let text = std::fs::read_to_string(file).ok()?;
    Policy::compile(file, &text).ok().map(Arc::new)
}

/// What was recorded, in a line or two: an explanation asks the clauses again, the entry is what
/// was done. They differ where a cap, a stop or the event's own earlier instant decided.
fn heading(shown: &Value) -> String {
    let said = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let (body, index) = (&json_of(shown, "body"), &json_of(shown, "index"));
    let kind = said(&json_of(shown, "kind"));
    if kind != "decision" {
        return format!(
            "entry {index}: {kind}, {}\n",
            said(&json_of(shown, "second"))
        );
    }
    let of = |key: &str| said(&json_of(body, key));
    format!(
        "entry {index}: {}, recorded at stage `{}`, {}\n{} -> {} for {}\n",
        of("verdict"),
        of("stage"),
        said(&json_of(shown, "second")),
        of("source"),
        of("recipient"),
        of("purpose"),
    )
}

fn json_of(value: &Value, key: &str) -> Value {
    value.get(key).cloned().unwrap_or_default()
}
