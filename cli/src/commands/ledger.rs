//! `sluice ledger ...`: export, verify and prove.

use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use ledger::Ledger;
use proof::Index;
use proof::note::{SigningKey, VerifyingKey};
use proof::pack::{self, PackFault, Report};
use serde_json::{Value, json};
use store::Store;

use crate::args::{ExportArgs, Format, LedgerCommand, Place, ProveArgs, VerifyArgs};
use crate::commands::wait;
use crate::compose::{self, DATABASE};
use crate::config::Reading;
use crate::exit::{Blame as _, Exit, Failure, Outcome};
use crate::keys::Secret;
use crate::out::Out;

/// Exports, verifies or proves.
///
/// # Errors
/// [`Exit::Outside`] if the database is in use or fails, [`Exit::NotGood`] if a pack does not hold.
pub(super) fn run(command: LedgerCommand, out: Out) -> Outcome {
    match command {
        LedgerCommand::Export(args) => wait(export(args, out)),
        LedgerCommand::Verify(args) => verify(&args, out),
        LedgerCommand::Prove(args) => wait(prove(args, out)),
    }
}

/// A ledger taken up by itself, with the lock of its database.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The ledger.
    pub ledger: Ledger,
    store: Store,
}

impl Opened {
    /// Gives the database back.
    ///
    /// # Errors
    /// [`Exit::Outside`] if what was written could not be made durable.
    pub(crate) async fn close(self) -> Result<(), Failure> {
        drop(self.ledger);
        self.store.close().await.or_outside("closing the database")
    }
}

/// Opens the ledger in a data directory that the demo left: keys in `keys`, name in `origin`.
///
/// # Errors
/// [`Exit::Malformed`] without its keys, [`Exit::Outside`] if the database is in use or fails.
async fn open_data(dir: &Path) -> Result<Opened, Failure> {
    let origin = dir.join(compose::ORIGIN);
    let doing = format!(
        "`{}` is not a data directory: reading `{}`",
        dir.display(),
        origin.display()
    );
    let origin = std::fs::read_to_string(&origin).or_malformed(doing)?;
    open(dir, origin.trim(), &dir.join("keys").join("ledger.key")).await
}

async fn open(dir: &Path, origin: &str, key: &Path) -> Result<Opened, Failure> {
    let database = dir.join(DATABASE);
    if !database.exists() {
        return Err(Failure::malformed(format!(
            "there is no database `{}`",
            database.display()
        )));
    }
    let seed = Secret::read(key).or_malformed("reading the ledger's key")?;
    let key =
        SigningKey::from_seed(origin, seed.bytes()).or_malformed("making the ledger's key")?;
    let store = Store::open(&database, store::Options::default());
    let store = store.await.or_outside("opening the database")?;
    let ledger = Ledger::open(&store, key, crate::clock::system());
    let ledger = ledger.await.or_outside("opening the ledger")?;
    Ok(Opened { ledger, store })
}

/// Opens the ledger that the person named.
///
/// # Errors
/// As [`open_data`], and [`Exit::Malformed`] for a configuration that cannot be used.
pub(crate) async fn open_place(place: &Place) -> Result<Opened, Failure> {
    match (&place.data, &place.config) {
        (Some(dir), _) => open_data(dir).await,
        (None, Some(file)) => {
            let config = Reading::of(file, &crate::environment::overrides())?.into_config()?;
            open(&config.data, &config.origin, &config.keys.ledger).await
        }
        (None, None) => Err(Failure::malformed(
            "name a data directory or a configuration",
        )),
    }
}

async fn export(args: ExportArgs, out: Out) -> Outcome {
    let opened = open_place(&args.place).await?;
    let entries = write_pack(&opened.ledger, &args.out, args.openings).await?;
    let vkey = opened.ledger.vkey().to_string();
    opened.close().await?;
    let file = args.out.display();
    let text = format!(
        "{entries} entries in `{file}`\ncheck it anywhere: sluice ledger verify {file} --key {vkey}"
    );
    out.print(
        &text,
        &json!({ "pack": args.out, "entries": entries, "key": vkey }),
    )?;
    Ok(Exit::Done)
}

/// Writes a pack into a new file, and makes it durable.
///
/// # Errors
/// [`Exit::Malformed`] if the file exists or its folder does not, [`Exit::Outside`] if disk or
/// database fail.
pub(crate) async fn write_pack(
    ledger: &Ledger,
    path: &Path,
    openings: bool,
) -> Result<u64, Failure> {
    let doing = format!("making `{}`", path.display());
    let file = match File::create_new(path) {
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => {
            Err(error).or_malformed(doing)
        }
        other => other.or_outside(doing),
    }?;
    let synced = file.try_clone().or_outside("writing the pack")?;
    let size = ledger
        .export(BufWriter::new(file), openings, &mut |_| {})
        .await;
    let size = size.or_outside("writing the pack")?;
    synced.sync_all().or_outside("writing the pack")?;
    Ok(size.get())
}

/// Needs the file and nothing else: no database, no configuration, no secret.
fn verify(args: &VerifyArgs, out: Out) -> Outcome {
    let key = args.key.as_deref().map(VerifyingKey::parse).transpose();
    let key = key.or_malformed("reading `--key`")?;
    match verify_pack(&args.pack, key.as_ref())? {
        Ok(report) => {
            out.print(&good(&report), &report_json(&report))?;
            Ok(Exit::Done)
        }
        Err(fault) => {
            let text = format!("`{}` does not verify: {fault}", args.pack.display());
            out.print(&text, &json!({ "verified": false, "fault": fault }))?;
            Ok(Exit::NotGood)
        }
    }
}

/// What a pack shows, or the first line of it that does not hold.
///
/// # Errors
/// [`Exit::Malformed`] if there is no such file, [`Exit::Outside`] if it cannot be read.
pub(crate) fn verify_pack(
    path: &PathBuf,
    key: Option<&VerifyingKey>,
) -> Result<Result<Report, String>, Failure> {
    let file = File::open(path).or_malformed(format!("opening `{}`", path.display()))?;
    match pack::verify(BufReader::new(file), key, &mut |_| {}) {
        Ok(report) => Ok(Ok(report)),
        Err(error) if matches!(error.fault, PackFault::Io(_)) => {
            Err(error).or_outside("reading the pack")
        }
        Err(error) => Ok(Err(error.to_string())),
    }
}

fn good(report: &Report) -> String {
    let kinds: Vec<String> = report
        .kinds
        .iter()
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    let verdicts: Vec<String> = report
        .verdicts
        .iter()
        .map(|(verdict, count)| format!("{count} {verdict}"))
        .collect();
    let verdicts = if verdicts.is_empty() {
        "none".to_owned()
    } else {
        verdicts.join(", ")
    };
    let key = if report.key_expected {
        "the key you named signed it"
    } else {
        "the pack's own key signed it; name the key with `--key` to know whose it is"
    };
    format!(
        "verified: {} entries of `{}`\n  root      {}\n  entries   {}\n  decisions {}\n  \
         openings  {} checked, {} sealed\n  key       {key}\n            {}\n  scope     {}",
        report.size,
        report.origin,
        report.root,
        kinds.join(", "),
        verdicts,
        report.openings_checked,
        report.sealed,
        report.key,
        report.scope,
    )
}

fn report_json(report: &Report) -> Value {
    let kinds: serde_json::Map<String, Value> = report
        .kinds
        .iter()
        .map(|(kind, count)| (kind.to_string(), (*count).into()))
        .collect();
    let verdicts: serde_json::Map<String, Value> = report
        .verdicts
        .iter()
        .map(|(verdict, count)| (verdict.to_string(), (*count).into()))
        .collect();
    json!({
        "verified": true,
        "origin": report.origin,
        "entries": report.size.get(),
        "root": report.root.to_string(),
        "key": report.key.to_string(),
        "key_expected": report.key_expected,
        "kinds": kinds,
        "verdicts": verdicts,
        "openings_checked": report.openings_checked,
        "sealed": report.sealed,
        "scope": report.scope,
    })
}

async fn prove(args: ProveArgs, out: Out) -> Outcome {
    let opened = open_place(&args.place).await?;
    let proof = opened.ledger.prove(Index::new(args.index)).await;
    let proof = match proof {
        Err(error @ ledger::LedgerError::NoEntry { .. }) => Err(error).or_malformed("proving"),
        other => other.or_outside("proving"),
    }?;
    let vkey = opened.ledger.vkey().to_string();
    opened.close().await?;
    let json = json!({ "index": args.index, "key": vkey, "proof": proof, "about": ABOUT });
    out.print(proof.trim_end(), &json)?;
    if out.format() == Format::Text {
        // Beside the proof, not in it: what goes to standard output is the proof file itself.
        crate::out::complain(&format!("proven {ABOUT}; key {vkey}"));
    }
    Ok(Exit::Done)
}

/// Every proof says what it is about.
const ABOUT: &str = "for data as declared at the policy's paths";
