//! `sluice consent ...`, through the admin API of a running gateway. Who is meant is read from the
//! command line, sent in a body, and printed nowhere.

use hyper::Method;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::args::{ConsentCommand, RecordArgs, ShowArgs, WithdrawArgs};
use crate::client::Admin;
use crate::exit::{Blame as _, Exit, Failure, Outcome};
use crate::keys::hex;
use crate::out::Out;

/// Records, withdraws or shows choices.
///
/// # Errors
/// [`Exit::Malformed`] for what cannot be as given, [`Exit::Outside`] if the gateway cannot serve.
pub(super) async fn run(command: ConsentCommand, out: Out) -> Outcome {
    match command {
        ConsentCommand::Record(args) => record(args, out).await,
        ConsentCommand::Withdraw(args) => withdraw(args, out).await,
        ConsentCommand::Show(args) => show(args, out).await,
    }
}

async fn record(args: RecordArgs, out: Out) -> Outcome {
    let mut body = json!({
        "identifiers": args.identifier.to_json(),
        "purpose": args.purpose,
        "choice": args.choice.word(),
        "mechanism": args.mechanism,
    });
    let notice = match (args.notice_version, args.notice_file) {
        (Some(version), Some(file)) => {
            let text = std::fs::read(&file).or_malformed("reading the notice")?;
            Some(json!({ "version": version, "sha256": hex(digest(&SHA256, &text).as_ref()) }))
        }
        (None, _) | (Some(_), None) => None,
    };
    let optional = [
        ("recipient", args.recipient.map(Value::from)),
        ("at", args.at.map(Value::from)),
        ("expires", args.expires.map(Value::from)),
        ("notice", notice),
    ];
    add(&mut body, optional);
    let mut admin = Admin::connect(&args.admin).await?;
    let answer = admin.ask(Method::POST, "/v1/consents", Some(&body)).await?;
    out.print(&kept("recorded", &answer), &answer)?;
    Ok(Exit::Done)
}

async fn withdraw(args: WithdrawArgs, out: Out) -> Outcome {
    let mut body = json!({
        "identifiers": args.identifier.to_json(),
        "purpose": args.purpose,
        "mechanism": args.mechanism,
    });
    add(&mut body, [("recipient", args.recipient.map(Value::from))]);
    let mut admin = Admin::connect(&args.admin).await?;
    let answer = admin
        .ask(Method::POST, "/v1/withdrawals", Some(&body))
        .await?;
    out.print(&kept("withdrawn and effective", &answer), &answer)?;
    Ok(Exit::Done)
}

async fn show(args: ShowArgs, out: Out) -> Outcome {
    let body = json!({ "identifiers": args.identifier.to_json() });
    let mut admin = Admin::connect(&args.admin).await?;
    let answer = admin
        .ask(Method::POST, "/v1/consents/query", Some(&body))
        .await?;
    let Some(records) = answer.get("records").and_then(Value::as_array) else {
        return Err(Failure::outside("the gateway's answer holds no records"));
    };
    if records.is_empty() {
        out.say("nothing is kept about this person")?;
    }
    for record in records {
        let said = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or("-");
        let line = format!(
            "{:24} {:12} {:20} {:20} {}",
            said("since"),
            said("state"),
            said("purpose"),
            said("recipient"),
            said("mechanism"),
        );
        out.print(line.trim_end(), record)?;
    }
    Ok(Exit::Done)
}

fn kept(done: &str, answer: &Value) -> String {
    match answer.get("entry").and_then(Value::as_u64) {
        Some(entry) => format!("{done}: entry {entry} of the ledger"),
        None => format!("{done}: kept in the reserve file until the database is back"),
    }
}

fn add<const N: usize>(body: &mut Value, optional: [(&str, Option<Value>); N]) {
    let Some(members) = body.as_object_mut() else {
        return;
    };
    for (key, value) in optional {
        if let Some(value) = value {
            members.insert(key.to_owned(), value);
        }
    }
}
