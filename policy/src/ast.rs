//! What a policy says, once parsed: the tree that the checker, compiler and printers share.
//!
//! Nothing here is checked: names may dangle and paths may be nonsense. `check` turns this into
//! diagnostics, `compile` into tables. Later constructs of the language are new fields and
//! variants, never a new tree.

mod clause;
mod day;
mod example;

use crate::text::Spanned;
use crate::vocabulary;

pub use clause::{
    Allow, Band, Block, Cap, CapWindow, Condition, Edit, EditOf, Keep, KeepWhat, Never, NeverWhat,
    TimeUnit, Uses,
};
pub use example::{ChoiceAct, ExpectField, ExpectVerdict, FieldIs, Given, SignalSays, Test, When};

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

impl Category {
    /// Whether it is of a special category (GDPR Art. 9(1)): marked as one, or by its key, so that
    /// what nobody marked is protected too.
    pub(crate) fn is_special(&self) -> bool {
        let mut marks = self.sensitivity.iter();
        vocabulary::is_special(&self.word.node)
            || marks.any(|mark| matches!(mark.node, Sensitivity::Special(_)))
    }
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
    /// `directed to children`: the source itself says that its visitors may be under 13, the lowest
    /// age that clauses ask for, so that those about 16 and 18 see them too.
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
