//! `source web shop is host "shop.example".` and what follows it.

use super::cursor::{Cursor, Parsed};
use super::declared::declared;
use super::names::Sort;
use super::values::path;
use crate::ast::{Origin, Source};
use crate::diagnostic::registry;
use crate::text::Spanned;
use crate::tree::Kind;

/// `source toy shop is host "toys.example"; directed to children`
pub(super) fn source(c: &mut Cursor<'_>) -> Parsed<Source> {
    c.expect("source")?;
    let name = declared(c, Sort::Source)?;
    c.expect("is")?;
    if !c.eat("host") && !c.eat("system") {
        return Err(c.expected(&["host", "system"]));
    }
    let host = c.quote("a host in quotation marks")?;
    let mut source = Source {
        name,
        host,
        place: Vec::new(),
        age: Vec::new(),
    };
    if c.sees("under agreement") {
        return Err(super::later::not_yet(c, "an agreement about data"));
    }
    while c.eat(";") {
        if c.sees("under agreement") {
            return Err(super::later::not_yet(c, "an agreement about data"));
        }
        more(c, &mut source)?;
    }
    Ok(source)
}

/// How sentences that [`more`] reads begin.
pub(super) const MORE: &[&str] = &[
    "place is read from",
    "age is read from",
    "directed to children",
];

/// `place is read from our records, $.context.location.country with region at
/// $.context.location.region`, `age is read from our records, birth date at $.traits.birthday`,
/// `directed to children`
pub(super) fn more(c: &mut Cursor<'_>, source: &mut Source) -> Parsed<()> {
    let twice = c
        .fault(registry::SAID_TWICE, "this source said so before")
        .help("join the two lists");
    if c.eat("place is read from") {
        let before = source.place.len();
        source
            .place
            .extend(c.list(|c| c.spanned(Kind::Origin, place))?);
        if before > 0 {
            c.found.push(twice);
        }
        return Ok(());
    }
    if c.eat("age is read from") {
        loop {
            ages(c, &mut source.age)?;
            if !c.next_item() {
                return Ok(());
            }
        }
    }
    if c.sees("directed to children") {
        source.age.push(c.spanned(Kind::Origin, directed)?);
        return Ok(());
    }
    Err(c.expected(MORE))
}

fn place(c: &mut Cursor<'_>) -> Parsed<Origin> {
    if c.eat("our records") {
        return Ok(Origin::OurRecords);
    }
    if !c.peek_text().starts_with('$') {
        return Err(c.expected(&["our records", "a JSON path"]));
    }
    let country = path(c)?.node;
    let region = if c.eat("with region at") {
        Some(path(c)?.node)
    } else {
        None
    };
    Ok(Origin::PlaceAt { country, region })
}

/// One origin, or several of one kind: `birth date at $.a, $.b`.
fn ages(c: &mut Cursor<'_>, ages: &mut Vec<Spanned<Origin>>) -> Parsed<()> {
    let origin: fn(String) -> Origin = if c.eat("birth date at") {
        Origin::BirthDateAt
    } else if c.eat("age at") {
        Origin::AgeAt
    } else if c.sees("directed to children") {
        ages.push(c.spanned(Kind::Origin, directed)?);
        return Ok(());
    } else if c.sees("our records") {
        ages.push(c.spanned(Kind::Origin, place)?);
        return Ok(());
    } else {
        return Err(c.expected(&[
            "our records",
            "birth date at",
            "age at",
            "directed to children",
        ]));
    };
    loop {
        let path = path(c)?;
        ages.push(Spanned::new(origin(path.node), path.span));
        let mut after = c
            .rest()
            .iter()
            .skip_while(|piece| matches!(piece.text, "," | "and"));
        let is_path = after
            .next()
            .is_some_and(|piece| piece.text.starts_with('$'));
        if !is_path || !c.next_item() {
            return Ok(());
        }
    }
}

fn directed(c: &mut Cursor<'_>) -> Parsed<Origin> {
    c.expect("directed to children")?;
    Ok(Origin::DirectedToChildren)
}
