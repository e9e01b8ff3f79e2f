//! Tests that stand inside a policy: given, when, expect.

use super::{Day, Gate, Name, PlaceWord, SignalName};
use crate::text::Spanned;

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
