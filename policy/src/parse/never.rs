//! `N1. never use special category data for advertising, even with consent, under DSA Art. 26(3).`

use super::cursor::{Cursor, Parsed};
use super::names::Sort;
use super::values::{in_places, number, under_law, uses};
use crate::ast::{Name, Never, NeverWhat, Uses};
use crate::diagnostic::registry;
use crate::text::Spanned;
use crate::tree::Kind;

/// The whole sentence.
pub(super) fn never(c: &mut Cursor<'_>, label: Name) -> Parsed<Never> {
    c.expect("never")?;
    if c.sees("choose") {
        return Err(super::later::not_yet(c, "a rule about who sees offers"));
    }
    let what = c.spanned(Kind::Condition, what)?;
    let mut never = Never {
        label,
        what,
        uses: Spanned::new(Uses::All, crate::text::Span::default()),
        recipients: Vec::new(),
        places: Vec::new(),
        law: None,
    };
    let mut is_used = false;
    loop {
        if c.eat("to") {
            never
                .recipients
                .extend(c.list(|c| c.name(Sort::Recipient))?);
        } else if c.sees("in") {
            never.places.extend(in_places(c)?);
        } else if c.sees("for") {
            let twice = c.fault(
                registry::SAID_TWICE,
                "one clause is for one purpose or group of purposes",
            );
            c.take();
            never.uses = uses(c)?;
            if std::mem::replace(&mut is_used, true) {
                c.found.push(twice.help("write a clause for each"));
            }
        } else if c.sees(", even with consent") || c.sees("even with consent") {
            // Said for the reader: no never is lifted by consent.
            c.comma();
            c.expect("even with consent")?;
        } else {
            break;
        }
    }
    never.law = under_law(c)?;
    if never.law.is_none() && !c.is_done() {
        return Err(c.expected(&["for", "to", "in", "even with consent", "under"]));
    }
    if !is_used {
        // Everything: the place of the whole clause stands in for the words that are not there.
        never.uses.span = never.what.span;
    }
    Ok(never)
}

fn what(c: &mut Cursor<'_>) -> Parsed<NeverWhat> {
    if c.eat("profile") {
        c.expect("a person who")?;
        return young(c);
    }
    if !(c.eat("use") || c.eat("send")) {
        return Err(c.expected(&["use", "send", "profile"]));
    }
    if c.eat("special category data") {
        return Ok(NeverWhat::SpecialCategories);
    }
    if c.eat("sensitive data") {
        return Ok(NeverWhat::SensitiveData);
    }
    if c.eat("data of a person on list") {
        return Ok(NeverWhat::PersonOnList(
            c.quote("a list in quotation marks")?.node,
        ));
    }
    if c.eat("data of a person who") {
        return young(c);
    }
    Ok(NeverWhat::Categories(c.list(|c| c.name(Sort::Category))?))
}

/// `is or may be under 18`
fn young(c: &mut Cursor<'_>) -> Parsed<NeverWhat> {
    if !(c.eat("is or may be under") || c.eat("may be under") || c.eat("is under")) {
        return Err(c.expected(&["is or may be under"]));
    }
    number(c, "an age in years").map(NeverWhat::PersonMayBeUnder)
}
