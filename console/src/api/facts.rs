//! Facts that decisions rest on and that no event carries: gates and lists.

use std::collections::BTreeMap;

use axum::extract::{Extension, State};
use axum::response::Response;
use consent::FactUpdate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::consents::problem;
use super::given::{Given, Identifier, instant, rfc3339, subjects};
use crate::Admin;
use crate::keys::Owner;
use crate::respond::{Problem, json_ok};

/// What changes. Whatever is not named stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// Gates by identifier, with their date; `null` takes one away.
    #[serde(default)]
    gates: BTreeMap<String, Option<String>>,
    /// People put on lists, or taken off them.
    #[serde(default)]
    lists: Vec<Listing>,
}

/// A person and a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    list: String,
    identifiers: Vec<Identifier>,
    until: Option<String>,
    #[serde(default)]
    remove: bool,
}

/// `GET /v1/facts`
pub(crate) async fn show(State(admin): State<Admin>) -> Response {
    let facts = admin.consent.facts();
    let gates: BTreeMap<String, String> = facts
        .gates()
        .into_iter()
        .map(|(name, at)| (name, rfc3339(at.0)))
        .collect();
    let lists: BTreeMap<String, Value> = facts
        .lists()
        .into_iter()
        .map(|(name, pseudonyms)| (name, json!({ "pseudonyms": pseudonyms })))
        .collect();
    json_ok(&json!({ "gates": gates, "lists": lists }))
}

/// `PUT /v1/facts`: all of it is read before any of it is kept; then one after the other.
pub(crate) async fn change(
    State(admin): State<Admin>,
    Extension(owner): Extension<Owner>,
    Given(change): Given<Change>,
) -> Result<Response, Problem> {
    let mut updates = Vec::new();
    for (name, at) in change.gates {
        let at = at.map(|at| instant("gates", &at)).transpose()?;
        updates.push(FactUpdate::Gate { name, at });
    }
    for listing in change.lists {
        let subjects = subjects(&admin.pseudonyms, listing.identifiers)?;
        let list = listing.list;
        updates.push(if listing.remove {
            FactUpdate::Unlisted { list, subjects }
        } else {
            let until = listing
                .until
                .map(|until| instant("until", &until))
                .transpose()?;
            FactUpdate::Listed {
                list,
                subjects,
                until,
            }
        });
    }
    let facts = admin.consent.facts();
    let mut entries = Vec::new();
    for update in updates {
        entries.push(facts.put(update).await.map_err(|error| problem(&error))?);
    }
    tracing::info!(owner = %owner.0, facts = entries.len(), "facts were changed");
    Ok(json_ok(&json!({ "entries": entries })))
}
