//! `category email is user.contact.email at $.user.email, $.traits.email.`

use super::cursor::{Cursor, Parsed};
use super::declared::declared;
use super::names::Sort;
use super::values::{key, law, path};
use crate::ast::{Category, Sensitivity};
use crate::tree::Kind;

/// `category health is user.health_and_medical at $.props.condition; special category under GDPR
/// Art. 9(1)`
pub(super) fn category(c: &mut Cursor<'_>) -> Parsed<Category> {
    c.expect("category")?;
    let name = declared(c, Sort::Category)?;
    c.expect("is")?;
    let word = key(c)?;
    c.expect("at")?;
    let paths = c.list(path)?;
    let mut sensitivity = Vec::new();
    while c.eat(";") {
        sensitivity.push(c.spanned(Kind::Word, sensitivity_of)?);
    }
    Ok(Category {
        name,
        word,
        paths,
        sensitivity,
    })
}

fn sensitivity_of(c: &mut Cursor<'_>) -> Parsed<Sensitivity> {
    if c.eat("special category under") {
        return law(c).map(Sensitivity::Special);
    }
    if c.eat("sensitive under") {
        return law(c).map(Sensitivity::Sensitive);
    }
    Err(c.expected(&["special category under", "sensitive under"]))
}
