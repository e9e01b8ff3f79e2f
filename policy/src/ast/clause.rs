//! Clauses: what may leave, what stops it, what never happens, and how long things are kept.

use super::{Law, Name, Period, PlaceWord};
use crate::text::Spanned;

/// `A1. allow web shop to send email and order value to Meta Ads for personalised ads if ..., first
/// ...; at most ....`
#[derive(Clone, Debug)]
pub struct Allow {
    /// The clause's number, by which everything cites it.
    pub label: Name,
    /// Who may send.
    pub sources: Vec<Name>,
    /// What may leave.
    pub categories: Vec<Name>,
    /// To whom.
    pub recipients: Vec<Name>,
    /// For what.
    pub purpose: Name,
    /// All must hold, provably.
    pub conditions: Vec<Spanned<Condition>>,
    /// `first hash email as SHA-256; shorten IP address to /24 or /48.`
    pub edits: Vec<EditOf>,
    /// `at most 20 events per person per day.`
    pub caps: Vec<Spanned<Cap>>,
    /// `the recipient deletes within 180 days.`
    pub deletes_within: Option<Spanned<Period>>,
}

/// An edit and the category it is made to.
#[derive(Clone, Debug)]
pub struct EditOf {
    /// Which category.
    pub category: Name,
    /// What is done to it.
    pub edit: Spanned<Edit>,
}

/// What may be done to a value before it leaves. Strictest first in [`Edit::strictness`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// `hash email with key "meta-2026"`: HMAC-SHA-256 (RFC 2104), lower-case hex.
    KeyedHash(String),
    /// `hash email as SHA-256`, where the recipient matches on it: of the trimmed lower-case text,
    /// hex.
    Sha256,
    /// `turn birth date into age band 18-24, 25-34, 35-49, 50+`: lower bounds with labels.
    Band(Vec<Band>),
    /// `shorten IP address to /24 or /48`: bits kept of IPv4 and of IPv6.
    ShortenIp {
        /// Bits kept of an IPv4 address, 0 to 32.
        v4: u8,
        /// Bits kept of an IPv6 address, 0 to 128.
        v6: u8,
    },
    /// `keep only the path of page address`: no scheme, host, query or fragment.
    OnlyPath,
    /// `round order value to 10`: to the nearest multiple, half away from zero; decimal text, no
    /// floats.
    Round(String),
    /// `truncate event time to the hour`.
    TruncateTime(TimeUnit),
}

/// One band: `18-24` or `50+`; both ends inclusive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Band {
    /// Lowest value in it.
    pub from: u32,
    /// Highest value in it; none says open.
    pub to: Option<u32>,
}

/// To what a time is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum TimeUnit {
    Day,
    Hour,
    Minute,
}

/// `at most 20 events per person per day`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cap {
    /// How many events.
    pub events: u32,
    /// In which window (UTC day, ISO week).
    pub per: CapWindow,
}

/// The window of a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum CapWindow {
    Day,
    Week,
}

/// A condition about the person, the place or the ground.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// `the lawful basis is met`: the ground that the purpose states for the person's place.
    LawfulBasisMet,
    /// `unless known to be under 18` (allow): silence lets pass.
    NotKnownUnder(u8),
    /// `if known to be 18 or older` (allow): silence blocks.
    KnownAtLeast(u8),
    /// `the person is under 18` / `is or may be under 18` (block, never): something says so.
    MayBeUnder(u8),
    /// `the person is in California`.
    In(Vec<PlaceWord>),
    /// `the person opts out`: of the purpose, by the sources it names.
    OptsOut,
    /// `the person objects` (GDPR Art. 21): a kept objection.
    Objects,
    /// `the person is on list "bereavement"`: fed through `PUT /v1/facts`.
    OnList(String),
    /// `the person opts in to Meta Ads after that opt-out` (11 CCR 7028(a)): a kept, later,
    /// recipient-level act.
    OptsInAfter(String),
}

/// `B1. block personalised ads in US when the person opts out, except when ....`
#[derive(Clone, Debug)]
pub struct Block {
    /// The clause's number.
    pub label: Name,
    /// Which purposes.
    pub uses: Spanned<Uses>,
    /// `to Meta Ads`; empty says any recipient.
    pub recipients: Vec<Name>,
    /// `in US`; empty says everywhere. Unknown place counts as in.
    pub places: Vec<Spanned<PlaceWord>>,
    /// All must hold (true or unreadable) for the block.
    pub when: Vec<Spanned<Condition>>,
    /// `except when ... and ...`: all provably true lifts this block, and only this one. Several
    /// are alternatives.
    pub except: Vec<Vec<Spanned<Condition>>>,
    /// `under 11 CCR 7025(c)`.
    pub law: Option<Law>,
}

/// Purposes meant by a clause.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Uses {
    /// `everything`
    All,
    /// A purpose by its name in this file.
    Named(String),
    /// `advertising`, `all marketing`, `direct marketing`: every purpose whose word starts with
    /// this fideslang key.
    Word(String),
}

/// `N1. never use special category data for advertising, even with consent.`
#[derive(Clone, Debug)]
pub struct Never {
    /// The clause's number.
    pub label: Name,
    /// What is forbidden.
    pub what: Spanned<NeverWhat>,
    /// For which purposes.
    pub uses: Spanned<Uses>,
    /// `to Meta Ads`; empty says any recipient.
    pub recipients: Vec<Name>,
    /// `in EEA`; empty says everywhere. Unknown place counts as in.
    pub places: Vec<Spanned<PlaceWord>>,
    /// `under DSA Art. 26(3)`.
    pub law: Option<Law>,
}

/// What a `never` is about: data is judged by what would leave, people by who they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NeverWhat {
    /// `use health` / `send health and email`.
    Categories(Vec<Name>),
    /// `use special category data`
    SpecialCategories,
    /// `use sensitive data`
    SensitiveData,
    /// `profile a person who is or may be under 18`.
    PersonMayBeUnder(u8),
    /// `use data of a person on list "..."`.
    PersonOnList(String),
}

/// `K1. keep IP address for 7 days, then shorten it to /24 or /48.`
#[derive(Clone, Debug)]
pub struct Keep {
    /// The clause's number.
    pub label: Name,
    /// What is kept.
    pub what: Spanned<KeepWhat>,
    /// How long.
    pub period: Spanned<Period>,
    /// What happens to it then; none says deleted.
    pub then: Option<Spanned<Edit>>,
}

/// What a `keep` is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeepWhat {
    /// A category of this file.
    Category(String),
    /// `consent records`, counted from withdrawal.
    ConsentRecords,
    /// `evidence`: the sidecar of ledger entries.
    Evidence,
}
