//! Acts: what a person chose, as it reaches us and as it is kept.

use std::fmt;

use policy::situation::{ChoiceState, Millis};

use crate::{ConsentError, SubjectId};

/// The longest text of an act, in bytes of UTF-8: that of an entry in the ledger.
pub const TEXT_BYTES_MAX: usize = proof::entry::TEXT_BYTES_MAX;
/// The most identifiers one act may name a person by.
pub const SUBJECTS_MAX: usize = 64;

/// Names one act, chosen by whoever reports it: the same act reported twice is kept once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActId(pub [u8; 16]);

impl fmt::Debug for ActId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// What a person did about one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its name.
    pub id: ActId,
    /// Who, under each identifier that is known: at least one. The first owns the evidence.
    pub subjects: Vec<SubjectId>,
    /// The purpose, by its name in the policy.
    pub purpose: String,
    /// For this recipient only, by its name in the policy; none says for any.
    pub recipient: Option<String>,
    /// What was done.
    pub kind: ActKind,
    /// When it was done. An act never reaches back before this, and one that claims to lie in the
    /// future is taken to be of now.
    pub at: Millis,
    /// The notice it was done under.
    pub notice: Option<Notice>,
    /// How: `banner`, `preference centre`, `call centre`. Never a name or an address.
    pub mechanism: String,
    /// For a consent, when it ends by its own terms.
    pub expires: Option<Millis>,
}

impl Act {
    /// Checks what a report must hold, so that nothing malformed reaches the view or the writer.
    ///
    /// # Errors
    /// [`ConsentError::Malformed`], which names the field and never its content.
    pub(crate) fn check(&self) -> Result<(), ConsentError> {
        if self.subjects.is_empty() || self.subjects.len() > SUBJECTS_MAX {
            return Err(ConsentError::Malformed("subjects"));
        }
        let notice = self.notice.as_ref().map(|notice| notice.version.as_str());
        text("purpose", &self.purpose)?;
        text("mechanism", &self.mechanism)?;
        self.recipient
            .as_deref()
            .map_or(Ok(()), |name| text("recipient", name))?;
        notice.map_or(Ok(()), |version| text("notice version", version))?;
        let expires_first = self.expires.is_some_and(|expires| expires <= self.at);
        if expires_first || (self.expires.is_some() && self.kind != ActKind::Given) {
            return Err(ConsentError::Malformed("expiry"));
        }
        Ok(())
    }
}

pub(crate) fn text(field: &'static str, text: &str) -> Result<(), ConsentError> {
    if text.is_empty() || text.len() > TEXT_BYTES_MAX || text.chars().any(char::is_control) {
        return Err(ConsentError::Malformed(field));
    }
    Ok(())
}

/// What can be done about a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActKind {
    /// Consent was given (GDPR Art. 4(11)).
    Given,
    /// Consent was refused.
    Refused,
    /// Consent was withdrawn (GDPR Art. 7(3)).
    Withdrawn,
    /// The person opted out of sale or sharing (CCPA 1798.120).
    OptedOut,
    /// The person opted in again, in two steps (11 CCR 7028(a)).
    OptedIn,
    /// The person objected (GDPR Art. 21).
    Objected,
}

impl ActKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Given,
        Self::Refused,
        Self::Withdrawn,
        Self::OptedOut,
        Self::OptedIn,
        Self::Objected,
    ];

    /// Whether it can only take leave away. Such an act is effective before it is acknowledged
    /// and is accepted even when the database is not there.
    #[must_use]
    pub const fn is_protective(self) -> bool {
        match self {
            Self::Given | Self::OptedIn => false,
            Self::Refused | Self::Withdrawn | Self::OptedOut | Self::Objected => true,
        }
    }

    /// The word used in the admin API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::OptedOut => "opted out",
            Self::OptedIn => "opted in",
            Self::Objected => "objected",
        }
    }

    /// The kind that a word names, if it names one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The text a person saw, by version and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its version, as its author writes it.
    pub version: String,
    /// The SHA-256 of its text.
    pub hash: [u8; 32],
}

/// A kept act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// What was reported.
    pub act: Act,
    /// From when it counts: usually [`Act::at`]; see [`crate::Consent::record`].
    pub since: Millis,
    /// When it was kept.
    pub recorded: Millis,
    /// The index of its entry in the ledger; none while it is only in the reserve file.
    pub entry: Option<u64>,
}

impl ConsentRecord {
    /// Where it stands at an instant, taken alone: a consent past its own end is expired.
    #[must_use]
    pub fn state(&self, now: Millis) -> RecordState {
        let expired = self.act.expires.is_some_and(|expires| expires <= now);
        match self.act.kind {
            ActKind::Given if expired => RecordState::Expired,
            ActKind::Given => RecordState::Given,
            ActKind::Refused => RecordState::Refused,
            ActKind::Withdrawn => RecordState::Withdrawn,
            ActKind::OptedOut => RecordState::OptedOut,
            ActKind::OptedIn => RecordState::OptedIn,
            ActKind::Objected => RecordState::Objected,
        }
    }
}

/// States of a kept act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum RecordState {
    Expired,
    Given,
    Objected,
    OptedIn,
    OptedOut,
    Refused,
    Withdrawn,
}

impl RecordState {
    /// The word used in the admin API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Given => ActKind::Given.word(),
            Self::Objected => ActKind::Objected.word(),
            Self::OptedIn => ActKind::OptedIn.word(),
            Self::OptedOut => ActKind::OptedOut.word(),
            Self::Refused => ActKind::Refused.word(),
            Self::Withdrawn => ActKind::Withdrawn.word(),
        }
    }
}

/// How little a state of choice permits: where several identifiers disagree, the highest wins.
pub(crate) const fn protectiveness(state: ChoiceState) -> u8 {
    match state {
        ChoiceState::Given => 0,
        ChoiceState::Expired => 1,
        ChoiceState::Refused => 2,
        ChoiceState::Withdrawn => 3,
    }
}
