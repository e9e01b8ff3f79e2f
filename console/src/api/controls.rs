//! Test-only switches: faults and planted bugs. Not compiled into what is shipped.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use store::{CrashPoint, Fault};

use super::given::Given;
use crate::Admin;
use crate::respond::{Problem, json_ok};

/// One switch.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Control {
    /// A planted bug, on or off.
    Switch { switch: String, on: bool },
    /// What is wrong with the database.
    Fault { fault: String },
    /// Where the process aborts, the `nth` time it comes there.
    Crash { crash_at: String, nth: Option<u64> },
}

/// `PUT /v1/controls`
pub(crate) async fn switch(
    State(admin): State<Admin>,
    Given(control): Given<Control>,
) -> Result<Response, Problem> {
    match control {
        Control::Switch { switch, on } => match switch.as_str() {
            "ack-before-commit" => admin.store.faults().ack_before_commit(on),
            "ack-before-deny" => admin.consent.controls().ack_before_deny(on),
            other => match admin.gateway.controls().switch(other) {
                Some(planted) => planted.set(on),
                None => return Err(Problem::not_found("there is no such switch")),
            },
        },
        Control::Fault { fault } => admin.store.faults().set(match fault.as_str() {
            "none" => Fault::None,
            "disk-full" => Fault::DiskFull,
            "down" => Fault::Down,
            _ => return Err(Problem::not_found("there is no such fault")),
        }),
        Control::Crash { crash_at, nth } => {
            let point = match crash_at.as_str() {
                "before-begin" => CrashPoint::BeforeBegin,
                "after-stages" => CrashPoint::AfterStages,
                "before-commit" => CrashPoint::BeforeCommit,
                "after-commit" => CrashPoint::AfterCommit,
                "before-answer" => CrashPoint::BeforeAnswer,
                _ => return Err(Problem::not_found("there is no such crash point")),
            };
            admin.store.faults().crash_at(point, nth.unwrap_or(1));
        }
    }
    Ok(json_ok(&json!({ "set": true })))
}
