//! What people chose: recorded, withdrawn, shown.

use axum::extract::{Extension, State};
use axum::response::Response;
use consent::{Acknowledgement, Act, ActId, ActKind, ConsentError, ConsentRecord, Notice};
use policy::situation::Millis;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::Deserialize;
use serde_json::{Value, json};

use super::given::{Given, Identifier, hex, instant, rfc3339, subjects, to_hex};
use crate::Admin;
use crate::keys::Owner;
use crate::respond::{Problem, json_created, json_ok};

/// What a person did about one purpose.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    id: Option<String>,
    identifiers: Vec<Identifier>,
    purpose: String,
    recipient: Option<String>,
    choice: String,
    at: Option<String>,
    notice: Option<NoticeGiven>,
    mechanism: String,
    expires: Option<String>,
}

/// The text a person saw.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeGiven {
    version: String,
    sha256: String,
}

/// That a person withdraws.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    id: Option<String>,
    identifiers: Vec<Identifier>,
    purpose: String,
    recipient: Option<String>,
    mechanism: String,
}

/// Whom to show.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    identifiers: Vec<Identifier>,
}

/// `POST /v1/consents`
pub(crate) async fn record(
    State(admin): State<Admin>,
    Extension(owner): Extension<Owner>,
    Given(choice): Given<Choice>,
) -> Result<Response, Problem> {
    let Some(kind) = ActKind::from_word(&choice.choice) else {
        let words = ActKind::ALL.map(ActKind::word).join(", ");
        return Err(Problem::malformed(format!("`choice` is one of {words}")));
    };
    let notice = choice.notice.map(|notice| {
        let hash = hex("notice.sha256", &notice.sha256)?;
        Ok(Notice {
            version: notice.version,
            hash,
        })
    });
    let at = choice.at.map(|at| instant("at", &at)).transpose()?;
    let act = Act {
        id: act_id(choice.id)?,
        subjects: subjects(&admin.pseudonyms, choice.identifiers)?,
        purpose: choice.purpose,
        recipient: choice.recipient,
        kind,
        at: at.unwrap_or_else(|| Millis(admin.clock.now_ms())),
        notice: notice.transpose()?,
        mechanism: choice.mechanism,
        expires: choice
            .expires
            .map(|at| instant("expires", &at))
            .transpose()?,
    };
    keep(&admin, &owner, act).await
}

/// `POST /v1/withdrawals`: effective, also for what is queued or in flight, when this answers.
pub(crate) async fn withdraw(
    State(admin): State<Admin>,
    Extension(owner): Extension<Owner>,
    Given(withdrawal): Given<Withdrawal>,
) -> Result<Response, Problem> {
    let act = Act {
        id: act_id(withdrawal.id)?,
        subjects: subjects(&admin.pseudonyms, withdrawal.identifiers)?,
        purpose: withdrawal.purpose,
        recipient: withdrawal.recipient,
        kind: ActKind::Withdrawn,
        at: Millis(admin.clock.now_ms()),
        notice: None,
        mechanism: withdrawal.mechanism,
        expires: None,
    };
    keep(&admin, &owner, act).await
}

/// `POST /v1/consents/query`: a query by body, so that no identifier stands in a URL.
pub(crate) async fn query(
    State(admin): State<Admin>,
    Given(query): Given<Query>,
) -> Result<Response, Problem> {
    let mut records: Vec<ConsentRecord> = Vec::new();
    for subject in subjects(&admin.pseudonyms, query.identifiers)? {
        for record in admin
            .consent
            .show(subject)
            .await
            .map_err(|error| problem(&error))?
        {
            if !records.iter().any(|known| known.act.id == record.act.id) {
                records.push(record);
            }
        }
    }
    records.sort_by_key(|record| (record.since, record.recorded));
    let now = admin.consent.now();
    let records: Vec<Value> = records.iter().map(|record| shown(record, now)).collect();
    Ok(json_ok(&json!({ "records": records })))
}

/// Purpose and recipient must be the policy's: a choice about an unknown name would do nothing.
async fn keep(admin: &Admin, owner: &Owner, act: Act) -> Result<Response, Problem> {
    let policy = admin.gateway.policy();
    if !policy.purposes().iter().any(|name| **name == *act.purpose) {
        let names: Vec<&str> = policy.purposes().iter().map(AsRef::as_ref).collect();
        let detail = format!(
            "the policy has no such `purpose`; it has: {}",
            names.join(", ")
        );
        return Err(Problem::malformed(detail));
    }
    let known = |name: &String| policy.recipients().iter().any(|one| *one.name == **name);
    if act.recipient.as_ref().is_some_and(|name| !known(name)) {
        let names: Vec<&str> = policy.recipients().iter().map(|one| &*one.name).collect();
        let detail = format!(
            "the policy has no such `recipient`; it has: {}",
            names.join(", ")
        );
        return Err(Problem::malformed(detail));
    }
    let (id, kind) = (act.id, act.kind);
    let kept = admin
        .consent
        .record(act)
        .await
        .map_err(|error| problem(&error))?;
    let entry = match kept {
        Acknowledgement::Kept { entry } => Some(entry),
        Acknowledgement::Reserved => None,
    };
    tracing::info!(owner = %owner.0, act = kind.word(), entry, "a choice was kept");
    let reserved = entry.is_none();
    let body = json!({ "id": to_hex(&id.0), "entry": entry, "reserved": reserved });
    Ok(json_created(&body))
}

fn act_id(given: Option<String>) -> Result<ActId, Problem> {
    if let Some(text) = given {
        return hex("id", &text).map(ActId);
    }
    let mut id = [0; 16];
    let random = SystemRandom::new().fill(&mut id);
    random.map_err(|_| Problem::unavailable("the system gave no random bytes"))?;
    Ok(ActId(id))
}

fn shown(record: &ConsentRecord, now: Millis) -> Value {
    let act = &record.act;
    json!({
        "id": to_hex(&act.id.0),
        "purpose": act.purpose,
        "recipient": act.recipient,
        "choice": act.kind.word(),
        "state": record.state(now).word(),
        "at": rfc3339(act.at.0),
        "since": rfc3339(record.since.0),
        "recorded": rfc3339(record.recorded.0),
        "expires": act.expires.map(|at| rfc3339(at.0)),
        "mechanism": act.mechanism,
        "notice": act.notice.as_ref().map(|notice| {
            json!({ "version": notice.version, "sha256": to_hex(&notice.hash) })
        }),
        "entry": record.entry,
    })
}

/// Whose fault it was. The crate's own words name fields and never contents.
pub(crate) fn problem(error: &ConsentError) -> Problem {
    let words = error.to_string();
    if matches!(error, ConsentError::Malformed(_)) {
        Problem::malformed(words)
    } else if matches!(error, ConsentError::IdTaken) {
        Problem::conflict(words)
    } else {
        Problem::unavailable(words)
    }
}
