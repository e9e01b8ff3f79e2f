//! `sluice consent ...`

use clap::{Args, Subcommand, ValueEnum};

use super::AdminArgs;

/// What can be done with choices.
#[derive(Debug, Subcommand)]
pub(crate) enum ConsentCommand {
    /// Record a choice.
    Record(RecordArgs),
    /// Withdraw a consent: effective before it is acknowledged.
    Withdraw(WithdrawArgs),
    /// Show the choices kept about a person.
    Show(ShowArgs),
}

/// Who is meant. Sent in a request's body, never in a URL, and never logged.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Identifier {
    /// The user id.
    #[arg(long, value_name = "ID")]
    pub user_id: Option<String>,
    /// The e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// The anonymous id.
    #[arg(long, value_name = "ID")]
    pub anonymous_id: Option<String>,
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identifier(…)")
    }
}

impl Identifier {
    /// The identifiers given, as the admin API takes them.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let named = [
            ("user", &self.user_id),
            ("email", &self.email),
            ("anonymous", &self.anonymous_id),
        ];
        named
            .into_iter()
            .filter_map(|(kind, value)| {
                value
                    .as_ref()
                    .map(|value| serde_json::json!({ "kind": kind, "value": value }))
            })
            .collect()
    }
}

/// What a person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// Consent was given.
    Given,
    /// Consent was refused.
    Refused,
    /// The person opted out of sale or sharing.
    OptedOut,
    /// The person opted in again after that.
    OptedIn,
    /// The person objected.
    Objected,
}

impl Choice {
    /// The word of the admin API.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
            Self::OptedOut => "opted out",
            Self::OptedIn => "opted in",
            Self::Objected => "objected",
        }
    }
}

/// `sluice consent record`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  sluice consent record --email ann@example.org \
    --purpose \"personalised ads\" --choice given \\\n    --notice-version 2026-11 \
    --notice-file notice.txt --mechanism \"call center\" \\\n    --key keys/admin-operations.key"
)]
pub(crate) struct RecordArgs {
    /// Who chose.
    #[command(flatten)]
    pub identifier: Identifier,
    /// The purpose, by its name in the policy.
    #[arg(long, value_name = "NAME")]
    pub purpose: String,
    /// For this recipient only.
    #[arg(long, value_name = "NAME")]
    pub recipient: Option<String>,
    /// What was chosen.
    #[arg(long, value_enum)]
    pub choice: Choice,
    /// When, if not now: an RFC 3339 instant.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// When a consent ends by its own terms: an RFC 3339 instant.
    #[arg(long, value_name = "INSTANT")]
    pub expires: Option<String>,
    /// Version of the notice that was shown.
    #[arg(long, value_name = "TEXT", requires = "notice_file")]
    pub notice_version: Option<String>,
    /// File with the text that was shown; only its SHA-256 is sent.
    #[arg(long, value_name = "FILE", requires = "notice_version")]
    pub notice_file: Option<std::path::PathBuf>,
    /// How the choice was made.
    #[arg(long, value_name = "TEXT", default_value = "command line")]
    pub mechanism: String,
    /// Which gateway is asked.
    #[command(flatten)]
    pub admin: AdminArgs,
}

/// `sluice consent withdraw`
#[derive(Debug, Args)]
pub(crate) struct WithdrawArgs {
    /// Who withdraws.
    #[command(flatten)]
    pub identifier: Identifier,
    /// The purpose, by its name in the policy.
    #[arg(long, value_name = "NAME")]
    pub purpose: String,
    /// For this recipient only.
    #[arg(long, value_name = "NAME")]
    pub recipient: Option<String>,
    /// How the choice was made.
    #[arg(long, value_name = "TEXT", default_value = "command line")]
    pub mechanism: String,
    /// Which gateway is asked.
    #[command(flatten)]
    pub admin: AdminArgs,
}

/// `sluice consent show`
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Whose choices.
    #[command(flatten)]
    pub identifier: Identifier,
    /// Which gateway is asked.
    #[command(flatten)]
    pub admin: AdminArgs,
}
