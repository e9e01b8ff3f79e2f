//! What a policy says, once parsed: the tree that the checker, compiler and printers share.
//!
//! Nothing here is checked: names may dangle and paths may be nonsense. `check` turns this into
//! diagnostics, `compile` into tables. Later constructs of the language are new fields and
//! variants, never a new tree.

mod day;

use crate::text::Spanned;

/// A name as the lawyer wrote it, words joined by single spaces: `web shop`, `personalised ads`.
pub type Name = Spanned<String>;

/// One policy file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// `policy "..." version N.` and the sentences about the policy itself.
    pub header: Option<Header>,
    /// `category ... is ... at ...`
    pub categories: Vec<Category>,
    /// `purpose ... is ...`
    pub purposes: Vec<Purpose>,
    /// `source ... is ...`
    pub sources: Vec<Source>,
    /// `recipient ... is ...`
    pub recipients: Vec<Recipient>,
    /// `A1. allow ...`
    pub allows: Vec<Allow>,
    /// `B1. block ...`
    pub blocks: Vec<Block>,
    /// `N1. never ...`
    pub nevers: Vec<Never>,
    /// `K1. keep ...`
    pub keeps: Vec<Keep>,
    /// `test "..."`
    pub tests: Vec<Test>,
    /// Names and numbers of sentences that could not be read, so that nothing else is blamed for
    /// their absence.
    pub broken: Vec<Name>,
}

/// `policy "Acme Shop marketing" version 7.`
#[derive(Clone, Debug)]
pub struct Header {
    /// The policy's name.
    pub name: Spanned<String>,
    /// Its version; grows with each adoption.
    pub version: Spanned<u32>,
    /// `controller "Acme GmbH"` (GDPR Art. 4(7)).
    pub controller: Option<Spanned<String>>,
    /// `data protection officer "..."` (GDPR Art. 37).
    pub officer: Option<Spanned<String>>,
    /// `in force from DATE` (inclusive, UTC day).
    pub from: Option<Spanned<Day>>,
    /// `in force until DATE` (inclusive, UTC day).
    pub until: Option<Spanned<Day>>,
    /// `words from fideslang 3.0 and DPV 2.1`.
    pub words: Vec<Spanned<String>>,
}

/// A calendar day of the Gregorian calendar, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Year, four digits.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

/// A length of calendar time: `13 months`, `24 hours`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// Calendar units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum Unit {
    Day,
    Hour,
    Minute,
    Month,
    Week,
    Year,
}

/// `category email is user.contact.email at $.user.email, $.traits.email.`
#[derive(Clone, Debug)]
pub struct Category {
    /// The lawyer's word for it.
    pub name: Name,
    /// fideslang data category key.
    pub word: Spanned<String>,
    /// Where it is found in an event, as JSON paths.
    pub paths: Vec<Spanned<String>>,
    /// `special category under GDPR Art. 9(1)`, `sensitive under CCPA`.
    pub sensitivity: Vec<Spanned<Sensitivity>>,
}

/// Why a category needs more care.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// `special category under LAW` (GDPR Art. 9(1)).
    Special(Law),
    /// `sensitive under LAW` (CCPA 1798.140(ae)).
    Sensitive(Law),
}

/// A reference to the law, as written: `GDPR Art. 6(1)(a)`, `CCPA 1798.120`, `11 CCR 7025(c)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Law(pub String);

/// `purpose personalised ads is marketing.advertising.third_party.targeted.`
#[derive(Clone, Debug)]
pub struct Purpose {
    /// The lawyer's word for it.
    pub name: Name,
    /// fideslang data use key.
    pub word: Spanned<String>,
    /// `lawful basis is consent, GDPR Art. 6(1)(a), in EEA and UK; ground is notice and opt-out,
    /// CCPA 1798.120, in US-CA.`
    pub bases: Vec<Spanned<Basis>>,
    /// `consent is read from ...; all that are present must agree. consent lasts 13 months.`
    pub consent: Option<Reading>,
    /// `opt-out is read from ...; one is enough.`
    pub opt_out: Option<Reading>,
    /// `needs DPIA "DPIA-2026-014".` and other gates, fed through `PUT /v1/facts`.
    pub gates: Vec<Spanned<Gate>>,
}

/// On what ground a purpose stands, where.
#[derive(Clone, Debug)]
pub struct Basis {
    /// Which ground.
    pub ground: Ground,
    /// The article it is taken from.
    pub law: Option<Law>,
    /// Where; empty says everywhere.
    pub places: Vec<Spanned<PlaceWord>>,
}

/// Grounds: GDPR Art. 6(1) (a) to (f), and notice with opt-out as the CCPA has it (1798.100, .120).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum Ground {
    Consent,
    Contract,
    LegalObligation,
    LegitimateInterest,
    NoticeAndOptOut,
    PublicInterest,
    VitalInterests,
}

/// A place word: a group (`EEA`, `EU`, `UK`), a country (`DE`), or a region (`US-CA`,
/// `California`).
///
/// Stored as the canonical code: `EEA`, `EU`, `GB`, `DE`, `US`, `US-CA`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceWord(pub String);

/// From which signals a choice is read, and how several of them join.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The signals, in the order written.
    pub sources: Vec<Spanned<SignalName>>,
    /// `all that are present must agree` or `one is enough`.
    pub join: Join,
    /// `consent lasts 13 months`.
    pub lasts: Option<Spanned<Period>>,
}

/// How several signals about one choice join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Join {
    /// Every signal that is present must say yes; none present is not a yes.
    AllPresent,
    /// One yes is enough.
    One,
}

/// A signal by the name of its standard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalName {
    /// `our records`: the consent records Sluice keeps.
    OurRecords,
    /// `Global Privacy Control`: the request header `Sec-GPC`.
    GlobalPrivacyControl,
    /// `Segment consent "advertising"`: `context.consent.categoryPreferences.advertising`.
    Segment(String),
    /// `TCF purposes 1, 3 and 4`. Heard but not yet read: present means unreadable.
    Tcf(Vec<u8>),
    /// `GPP SaleOptOut`. Heard but not yet read.
    Gpp(String),
    /// `Google ad_user_data`. Heard but not yet read.
    ConsentMode(String),
}

/// Something that must be in order before any event goes (fed through `PUT /v1/facts`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// `needs DPIA "DPIA-2026-014"` (GDPR Art. 35): the named assessment must be on file and not
    /// past its date.
    Dpia(String),
    /// `needs bias audit every 90 days`: the last passed audit must be at most that old.
    BiasAudit(Period),
}

/// `source web shop is host "shop.example".`
#[derive(Clone, Debug)]
pub struct Source {
    /// The name routes bind to.
    pub name: Name,
    /// The host or system it stands for.
    pub host: Spanned<String>,
    /// `place is read from ...`, in order.
    pub place: Vec<Spanned<Origin>>,
    /// `age is read from ...`, in order.
    pub age: Vec<Spanned<Origin>>,
}

/// Where place or age comes from. Several that disagree leave it unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// `our records`
    OurRecords,
    /// `$.context.location.country`, or `$.a with region at $.b`: ISO 3166-1 alpha-2 and 3166-2
    /// codes.
    PlaceAt {
        /// Path of the country (or whole ISO 3166-2) code.
        country: String,
        /// Path of the region code within the country.
        region: Option<String>,
    },
    /// `age at $.traits.age`, in whole years.
    AgeAt(String),
    /// `birth date at $.traits.birthday`, as `YYYY-MM-DD`.
    BirthDateAt(String),
    /// `directed to children`: the source itself says its visitors may be under 18.
    DirectedToChildren,
}

/// `recipient Meta Ads is host "graph.facebook.com"; independent controller; third party under
/// CCPA.`
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The name routes bind to.
    pub name: Name,
    /// The only host its data may go to.
    pub host: Spanned<String>,
    /// Its role under the GDPR and the CCPA.
    pub roles: Vec<Spanned<Role>>,
    /// `in US`.
    pub place: Option<Spanned<PlaceWord>>,
    /// `certification "EU-US DPF" until 2027-06-30`, `adequacy decision`, `SCCs until DATE`, `BCRs
    /// until DATE`.
    pub transfer: Option<Spanned<Transfer>>,
}

/// What a recipient is to the controller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `independent controller` (GDPR Art. 4(7)).
    IndependentController,
    /// `joint controller` (GDPR Art. 26).
    JointController,
    /// `processor` (GDPR Art. 28).
    Processor,
    /// `service provider under CCPA` (1798.140(ag)).
    ServiceProvider,
    /// `third party under CCPA` (1798.140(ai)).
    ThirdParty,
}

/// The tool on which data may leave the EEA (GDPR Art. 45 to 47); after `until` nothing goes there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// Which tool.
    pub tool: TransferTool,
    /// Last day on which it holds.
    pub until: Option<Day>,
}

/// GDPR Art. 45 to 47.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum TransferTool {
    Adequacy,
    BindingCorporateRules,
    Certification,
    StandardContractualClauses,
}

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

/// `test "consent in Germany sends a minimised event". given ..., when ..., expect ....`
#[derive(Clone, Debug)]
pub struct Test {
    /// What it shows.
    pub name: Spanned<String>,
    /// The person, signals and data.
    pub given: Vec<Spanned<Given>>,
    /// The event.
    pub when: When,
    /// The verdict.
    pub expect: Spanned<ExpectVerdict>,
    /// `because B1`.
    pub because: Vec<Name>,
    /// `email is hashed; health is absent`.
    pub fields: Vec<ExpectField>,
}

/// One thing a test supposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// `a person in DE`
    In(PlaceWord),
    /// `aged 34`
    Aged(u8),
    /// `born 1990-04-02`
    Born(Day),
    /// `who consented to personalised ads [for Meta Ads] on 2026-11-01`
    Choice {
        /// What the person did.
        act: ChoiceAct,
        /// About which purpose.
        purpose: Name,
        /// For one recipient only.
        recipient: Option<Name>,
        /// When (UTC day, at its start).
        on: Day,
    },
    /// `with Global Privacy Control`, `with Segment consent "advertising"
    /// granted|refused|unreadable`
    Signal(SignalName, SignalSays),
    /// `on list "bereavement"`
    OnList(String),
    /// `with DPIA "DPIA-2026-014" valid until 2027-01-01`
    Gate(Gate, Day),
    /// `email "a@b.example"`, `order value 123.40`
    Data {
        /// Which category.
        category: Name,
        /// Its value as text.
        value: String,
    },
}

/// What a person did about a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChoiceAct {
    /// `consented to`
    Consented,
    /// `refused`
    Refused,
    /// `withdrew`
    Withdrew,
    /// `opted out of`
    OptedOut,
    /// `opted in to`
    OptedIn,
    /// `objected to`
    Objected,
}

/// What a signal says in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum SignalSays {
    Grants,
    Refuses,
    Unreadable,
}

/// `when web shop sends it to Meta Ads for personalised ads on 2026-12-05`
#[derive(Clone, Debug)]
pub struct When {
    /// Who sends.
    pub source: Name,
    /// To whom.
    pub recipient: Name,
    /// For what.
    pub purpose: Name,
    /// `on DATE`; none says the day the policy comes into force, else 2026-01-01.
    pub on: Option<Day>,
}

/// `expect sent`, `expect edited`, `expect refused`. An edited event is also sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum ExpectVerdict {
    Edited,
    Refused,
    Sent,
}

/// `IP address is 203.0.113.0`
#[derive(Clone, Debug)]
pub struct ExpectField {
    /// Which category (an age band is named by its origin's category: `birth date is "35-49"`).
    pub category: Name,
    /// What it must be.
    pub is: Spanned<FieldIs>,
}

/// What a field must be after the edits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FieldIs {
    /// `is absent`
    Absent,
    /// `is hashed`
    Hashed,
    /// `is unchanged`
    Unchanged,
    /// `is 203.0.113.0`
    Value(String),
}
