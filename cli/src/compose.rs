//! The wiring: store, ledger, consent, gateway, console, in that order. `serve` and `demo` run the
//! same parts in the same way.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use consent::{Consent, Pseudonyms};
use console::{Admin, Reload};
use gateway::{Config as Wires, Gateway};
use ledger::{Draft, Ledger};
use policy::Policy;
use proof::Hash;
use proof::entry::Body;
use store::{Lane, RESERVE_BYTES, Reserve, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Secrets;
use crate::exit::{Blame as _, Failure};

/// The database's file in a data directory.
pub(crate) const DATABASE: &str = "sluice.db";
/// The file with room for people's choices when the database cannot take them.
const RESERVE: &str = "reserve";
/// The file that names the ledger, beside the database, so that `--data DIR` is enough.
pub(crate) const ORIGIN: &str = "origin";

/// What is to run.
pub(crate) struct Parts {
    /// Where the database is; made if it is missing.
    pub data: PathBuf,
    /// The ledger's name.
    pub origin: String,
    /// The first active policy.
    pub policy: Arc<Policy>,
    /// Its file, read again by a reload.
    pub policy_file: PathBuf,
    /// The data plane.
    pub wires: Wires,
    /// Where the admin API listens.
    pub admin: SocketAddr,
    /// Every secret.
    pub secrets: Secrets,
}

/// What runs.
pub(crate) struct Running {
    /// The database.
    pub store: Store,
    /// The ledger.
    pub ledger: Ledger,
    /// The data plane.
    pub gateway: Arc<Gateway>,
    /// Where the admin API listens.
    pub admin: SocketAddr,
    /// Reads the policy again.
    pub reload: Reload,
    stop: watch::Sender<bool>,
    console: JoinHandle<std::io::Result<()>>,
}

/// Opens the database and starts everything on it.
///
/// # Errors
/// [`Exit::Outside`](crate::exit::Exit::Outside) if the database is in use or fails, or an address
/// cannot be had; [`Exit::Malformed`](crate::exit::Exit::Malformed) if the wires do not fit.
pub(crate) async fn start(parts: Parts) -> Result<Running, Failure> {
    let Parts {
        data,
        origin,
        policy,
        policy_file,
        wires,
        admin,
        secrets,
    } = parts;
    std::fs::create_dir_all(&data).or_outside(format!("making `{}`", data.display()))?;
    let clock = crate::clock::system();
    let database = data.join(DATABASE);
    let store = Store::open(&database, store::Options::default());
    let store = store.await.or_outside("opening the database")?;
    let ledger = Ledger::open(&store, secrets.ledger, clock.clone());
    let ledger = ledger.await.or_outside("opening the ledger")?;
    keep_origin(&data, &origin)?;
    let reserve = Reserve::open(&data.join(RESERVE), RESERVE_BYTES);
    let reserve = reserve.or_outside("opening the reserve file")?;
    let options = consent::Options {
        send_timeout: wires.delivery.send_timeout,
        ..consent::Options::default()
    };
    let consent = Consent::open(&store, &ledger, reserve, clock.clone(), options);
    let consent = consent.await.or_outside("loading what people chose")?;
    note_start(&ledger, &policy).await?;
    let pseudonyms = Arc::new(Pseudonyms::new(secrets.pseudonyms.bytes()));
    let parts = gateway::Parts {
        config: wires.clone(),
        policy,
        consent: consent.clone(),
        ledger: ledger.clone(),
        store: store.clone(),
        pseudonyms: Arc::clone(&pseudonyms),
        keys: secrets.edits,
        clock: clock.clone(),
    };
    let gateway = Arc::new(Gateway::start(parts).await.map_err(gateway_failure)?);
    let reload = reload(&gateway, &ledger, policy_file, wires);
    let doing = format!("listening on {admin} for the admin API");
    let listener = TcpListener::bind(admin).await.or_outside(doing)?;
    let address = listener
        .local_addr()
        .or_outside("asking for the admin address")?;
    let (stop, mut stopped) = watch::channel(false);
    let admin = Admin {
        gateway: Arc::clone(&gateway),
        consent,
        ledger: ledger.clone(),
        store: store.clone(),
        pseudonyms,
        keys: secrets.admin.into(),
        clock,
        reload: Arc::clone(&reload),
    };
    let stopping = async move {
        // A sender that is gone is as good as one that says stop.
        drop(stopped.wait_for(|stop| *stop).await);
    };
    let console = tokio::spawn(console::serve(listener, admin, stopping));
    Ok(Running {
        store,
        ledger,
        gateway,
        admin: address,
        reload,
        stop,
        console,
    })
}

impl Running {
    /// Ends what was begun, and gives the database back. What waits in the outbox waits there.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if what was kept could not be made durable.
    pub(crate) async fn stop(self) -> Result<(), Failure> {
        self.gateway.stop().await;
        self.stop.send_replace(true);
        // Admin requests that hang do not keep the process alive.
        drop(tokio::time::timeout(GRACE, self.console).await);
        let signed = self.ledger.checkpoint().await;
        if let Err(error) = signed {
            tracing::warn!(%error, "no checkpoint could be signed at the end");
        }
        drop(self.gateway);
        self.store.close().await.or_outside("closing the database")
    }
}

/// How long admin requests may take to end.
const GRACE: Duration = Duration::from_secs(5);

async fn note_start(ledger: &Ledger, policy: &Policy) -> Result<(), Failure> {
    let software = concat!("sluice ", env!("CARGO_PKG_VERSION")).to_owned();
    let start = Body::Start {
        software,
        policy: Hash::from_bytes(*policy.hash()),
    };
    let drafts = vec![Draft::new(start), Draft::new(active(policy))];
    ledger
        .append(Lane::House, drafts)
        .await
        .or_outside("recording the start")?;
    Ok(())
}

fn active(policy: &Policy) -> Body {
    Body::Policy {
        hash: Hash::from_bytes(*policy.hash()),
        name: policy.name().to_owned(),
        version: policy.version().to_string(),
    }
}

/// Reads the policy's file again, one reading at a time. An invalid one changes nothing (I7); a good
/// one is in the ledger before it decides anything.
fn reload(gateway: &Arc<Gateway>, ledger: &Ledger, file: PathBuf, wires: Wires) -> Reload {
    let reloader = Arc::new(Reloader {
        gateway: Arc::clone(gateway),
        ledger: ledger.clone(),
        file,
        wires,
        one_at_a_time: tokio::sync::Mutex::default(),
    });
    Arc::new(move || {
        let reloader = Arc::clone(&reloader);
        Box::pin(async move { reloader.read_again().await })
    })
}

struct Reloader {
    gateway: Arc<Gateway>,
    ledger: Ledger,
    file: PathBuf,
    wires: Wires,
    one_at_a_time: tokio::sync::Mutex<()>,
}

impl Reloader {
    async fn read_again(&self) -> Result<String, String> {
        let _turn = self.one_at_a_time.lock().await;
        let policy = Arc::new(read_policy(&self.file, &self.wires)?);
        self.note(&policy).await?;
        let said = format!("{} version {}", policy.name(), policy.version());
        let old = self.gateway.policy();
        if let Err(error) = self.gateway.swap_policy(policy) {
            // The ledger's last word on the active policy must be true.
            self.note(&old).await?;
            return Err(error.to_string());
        }
        Ok(said)
    }

    async fn note(&self, policy: &Policy) -> Result<(), String> {
        let draft = Draft::new(active(policy));
        let noted = self.ledger.append(Lane::House, vec![draft]).await;
        noted.map(drop).map_err(|error| error.to_string())
    }
}

/// A policy that compiles, passes its own tests and fits the wires.
fn read_policy(file: &Path, wires: &Wires) -> Result<Policy, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let policy = Policy::compile(file, &text).map_err(|report| report.render(false))?;
    let failed: Vec<String> = policy::testing::run(&policy)
        .into_iter()
        .filter(|outcome| !outcome.passed)
        .map(|outcome| format!("test `{}` fails: {}", outcome.name, outcome.found))
        .collect();
    let faults = gateway::validate(wires, &policy);
    let unfit = faults
        .iter()
        .map(|fault| format!("{}: {}; {}", fault.at, fault.what, fault.mend));
    let wrong: Vec<String> = failed.into_iter().chain(unfit).collect();
    if wrong.is_empty() {
        Ok(policy)
    } else {
        Err(wrong.join("\n"))
    }
}

fn keep_origin(data: &Path, origin: &str) -> Result<(), Failure> {
    let file = data.join(ORIGIN);
    if file.exists() {
        return Ok(());
    }
    std::fs::write(&file, format!("{origin}\n")).or_outside("naming the ledger")
}

/// Whose fault it is that the gateway does not start.
fn gateway_failure(error: gateway::GatewayError) -> Failure {
    use gateway::GatewayError;
    let doing = "starting the gateway";
    let failed = Err::<(), _>(error);
    let blamed = match &failed {
        Err(GatewayError::Config(_) | GatewayError::Key(_)) => failed.or_malformed(doing),
        Ok(()) | Err(_) => failed.or_outside(doing),
    };
    blamed.err().unwrap_or_else(|| Failure::outside(doing))
}
