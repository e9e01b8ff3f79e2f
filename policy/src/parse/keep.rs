//! `K1. keep IP address for 7 days, then shorten it to /24 or /48.`

use super::cursor::{Cursor, Parsed};
use super::edit::edit_of_it;
use super::names::Sort;
use super::values::period;
use crate::ast::{Keep, KeepWhat, Name};
use crate::tree::Kind;

/// The whole sentence.
pub(super) fn keep(c: &mut Cursor<'_>, label: Name) -> Parsed<Keep> {
    c.expect("keep")?;
    let what = c.spanned(Kind::Name, what)?;
    c.expect("for")?;
    let period = c.spanned(Kind::Period, period)?;
    let _counted_from = what.node == KeepWhat::ConsentRecords && c.eat("after withdrawal");
    let mut then = None;
    let is_more = c.eat(", then") || c.eat("then");
    if is_more && !c.eat("delete it") {
        then = Some(edit_of_it(c)?);
    }
    Ok(Keep {
        label,
        what,
        period,
        then,
    })
}

fn what(c: &mut Cursor<'_>) -> Parsed<KeepWhat> {
    if c.sees_name(Sort::Category) {
        return Ok(KeepWhat::Category(c.name(Sort::Category)?.node));
    }
    if c.eat("consent records") {
        return Ok(KeepWhat::ConsentRecords);
    }
    if c.eat("evidence") {
        return Ok(KeepWhat::Evidence);
    }
    Ok(KeepWhat::Category(c.name(Sort::Category)?.node))
}
