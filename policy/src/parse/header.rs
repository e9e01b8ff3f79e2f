//! `policy "Acme Shop marketing" version 7.` and what follows it.

use super::cursor::{Cursor, Parsed};
use super::values::{day, number};
use crate::ast::Header;
use crate::diagnostic::registry;
use crate::tree::Kind;

/// `policy "Acme Shop marketing" version 7`
pub(super) fn header(c: &mut Cursor<'_>) -> Parsed<Header> {
    c.expect("policy")?;
    let name = c.quote("a name in quotation marks")?;
    c.expect("version")?;
    let version = c.spanned(Kind::Word, |c| number(c, "a version number"))?;
    let mut header = Header {
        name,
        version,
        controller: None,
        officer: None,
        from: None,
        until: None,
        words: Vec::new(),
    };
    if c.eat(";") {
        more(c, &mut header)?;
    }
    Ok(header)
}

/// How sentences that [`more`] reads begin.
pub(super) const MORE: &[&str] = &[
    "controller",
    "data protection officer",
    "in force",
    "words from",
];

/// `controller "Acme GmbH"; data protection officer "dpo@acme.example"; in force from 2026-12-01
/// until 2027-11-30`
pub(super) fn more(c: &mut Cursor<'_>, header: &mut Header) -> Parsed<()> {
    loop {
        let fault = c.fault(registry::SAID_TWICE, "this was said before");
        let is_twice = if c.eat("controller") {
            header
                .controller
                .replace(c.quote("a name in quotation marks")?)
                .is_some()
        } else if c.eat("data protection officer") {
            header
                .officer
                .replace(c.quote("an address in quotation marks")?)
                .is_some()
        } else if c.eat("in force") {
            in_force(c, header)?
        } else if c.eat("words from") {
            header.words.extend(c.list(|c| {
                c.spanned(Kind::Word, |c| {
                    let (standard, version) = (c.word("a standard")?, c.word("a version")?);
                    Ok(format!("{} {}", standard.text, version.text))
                })
            })?);
            false
        } else {
            return Err(c.expected(MORE));
        };
        if is_twice {
            c.found.push(fault.help("leave one of the two out"));
        }
        if !c.eat(";") {
            return Ok(());
        }
    }
}

/// `from 2026-12-01`, `until 2027-11-30`, or both. True where one was said before.
fn in_force(c: &mut Cursor<'_>, header: &mut Header) -> Parsed<bool> {
    let mut is_twice = false;
    let mut is_said = false;
    if c.eat("from") {
        is_said = true;
        is_twice |= header.from.replace(c.spanned(Kind::Date, day)?).is_some();
    }
    if c.eat("until") {
        is_said = true;
        is_twice |= header.until.replace(c.spanned(Kind::Date, day)?).is_some();
    }
    if is_said {
        Ok(is_twice)
    } else {
        Err(c.expected(&["from", "until"]))
    }
}
