//! Stopping a recipient, a source or a purpose by hand, and letting it flow again.

use axum::extract::{Extension, State};
use axum::response::Response;
use gateway::{GatewayError, Resume};
use proof::entry::SwitchWhat;
use serde::Deserialize;
use serde_json::{Value, json};

use super::given::{Given, rfc3339};
use crate::Admin;
use crate::keys::Owner;
use crate::respond::{Problem, json_ok};

/// What is switched, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switch {
    what: String,
    name: String,
    because: String,
}

/// `GET /v1/stops`
pub(crate) async fn show(State(admin): State<Admin>) -> Response {
    let stops: Vec<Value> = admin
        .gateway
        .stops()
        .list()
        .iter()
        .map(|(what, name, stop)| {
            let since = rfc3339(stop.since_ms);
            let first = &stop.resumed_by;
            json!({ "what": what.word(), "name": name, "since": since, "resume_asked_by": first })
        })
        .collect();
    json_ok(&json!({ "stops": stops }))
}

/// `POST /v1/stops`: nothing passes any more when this answers.
pub(crate) async fn stop(
    State(admin): State<Admin>,
    Extension(owner): Extension<Owner>,
    Given(switch): Given<Switch>,
) -> Result<Response, Problem> {
    let what = what(&admin, &switch)?;
    let stopped = admin
        .gateway
        .halt(what, &switch.name, &switch.because)
        .await;
    stopped.map_err(|error| problem(&error))?;
    tracing::warn!(owner = %owner.0, what = what.word(), name = switch.name, "stopped");
    Ok(json_ok(&json!({ "state": "stopped" })))
}

/// `POST /v1/resumptions`: two different people must ask; the first one's wish is kept.
pub(crate) async fn resume(
    State(admin): State<Admin>,
    Extension(owner): Extension<Owner>,
    Given(switch): Given<Switch>,
) -> Result<Response, Problem> {
    let what = what(&admin, &switch)?;
    let resumed = admin
        .gateway
        .resume(what, &switch.name, &owner.0, &switch.because)
        .await;
    let state = match resumed.map_err(|error| problem(&error))? {
        Resume::Resumed => "resumed",
        Resume::AnotherPerson => "waits for another person",
    };
    tracing::warn!(owner = %owner.0, what = what.word(), name = switch.name, state, "resuming");
    Ok(json_ok(&json!({ "state": state })))
}

/// What is switched. Its name must be the policy's: stopping an unknown name would stop nothing.
fn what(admin: &Admin, switch: &Switch) -> Result<SwitchWhat, Problem> {
    if switch.because.trim().is_empty() {
        return Err(Problem::malformed("`because` says why, and is empty"));
    }
    let found = SwitchWhat::ALL
        .iter()
        .find(|what| what.word() == switch.what);
    let Some(what) = found.copied() else {
        let words: Vec<&str> = SwitchWhat::ALL.iter().map(|what| what.word()).collect();
        return Err(Problem::malformed(format!(
            "`what` is one of {}",
            words.join(", ")
        )));
    };
    let policy = admin.gateway.policy();
    let names: Vec<&str> = match what {
        SwitchWhat::Recipient => policy.recipients().iter().map(|one| &*one.name).collect(),
        SwitchWhat::Source => policy.sources().iter().map(|one| &*one.name).collect(),
        SwitchWhat::Purpose => policy.purposes().iter().map(AsRef::as_ref).collect(),
    };
    if names.contains(&switch.name.as_str()) {
        return Ok(what);
    }
    let (word, names) = (what.word(), names.join(", "));
    Err(Problem::not_found(format!(
        "the policy knows no such {word}; it has: {names}"
    )))
}

fn problem(error: &GatewayError) -> Problem {
    let words = error.to_string();
    if matches!(error, GatewayError::Unknown(_)) {
        Problem::not_found(words)
    } else if matches!(error, GatewayError::NotStopped) {
        Problem::conflict(words)
    } else {
        Problem::unavailable(words)
    }
}
