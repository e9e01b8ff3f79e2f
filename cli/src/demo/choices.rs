//! What the shop's customers chose, told through the admin API as a consent platform would.

use hyper::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::shop::{ADS_PURPOSE, ANALYTICS_PURPOSE, Customer, DPIA};
use crate::client::Admin;
use crate::exit::Failure;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The assessment that ads need is on file for a year.
///
/// # Errors
/// Those of [`Admin::ask`].
pub(super) async fn file_assessment(admin: &mut Admin, now_ms: i64) -> Result<(), Failure> {
    let facts = json!({ "gates": { DPIA: instant(now_ms + 365 * DAY_MS) } });
    admin
        .ask(Method::PUT, "/v1/facts", Some(&facts))
        .await
        .map(drop)
}

/// Tells what one customer chose a month ago, and whether they want to be left alone.
///
/// # Errors
/// Those of [`Admin::ask`].
pub(super) async fn keep(
    admin: &mut Admin,
    customer: &Customer,
    now_ms: i64,
) -> Result<(), Failure> {
    let (ads, analytics) = customer.consents;
    for (purpose, given) in [(ADS_PURPOSE, ads), (ANALYTICS_PURPOSE, analytics)] {
        let body = json!({
            "identifiers": identifiers(customer),
            "purpose": purpose,
            "choice": if given { "given" } else { "refused" },
            "at": instant(now_ms - 30 * DAY_MS),
            "mechanism": "banner",
        });
        admin.ask(Method::POST, "/v1/consents", Some(&body)).await?;
    }
    if customer.bereaved {
        let listing = json!({ "list": "bereavement", "identifiers": identifiers(customer) });
        let facts = json!({ "lists": [listing] });
        admin.ask(Method::PUT, "/v1/facts", Some(&facts)).await?;
    }
    Ok(())
}

/// Withdraws one customer's consent to ads; effective when this returns.
///
/// # Errors
/// Those of [`Admin::ask`].
pub(super) async fn withdraw(admin: &mut Admin, customer: &Customer) -> Result<(), Failure> {
    let body = json!({
        "identifiers": identifiers(customer),
        "purpose": ADS_PURPOSE,
        "mechanism": "preference center",
    });
    admin
        .ask(Method::POST, "/v1/withdrawals", Some(&body))
        .await
        .map(drop)
}

fn identifiers(customer: &Customer) -> Value {
    json!([
        { "kind": "user", "value": customer.number },
        { "kind": "email", "value": customer.email },
        { "kind": "anonymous", "value": customer.visitor },
    ])
}

fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms)
        .unwrap_or_default()
        .to_string()
}
