//! `the lawful basis is met`, `the person opts out`: what must hold for a clause.

use super::cursor::{Cursor, Parsed};
use super::names::Sort;
use super::split::shown;
use super::values::{number, place};
use crate::ast::Condition;
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Spanned;
use crate::tree::Kind;

type Conditions = Vec<Spanned<Condition>>;

/// `if the lawful basis is met, and known to be 18 or older, unless known to be under 16`
pub(super) fn allow_conditions(c: &mut Cursor<'_>) -> Parsed<Conditions> {
    let mut conditions = Vec::new();
    loop {
        let is_comma = c.sees(", if") || c.sees(", unless");
        if is_comma {
            c.comma();
        }
        if c.sees("and unless") {
            c.expect("and")?;
        }
        if c.eat("if") {
            conditions.extend(c.list(|c| c.spanned(Kind::Condition, proven))?);
        } else if c.sees("unless") {
            conditions.push(c.spanned(Kind::Condition, unless)?);
        } else {
            return Ok(conditions);
        }
    }
}

/// `the person opts out and the person is in California`
pub(super) fn block_conditions(c: &mut Cursor<'_>) -> Parsed<Conditions> {
    c.list(|c| c.spanned(Kind::Condition, stopping))
}

/// `a person on list "bereavement"`
pub(super) fn a_person(c: &mut Cursor<'_>) -> Parsed<Condition> {
    c.expect("a person")?;
    if c.eat("on list") {
        return Ok(Condition::OnList(
            c.quote("a list in quotation marks")?.node,
        ));
    }
    if c.eat("who is or may be under") || c.eat("who may be under") || c.eat("who is under") {
        return number(c, "an age in years").map(Condition::MayBeUnder);
    }
    if c.eat("in") {
        return Ok(Condition::In(places(c)?));
    }
    Err(c.expected(&["on list", "who is or may be under", "in"]))
}

fn unless(c: &mut Cursor<'_>) -> Parsed<Condition> {
    c.expect("unless")?;
    let _subject = c.eat("the person is");
    c.expect("known to be under")?;
    number(c, "an age in years").map(Condition::NotKnownUnder)
}

/// A condition of an allow.
fn proven(c: &mut Cursor<'_>) -> Parsed<Condition> {
    if c.sees("unless") {
        return unless(c);
    }
    if c.eat("the lawful basis is met") || c.eat("the ground is met") {
        return Ok(Condition::LawfulBasisMet);
    }
    if c.eat("known to be") || c.eat("the person is known to be") {
        return known_at_least(c);
    }
    let from = c.here();
    if c.eat("the person is") {
        let is_age = c
            .peek_text()
            .starts_with(|first: char| first.is_ascii_digit());
        if is_age {
            return Err(required_age(c, from));
        }
        return person_is(c);
    }
    stopping(c)
}

/// A condition of a block, or of its exceptions.
fn stopping(c: &mut Cursor<'_>) -> Parsed<Condition> {
    if c.eat("the lawful basis is met") || c.eat("the ground is met") {
        return Ok(Condition::LawfulBasisMet);
    }
    if c.eat("the person opts out") {
        return Ok(Condition::OptsOut);
    }
    if c.eat("the person objects") {
        return Ok(Condition::Objects);
    }
    if c.eat("the person opts in to") {
        let recipient = c.name(Sort::Recipient)?.node;
        c.expect("after that opt-out")?;
        return Ok(Condition::OptsInAfter(recipient));
    }
    if c.eat("the person is") {
        return person_is(c);
    }
    if c.eat("the person may be under") {
        return number(c, "an age in years").map(Condition::MayBeUnder);
    }
    if c.eat("unless") {
        return Err(c.expected(&["except when"]));
    }
    Err(c.expected(PHRASES))
}

const PHRASES: &[&str] = &[
    "the lawful basis is met",
    "the person opts out",
    "the person objects",
    "the person is in",
    "the person is on list",
    "the person may be under",
    "the person opts in to",
];

/// What follows `the person is`.
fn person_is(c: &mut Cursor<'_>) -> Parsed<Condition> {
    if c.eat("in") {
        return Ok(Condition::In(places(c)?));
    }
    if c.eat("on list") {
        return Ok(Condition::OnList(
            c.quote("a list in quotation marks")?.node,
        ));
    }
    if c.eat("under") || c.eat("or may be under") {
        return number(c, "an age in years").map(Condition::MayBeUnder);
    }
    if c.eat("known to be") {
        return known_at_least(c);
    }
    Err(c.expected(&["in", "on list", "under", "or may be under", "known to be"]))
}

fn known_at_least(c: &mut Cursor<'_>) -> Parsed<Condition> {
    let age = number(c, "an age in years")?;
    c.expect("or older")?;
    Ok(Condition::KnownAtLeast(age))
}

fn places(c: &mut Cursor<'_>) -> Parsed<Vec<crate::ast::PlaceWord>> {
    let mut places = vec![place(c)?.node];
    // `and` may also begin another condition; `or` cannot.
    while c.eat("or") {
        places.push(place(c)?.node);
    }
    Ok(places)
}

/// `the person is 18 or older` leaves open what silence about age means.
fn required_age(c: &mut Cursor<'_>, from: usize) -> Box<Diagnostic> {
    let age = shown(c.peek_text());
    let _age = c.take();
    let _older = c.eat("or older");
    let span = c.mark(Kind::Condition, from, ()).span;
    let words = format!(
        "say `unless known to be under {age}` to let silence pass, or `known to be {age} or \
        older` to let silence refuse"
    );
    Box::new(
        Diagnostic::new(
            registry::AGE_REQUIRED,
            span,
            "this does not say what happens where the age is unknown",
        )
        .help(words),
    )
}
