//! The status page: how the gateway stands, on one calm page.
//!
//! Rendered here, without script, and under a policy that allows none. Each figure is a table row:
//! the bar and its number stand side by side.

mod html;
mod snapshot;

use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use ring::digest::{SHA256, digest};

use crate::Admin;
use crate::respond::with;
use html::{Page, escape, grouped, share};
use snapshot::{Row, Snapshot};

const STYLE: &str = include_str!("page/style.css");

/// `GET /`
pub(crate) async fn status(State(admin): State<Admin>) -> Response {
    let page = render(&Snapshot::of(&admin).await);
    let mut response = with(StatusCode::OK, "text/html; charset=utf-8", page);
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(CONTENT_SECURITY_POLICY, &content_policy());
    set(REFERRER_POLICY, "no-referrer");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

/// Nothing but this page's own style sheet, named by its hash. If this header were missing the page
/// would still hold no script.
fn content_policy() -> String {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

fn render(now: &Snapshot) -> String {
    let mut page = Page::begin("Sluice", STYLE);
    page.push("<header><h1>Sluice</h1><p class=\"state\">");
    page.push(&format!("<strong>{}</strong> · ", escape(now.state)));
    page.push(&format!(
        "policy “{}” version {}",
        escape(&now.policy),
        now.version
    ));
    page.push(&format!(
        " · <time>{}</time></p></header>\n<main>\n",
        escape(&now.at)
    ));
    totals(&mut page, now);
    page.section(
        "Why events were refused",
        "The clause each refusal failed, or the reason where no clause speaks.",
    );
    page.bars(
        ("Clause", "Decisions", "of refused"),
        &now.refusals,
        now.refused,
    );
    page.section(
        "What events lacked",
        "Share of collected events for which nothing said who, where, how old, or what was chosen.",
    );
    page.bars(("Fact", "Events", "of events"), &now.lacking, now.events);
    outbox(&mut page, now);
    page.section(
        "Ledger",
        "Append-only; anyone can verify an export offline.",
    );
    page.pairs(&[
        ("Entries", grouped(now.entries)),
        ("Last checkpoint", now.checkpoint.clone()),
        ("Policy hash", now.policy_hash.clone()),
        ("Public key", now.vkey.clone()),
    ]);
    recent(&mut page, now);
    page.push("</main>\n");
    page.end()
}

fn totals(page: &mut Page, now: &Snapshot) {
    let figures = [
        ("events", now.events, String::new()),
        ("decisions", now.decisions, String::new()),
        ("sent", now.sent, share(now.sent, now.decisions)),
        (
            "of these edited",
            now.edited,
            share(now.edited, now.decisions),
        ),
        ("refused", now.refused, share(now.refused, now.decisions)),
    ];
    page.push("<dl class=\"totals\">\n");
    for (label, number, share) in figures {
        page.push(&format!(
            "<div><dt>{label}</dt><dd>{}<small>{share}</small></dd></div>\n",
            grouped(number)
        ));
    }
    page.push("</dl>\n");
}

fn outbox(page: &mut Page, now: &Snapshot) {
    page.section(
        "Outbox",
        "Recorded, permitted, and not yet taken by the recipient.",
    );
    if now.outbox.is_empty() {
        page.push("<p>Nothing waits.</p>\n");
    } else {
        let rows = now.outbox.iter().map(|one| {
            [
                one.recipient.clone(),
                grouped(one.events),
                grouped(one.bytes),
            ]
        });
        page.table(&["Recipient", "Events", "Bytes"], rows);
    }
    if !now.stops.is_empty() {
        page.section(
            "Stopped by hand",
            "Nothing passes until two people let it flow again.",
        );
        let rows = now.stops.iter().cloned();
        page.table(&["What", "Name", "Resuming"], rows);
    }
}

fn recent(page: &mut Page, now: &Snapshot) {
    page.section(
        "Last decisions",
        "Each is an entry of the ledger; none names a person.",
    );
    if now.recent.is_empty() {
        page.push("<p>None yet.</p>\n");
        return;
    }
    page.table(
        &["Entry", "Recipient", "Verdict", "Because"],
        now.recent.iter().cloned(),
    );
}

#[cfg(test)]
mod tests;
