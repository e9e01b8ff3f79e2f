//! The command line: what can be asked, in the words people type.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};

mod consent;
mod ledger;
mod policy;

pub(crate) use consent::{ConsentCommand, RecordArgs, ShowArgs, WithdrawArgs};
pub(crate) use ledger::{ExportArgs, LedgerCommand, Place, ProveArgs, VerifyArgs};
pub(crate) use policy::{FactArgs, PolicyCommand, WhyArgs};

/// A privacy and consent gateway for marketing data.
///
/// Sluice stands between the places where data about people is collected and the marketing tools
/// that want it. It asks your policy about every single event, sends only what the policy allows,
/// and keeps a ledger that proves it.
#[derive(Debug, Parser)]
#[command(
    name = "sluice",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 done; 1 the examined object is not good; 2 what was written \
    is malformed; 3 an outside system failed.\n\nStart with: sluice demo"
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How results are printed; lists are one JSON object a line.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run everything once with a sample shop, and watch events being sent, edited and refused.
    Demo(DemoArgs),
    /// Run the gateway and its admin API.
    Serve(ServeArgs),
    /// Check configuration and policies; all errors at once.
    Check(ConfigArgs),
    /// Stop a recipient, a source or a purpose: effective before it is acknowledged.
    Stop(SwitchArgs),
    /// Let a stopped recipient, source or purpose flow again; two people must ask.
    Resume(SwitchArgs),
    /// Check, test and ask policies.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Record, withdraw and show choices, through a running gateway.
    #[command(subcommand)]
    Consent(ConsentCommand),
    /// Export, verify and prove what was decided.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Make the key files that a configuration names.
    #[command(subcommand)]
    Keys(KeysCommand),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// `sluice demo`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sluice demo\n  sluice demo --once --events 500 --data ./demo")]
pub(crate) struct DemoArgs {
    /// How many events the sample shop collects.
    #[arg(long, default_value_t = 2000, value_parser = value_parser!(u64).range(1..=10_000_000))]
    pub events: u64,
    /// Where chance starts: the same seed gives the same people and events.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep database, keys and pack in this new or empty directory instead of a temporary one.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// No live view: plain lines only.
    #[arg(long)]
    pub once: bool,
}

/// `--config`
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
}

/// `sluice serve`
#[derive(Debug, Args)]
#[command(
    after_help = "Signals: SIGTERM and SIGINT stop gracefully; SIGHUP reads the policy again, \
    and keeps the old one if the new one is invalid.\n\
    Variables: SLUICE_SECTION__KEY overrides a key of the configuration \
    (SLUICE_PROXY__LISTEN=127.0.0.1:8080); SLUICE_LOG sets what is logged (info, gateway=debug)."
)]
pub(crate) struct ServeArgs {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
    /// How logs are written to standard error.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log: LogFormat,
}

/// `sluice stop` and `sluice resume`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sluice stop recipient \"Meta Ads\" --because \"contract ended\" \
    --key keys/admin-operations.key\n  sluice resume recipient \"Meta Ads\" \
    --because \"contract renewed\" --key keys/admin-operations.key"
)]
pub(crate) struct SwitchArgs {
    /// What sort of thing.
    #[arg(value_enum)]
    pub what: What,
    /// Its name in the policy.
    pub name: String,
    /// Why. It may name people, so the ledger keeps only its SHA-256: keep the words yourself.
    #[arg(long, value_name = "TEXT")]
    pub because: String,
    /// Which gateway is asked.
    #[command(flatten)]
    pub admin: AdminArgs,
}

/// What a switch acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// A marketing tool.
    Recipient,
    /// A place where data is collected.
    Source,
    /// A purpose of the policy.
    Purpose,
}

impl What {
    /// The word of the admin API.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::Source => "source",
            Self::Purpose => "purpose",
        }
    }
}

/// Which running gateway is asked, and as whom.
#[derive(Debug, Args)]
pub(crate) struct AdminArgs {
    /// Address of the gateway's admin listener.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8081")]
    pub admin: String,
    /// File with the admin key; its owner's name is logged with what was done.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
}

/// `sluice keys`
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a directory of fresh key files, readable by their owner only.
    New(NewKeysArgs),
}

/// `sluice keys new`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sluice keys new keys\n  sluice keys new keys --name admin-dpo"
)]
pub(crate) struct NewKeysArgs {
    /// The directory; made if it is missing.
    pub dir: PathBuf,
    /// A key to make, as `NAME.key`; if none is named, all that the example configuration names:
    /// `ledger`, `pseudonyms`, `message-ids`, `analytics-2026`, `admin-operations`, `web-shop`.
    #[arg(long = "name", value_name = "NAME")]
    pub names: Vec<String>,
}

#[cfg(test)]
mod tests;
