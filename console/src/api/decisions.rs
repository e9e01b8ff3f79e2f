//! Decisions, by entry and the last few.

use axum::extract::{Path, State};
use axum::response::Response;
use ledger::LedgerError;
use proof::Index;
use serde_json::{Value, json};

use super::given::rfc3339;
use crate::respond::{Problem, json_ok};
use crate::{Admin, entry_json};

/// `GET /v1/decisions`: the last decisions, newest first; nothing in them is about a person.
pub(crate) async fn recent(State(admin): State<Admin>) -> Response {
    let decisions: Vec<Value> = admin
        .gateway
        .recent()
        .iter()
        .rev()
        .map(|decision| {
            json!({
                "entry": decision.index.get(),
                "at": rfc3339(decision.at_ms),
                "source": decision.source,
                "recipient": decision.recipient,
                "purpose": decision.purpose,
                "verdict": decision.verdict,
                "clauses": decision.clauses,
                "reason": decision.reason,
                "edited": decision.edited.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
                "at_send": decision.at_send,
            })
        })
        .collect();
    json_ok(&json!({ "decisions": decisions }))
}

/// `GET /v1/decisions/{index}`: an entry of any kind, by its place in the ledger.
pub(crate) async fn one(
    State(admin): State<Admin>,
    Path(index): Path<String>,
) -> Result<Response, Problem> {
    let Ok(index) = index.parse().map(Index::new) else {
        return Err(Problem::malformed(
            "the index of an entry is a number, counted from 0",
        ));
    };
    match admin.ledger.entry(index).await {
        Ok((entry, sidecar)) => Ok(json_ok(&entry_json(index, &entry, sidecar.as_ref()))),
        Err(error @ LedgerError::NoEntry { .. }) => Err(Problem::not_found(error.to_string())),
        Err(error) => Err(Problem::unavailable(error.to_string())),
    }
}
