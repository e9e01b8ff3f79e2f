//! `A1. allow web shop to send email to Meta Ads for personalised ads if ....` and what follows it.

use super::condition::allow_conditions;
use super::cursor::{Cursor, Parsed};
use super::edit::{self, edit_of};
use super::names::Sort;
use super::values::{number, period};
use crate::ast::{Allow, Cap, CapWindow, Name};
use crate::diagnostic::registry;
use crate::tree::Kind;

/// `allow web shop to send email and order value to Meta Ads for personalised ads if the lawful
/// basis is met, first ...`
pub(super) fn allow(c: &mut Cursor<'_>, label: Name) -> Parsed<Allow> {
    c.expect("allow")?;
    let sources = c.list(|c| c.name(Sort::Source))?;
    c.expect("to send")?;
    let categories = c.list(|c| c.name(Sort::Category))?;
    c.expect("to")?;
    let recipients = c.list(|c| c.name(Sort::Recipient))?;
    c.expect("for")?;
    let purpose = c.name(Sort::Purpose)?;
    if c.eat("under agreement") {
        return Err(super::later::not_yet(c, "an agreement about data"));
    }
    let mut allow = Allow {
        label,
        sources,
        categories,
        recipients,
        purpose,
        conditions: allow_conditions(c)?,
        edits: Vec::new(),
        caps: Vec::new(),
        deletes_within: None,
    };
    if c.comma() || c.eat(";") {
        more(c, &mut allow)?;
    }
    Ok(allow)
}

/// How sentences that [`more`] reads begin.
pub(super) const MORE: &[&str] = &["first", "at most", "the recipient deletes within"];

/// `first hash email as SHA-256; shorten IP address to /24 or /48`, `at most 20 events per person
/// per day`, `the recipient deletes within 180 days`
pub(super) fn more(c: &mut Cursor<'_>, allow: &mut Allow) -> Parsed<()> {
    let mut is_editing = false;
    loop {
        is_editing |= c.eat("first");
        if c.eat("at most") {
            allow.caps.push(c.spanned(Kind::Cap, cap)?);
            is_editing = false;
        } else if c.sees("the recipient deletes within") {
            let twice = c.fault(registry::SAID_TWICE, "this clause said so before");
            c.expect("the recipient deletes within")?;
            if allow
                .deletes_within
                .replace(c.spanned(Kind::Period, period)?)
                .is_some()
            {
                c.found.push(twice.help("leave one of the two out"));
            }
            is_editing = false;
        } else if is_editing {
            loop {
                allow.edits.push(edit_of(c)?);
                if !(edit::follows_separator(c) && c.next_item()) {
                    break;
                }
            }
        } else {
            return Err(c.expected(MORE));
        }
        let _also_comma = c.sees(", at most") && c.comma();
        if !c.eat(";") && !c.sees("at most") {
            return Ok(());
        }
    }
}

/// `20 events per person per day`
fn cap(c: &mut Cursor<'_>) -> Parsed<Cap> {
    let events = number(c, "a number of events")?;
    if !c.eat("events") {
        c.expect("event")?;
    }
    c.expect("per person")?;
    let windows = [("per day", CapWindow::Day), ("per week", CapWindow::Week)];
    let per = c
        .eat_any(&windows)
        .ok_or_else(|| c.expected(&["per day", "per week"]))?;
    if c.sees("per recipient") {
        return Err(super::later::not_yet(c, "a cap per recipient"));
    }
    Ok(Cap { events, per })
}
