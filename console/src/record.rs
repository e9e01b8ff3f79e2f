//! Entries of the ledger as JSON: what a decision was, never whom it was about.

use proof::Index;
use proof::entry::{Body, Entry};
use proof::sidecar::Sidecar;
use serde_json::{Value, json};

use crate::api::given::rfc3339;

/// An entry and, where it can be opened, its sidecar. Its owner's reference is left out.
#[must_use]
pub fn entry_json(index: Index, entry: &Entry, sidecar: Option<&Sidecar>) -> Value {
    json!({
        "index": index.get(),
        "id": entry.id.to_string(),
        "second": rfc3339(ms(entry.second.saturating_mul(1000))),
        "kind": entry.kind().word(),
        "body": body_json(&entry.body),
        "committed": entry.commitment.is_some(),
        "sidecar": sidecar.map(sidecar_json),
    })
}

fn body_json(body: &Body) -> Value {
    match body {
        Body::Decision {
            stage,
            policy,
            source,
            recipient,
            purpose,
            verdict,
            clauses,
            reason,
        } => {
            json!({
                "stage": stage.word(), "policy": policy.to_string(), "source": source,
                "recipient": recipient, "purpose": purpose, "verdict": verdict.word(),
                "clauses": clauses, "reason": reason,
            })
        }
        Body::Policy {
            hash,
            name,
            version,
        } => {
            json!({ "hash": hash.to_string(), "name": name, "version": version })
        }
        Body::Rights { act, purpose } => json!({ "act": act.word(), "purpose": purpose }),
        Body::Start { software, policy } => {
            json!({ "software": software, "policy": policy.to_string() })
        }
        Body::Switch {
            what,
            name,
            state,
            reason_hash,
        } => json!({
            "what": what.word(), "name": name, "state": state.word(),
            "reason_hash": reason_hash.to_string(),
        }),
        Body::Delivery {
            recipient,
            outcome,
            count,
        } => {
            json!({ "recipient": recipient, "outcome": outcome.word(), "count": count })
        }
        Body::Facts { name, hash } => json!({ "name": name, "hash": hash.to_string() }),
        Body::Export {
            first,
            size,
            root,
            hash,
        } => json!({
            "first": first.get(), "size": size.get(), "root": root.to_string(),
            "hash": hash.map(|hash| hash.to_string()),
        }),
    }
}

fn sidecar_json(sidecar: &Sidecar) -> Value {
    let edits: Vec<Value> = sidecar
        .edits
        .iter()
        .map(|edit| json!({ "path": edit.path, "category": edit.category, "edit": edit.words }))
        .collect();
    json!({
        "occurred": sidecar.occurred_ms.map(|at| rfc3339(ms(at))),
        "decided": rfc3339(ms(sidecar.decided_ms)),
        "clauses": sidecar.clauses,
        "edits": edits,
        "consent_records": sidecar.records.len(),
        "bytes_committed": sidecar.sent.is_some(),
    })
}

fn ms(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proof::entry::EntryId;

    use super::*;

    #[test]
    fn an_owner_is_never_shown() {
        let entry = Entry {
            second: 0,
            id: EntryId::from_bytes([7; 16]),
            commitment: None,
            body: Body::Rights {
                act: proof::entry::RightsAct::Withdrawn,
                purpose: None,
            },
        };
        let sidecar = Sidecar {
            owner: Some([0xab; 16]),
            ..Sidecar::default()
        };
        let shown = entry_json(Index::new(3), &entry, Some(&sidecar));
        assert_eq!(shown["body"]["act"], "withdrawn");
        assert_eq!(shown["second"], "1970-01-01T00:00:00Z");
        assert!(!shown.to_string().contains("abab"), "{shown}");
    }
}
