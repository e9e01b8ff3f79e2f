//! `sluice stop` and `sluice resume`, through the admin API of a running gateway.

use hyper::Method;
use serde_json::{Value, json};

use crate::args::SwitchArgs;
use crate::client::Admin;
use crate::exit::{Exit, Outcome};
use crate::out::Out;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing shall pass.
    Stop,
    /// The policy alone shall decide again.
    Resume,
}

/// Asks a running gateway.
///
/// # Errors
/// [`Exit::Malformed`] for an unknown name or key, [`Exit::Outside`] if the gateway cannot serve.
pub(super) async fn run(args: SwitchArgs, wish: Wish, out: Out) -> Outcome {
    let mut admin = Admin::connect(&args.admin).await?;
    let path = match wish {
        Wish::Stop => "/v1/stops",
        Wish::Resume => "/v1/resumptions",
    };
    let what = args.what.word();
    let body = json!({ "what": what, "name": args.name, "because": args.because });
    let answer = admin.ask(Method::POST, path, Some(&body)).await?;
    let state = answer
        .get("state")
        .and_then(Value::as_str)
        .unwrap_or("done");
    out.print(&format!("{what} `{}`: {state}", args.name), &answer)?;
    Ok(Exit::Done)
}
