//! Whether the gateway lives, whether it can work, and what it counts.

use axum::extract::{Extension, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use store::State as StoreState;

use crate::Admin;
use crate::keys::Owner;
use crate::respond::{Problem, json_ok, with};

/// `GET /healthz`: this process answers. It asks nobody else.
pub(crate) async fn live() -> Response {
    with(StatusCode::OK, "text/plain; charset=utf-8", "ok\n")
}

/// `GET /readyz`: whether events can be recorded, and so taken.
pub(crate) async fn ready(State(admin): State<Admin>) -> Response {
    let (status, words) = match admin.store.state() {
        StoreState::Ready => (StatusCode::OK, "ready\n"),
        StoreState::Full => (StatusCode::SERVICE_UNAVAILABLE, "the disk is full\n"),
        StoreState::Failed => (StatusCode::SERVICE_UNAVAILABLE, "the database failed\n"),
    };
    with(status, "text/plain; charset=utf-8", words)
}

/// `GET /openapi.json`
pub(crate) async fn openapi() -> Response {
    with(
        StatusCode::OK,
        "application/json",
        include_str!("../openapi.json"),
    )
}

/// `GET /metrics`: the Prometheus text format, version 0.0.4.
pub(crate) async fn metrics(State(admin): State<Admin>) -> Response {
    let media = "text/plain; version=0.0.4; charset=utf-8";
    let mut text = admin.gateway.metrics();
    let ready = u8::from(admin.store.state() == StoreState::Ready);
    text.push_str(
        "# HELP sluice_ledger_entries Entries that are durable.\n\
         # TYPE sluice_ledger_entries counter\n",
    );
    text.push_str(&format!(
        "sluice_ledger_entries {}\n",
        admin.ledger.size().get()
    ));
    text.push_str(
        "# HELP sluice_store_ready Whether the database takes entries.\n\
         # TYPE sluice_store_ready gauge\n",
    );
    text.push_str(&format!("sluice_store_ready {ready}\n"));
    with(StatusCode::OK, media, text)
}

/// `POST /v1/checkpoint`: signs one over everything durable, now.
pub(crate) async fn checkpoint(State(admin): State<Admin>) -> Result<Response, Problem> {
    match admin.ledger.checkpoint().await {
        Ok(note) => Ok(json_ok(&json!({ "checkpoint": note }))),
        Err(error) => Err(Problem::unavailable(error.to_string())),
    }
}

/// `POST /v1/reload`: reads the policy again; an invalid one changes nothing.
pub(crate) async fn reload(
    State(admin): State<Admin>,
    Extension(owner): Extension<Owner>,
) -> Result<Response, Problem> {
    match (admin.reload)().await {
        Ok(active) => {
            tracing::info!(owner = %owner.0, policy = active, "the policy was read again");
            Ok(json_ok(&json!({ "policy": active })))
        }
        Err(why) => Err(Problem::conflict(why)),
    }
}
