//! `sluice serve`: the gateway and its admin API, until it is told to stop.

use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::args::ServeArgs;
use crate::compose::{self, Parts, Running};
use crate::config::Reading;
use crate::exit::{Blame as _, Exit, Failure, Outcome};
use crate::out::Out;

/// Runs until SIGTERM or SIGINT, or until the database fails for ever.
///
/// # Errors
/// [`Exit::Malformed`] for an invalid configuration or policy: nothing runs then.
/// [`Exit::Outside`] if the database is in use or fails, or an address cannot be had.
pub(super) async fn run(args: ServeArgs, out: Out) -> Outcome {
    crate::logs::start(args.log)?;
    let mut config = Reading::of(&args.config, &crate::environment::overrides())?.into_config()?;
    must_pass(&config.policy)?;
    let secrets = config.secrets()?;
    let mut signals = Signals::listen()?;
    let running = compose::start(Parts {
        data: config.data,
        origin: config.origin,
        policy: config.policy,
        policy_file: config.policy_file,
        wires: config.gateway,
        admin: config.admin,
        secrets,
    })
    .await?;
    let (proxy, admin) = (running.gateway.local_addr(), running.admin);
    tracing::info!(%proxy, %admin, "serving");
    // Scripts and tests wait for this line: both addresses are in it, also where port 0 was asked.
    out.print(
        &format!("serving: proxy http://{proxy}, admin http://{admin}"),
        &json!({ "proxy": format!("http://{proxy}"), "admin": format!("http://{admin}") }),
    )?;
    let failed = until_told(&running, &mut signals).await;
    if failed {
        // What is not durable must not be acknowledged: leave at once, recover at the next start.
        return Err(Failure::outside(
            "the database failed; start again to recover from its file",
        ));
    }
    tracing::info!("stopping");
    running.stop().await?;
    Ok(Exit::Done)
}

/// A policy whose own tests fail is not what its author meant.
fn must_pass(policy: &policy::Policy) -> Result<(), Failure> {
    let failed: Vec<String> = policy::testing::run(policy)
        .into_iter()
        .filter(|outcome| !outcome.passed)
        .map(|outcome| {
            format!(
                "test `{}` of the policy fails: {}",
                outcome.name, outcome.found
            )
        })
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::malformed(failed.join("\nerror: ")))
    }
}

/// Waits for a reason to end, and reads the policy again meanwhile. True if the database failed.
async fn until_told(running: &Running, signals: &mut Signals) -> bool {
    loop {
        tokio::select! {
            () = running.store.failed() => return true,
            _ = signals.terminate.recv() => return false,
            _ = signals.interrupt.recv() => return false,
            _ = signals.hangup.recv() => match (running.reload)().await {
                Ok(active) => tracing::info!(policy = active, "the policy was read again"),
                Err(why) => {
                    tracing::error!("the old policy stays: the new one is invalid");
                    crate::out::complain(&why);
                }
            },
        }
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).or_outside("listening for signals");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }
}
