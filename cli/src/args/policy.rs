//! `sluice policy ...`

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What can be done with a policy.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Find everything that is wrong with policies, in one run.
    Check(CheckArgs),
    /// Run the tests written inside policies.
    Test(PolicyFiles),
    /// Explain a decision: of a situation that you describe, or of a recorded entry.
    Why(Box<WhyArgs>),
}

/// Policy files.
#[derive(Debug, Args)]
pub(crate) struct PolicyFiles {
    /// Policy files.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// `sluice policy check`
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Which policies.
    #[command(flatten)]
    pub files: PolicyFiles,
    /// Lints count as well: a policy with one is not good.
    #[arg(long)]
    pub deny: bool,
}

/// `sluice policy why`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sluice policy why shop.policy --source \"web shop\" \
    --recipient \"Meta Ads\" \\\n    --purpose \"personalised ads\" --place US-CA --gpc --gate DPIA-2026-014=2027-12-31\n  \
    sluice policy why --entry 17 --data ./demo"
)]
pub(crate) struct WhyArgs {
    /// The policy that is asked.
    #[arg(
        value_name = "FILE",
        required_unless_present = "entry",
        conflicts_with = "entry"
    )]
    pub file: Option<PathBuf>,
    /// Number of a recorded entry, counted from 0.
    #[arg(long, value_name = "N", requires = "ledger")]
    pub entry: Option<u64>,
    /// The data directory of that entry, as `sluice demo --data DIR` leaves it, with its policy.
    #[arg(long, value_name = "DIR", requires = "entry", group = "ledger")]
    pub data: Option<PathBuf>,
    /// The configuration that names data directory and keys of that entry.
    #[arg(long, value_name = "FILE", requires = "entry", group = "ledger")]
    pub config: Option<PathBuf>,
    /// The source, by its name in the policy.
    #[arg(long, value_name = "NAME", required_unless_present = "entry")]
    pub source: Option<String>,
    /// The recipient, by its name in the policy.
    #[arg(long, value_name = "NAME", required_unless_present = "entry")]
    pub recipient: Option<String>,
    /// The purpose, by its name in the policy.
    #[arg(long, value_name = "NAME", required_unless_present = "entry")]
    pub purpose: Option<String>,
    /// What is known; whatever is not said is unknown.
    #[command(flatten)]
    pub facts: FactArgs,
}

/// What is known about the person, the moment and the event.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Facts")]
pub(crate) struct FactArgs {
    /// The day of the event; today if not said.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// Where the person is: `DE`, `US-CA`.
    #[arg(long, value_name = "PLACE")]
    pub place: Option<String>,
    /// The person's age in years.
    #[arg(long, value_name = "YEARS")]
    pub age: Option<u8>,
    /// Something says that the person may be younger than this.
    #[arg(long, value_name = "YEARS")]
    pub may_be_under: Option<u8>,
    /// The person consented to the purpose on this day.
    #[arg(long, value_name = "DATE")]
    pub consented: Option<String>,
    /// The person refused on this day.
    #[arg(long, value_name = "DATE", conflicts_with = "consented")]
    pub refused: Option<String>,
    /// The person withdrew on this day.
    #[arg(long, value_name = "DATE", conflicts_with_all = ["consented", "refused"])]
    pub withdrew: Option<String>,
    /// The person opted out on this day.
    #[arg(long, value_name = "DATE")]
    pub opted_out: Option<String>,
    /// The person objected on this day.
    #[arg(long, value_name = "DATE")]
    pub objected: Option<String>,
    /// Global Privacy Control was heard.
    #[arg(long)]
    pub gpc: bool,
    /// What the event's own consent stamp says: `advertising=grants`, or `refuses`, `unreadable`.
    #[arg(long, value_name = "NAME=SAYS")]
    pub stamp: Vec<String>,
    /// A list the person is on.
    #[arg(long, value_name = "NAME")]
    pub list: Vec<String>,
    /// A gate and its date, such as `DPIA-2026-014=2027-01-01`.
    #[arg(long, value_name = "NAME=DATE")]
    pub gate: Vec<String>,
    /// A category present in the event; all of the policy's if none is named.
    #[arg(long, value_name = "CATEGORY")]
    pub with: Vec<String>,
}
