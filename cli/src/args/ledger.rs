//! `sluice ledger ...`

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What can be done with the ledger.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Write a pack that a stranger can verify; the export is itself an entry.
    Export(ExportArgs),
    /// Verify a pack: needs nothing but the file.
    Verify(VerifyArgs),
    /// Prove that one entry is in the ledger (c2sp.org/tlog-proof).
    Prove(ProveArgs),
}

/// Where a ledger is kept. One process at a time may use it.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Place {
    /// The data directory; its keys are in `DIR/keys`, as `sluice demo --data DIR` leaves them.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The configuration that names data directory and keys.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `sluice ledger export`
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Which ledger.
    #[command(flatten)]
    pub place: Place,
    /// The file to write; it must not exist.
    #[arg(long, value_name = "PACK")]
    pub out: PathBuf,
    /// Add what opens the commitments. A pack with openings holds personal data.
    #[arg(long)]
    pub openings: bool,
}

/// `sluice ledger verify`
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The pack.
    pub pack: PathBuf,
    /// The ledger's public key, known from elsewhere; without it the key inside the pack is used,
    /// which proves that the pack is whole, but not whose it is.
    #[arg(long, value_name = "VKEY")]
    pub key: Option<String>,
}

/// `sluice ledger prove`
#[derive(Debug, Args)]
pub(crate) struct ProveArgs {
    /// Number of the entry, counted from 0.
    pub index: u64,
    /// Which ledger.
    #[command(flatten)]
    pub place: Place,
}
