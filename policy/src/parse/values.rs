//! Small things that many sentences share: numbers, days, periods, places, laws, paths, names of
//! purposes.

use super::cursor::{Cursor, Parsed};
use super::names::Sort;
use super::split::shown;
use crate::ast::{Day, Law, Period, PlaceWord, Unit, Uses};
use crate::diagnostic::{Diagnostic, registry};
use crate::places;
use crate::text::Spanned;
use crate::tree::Kind;
use crate::vocabulary::USE_WORDS;

/// A whole number within a range.
pub(super) fn number<N>(c: &mut Cursor<'_>, what: &str) -> Parsed<N>
where
    N: std::str::FromStr,
{
    let piece = c.word(what)?;
    piece.text.parse().map_err(|_| {
        let message = format!("`{}` is not {what}", shown(piece.text));
        let found = Diagnostic::new(registry::BAD_NUMBER, piece.span, message);
        Box::new(found.help("write it in digits"))
    })
}

/// `2026-12-01`
pub(super) fn day(c: &mut Cursor<'_>) -> Parsed<Day> {
    let from = c.here();
    let piece = c.word("a date")?;
    let Some(day) = Day::parse(piece.text) else {
        let message = format!("`{}` is not a date", shown(piece.text));
        let found = Diagnostic::new(registry::BAD_DATE, piece.span, message);
        return Err(Box::new(
            found.help("write year, month and day: `2026-12-01`"),
        ));
    };
    c.mark(Kind::Date, from, ());
    Ok(day)
}

/// `13 months`
pub(super) fn period(c: &mut Cursor<'_>) -> Parsed<Period> {
    let count = number(c, "a number")?;
    let unit = c
        .eat_any(UNITS)
        .ok_or_else(|| c.expected(&UNITS.map(|(word, _)| word)))?;
    Ok(Period { count, unit })
}

const UNITS: &[(&str, Unit); 12] = &[
    ("days", Unit::Day),
    ("weeks", Unit::Week),
    ("months", Unit::Month),
    ("years", Unit::Year),
    ("hours", Unit::Hour),
    ("minutes", Unit::Minute),
    ("day", Unit::Day),
    ("week", Unit::Week),
    ("month", Unit::Month),
    ("year", Unit::Year),
    ("hour", Unit::Hour),
    ("minute", Unit::Minute),
];

/// `EEA`, `US-CA`, `New York`. A word that is no place is reported, and the sentence read on.
pub(super) fn place(c: &mut Cursor<'_>) -> Parsed<Spanned<PlaceWord>> {
    let from = c.here();
    let longest = c
        .rest()
        .iter()
        .take(3)
        .take_while(|piece| piece.is_word())
        .count();
    for count in (1..=longest).rev() {
        let words: Vec<&str> = c
            .rest()
            .iter()
            .take(count)
            .map(|piece| piece.text)
            .collect();
        if let Some(word) = places::canonical(&words.join(" ")) {
            for _ in 0..count {
                c.take();
            }
            return Ok(c.mark(Kind::Place, from, word));
        }
    }
    let piece = c.word("a place")?;
    let message = format!("`{}` is not a place", shown(piece.text));
    let found = Diagnostic::new(registry::UNKNOWN_PLACE, piece.span, message);
    let found = found.did_you_mean(piece.text, places::words());
    c.found
        .push(found.or_help(
            "write `EEA`, `EU`, `UK`, a country such as `DE`, or a state such as `US-CA`",
        ));
    Ok(c.mark(Kind::Place, from, PlaceWord(piece.text.to_owned())))
}

/// `in EEA, UK and US-CA`, where it is there.
pub(super) fn in_places(c: &mut Cursor<'_>) -> Parsed<Vec<Spanned<PlaceWord>>> {
    if c.eat("in") {
        c.list(place)
    } else {
        Ok(Vec::new())
    }
}

/// A reference to the law: the words up to the next mark or the end.
pub(super) fn law(c: &mut Cursor<'_>) -> Parsed<Law> {
    let from = c.here();
    let mut words = vec![c.word("a law")?.text];
    while let Some(piece) = c.peek().filter(|piece| piece.is_word()) {
        words.push(piece.text);
        c.take();
    }
    Ok(c.mark(Kind::Law, from, Law(words.join(" "))).node)
}

/// `under DSA Art. 26(3)`, where it is there.
pub(super) fn under_law(c: &mut Cursor<'_>) -> Parsed<Option<Law>> {
    if c.sees(", under") {
        c.comma();
    }
    if c.eat("under") {
        law(c).map(Some)
    } else {
        Ok(None)
    }
}

/// `$.traits.email`
pub(super) fn path(c: &mut Cursor<'_>) -> Parsed<Spanned<String>> {
    if !c.peek_text().starts_with('$') {
        return Err(c.expected(&["a JSON path"]));
    }
    c.spanned(Kind::Path, |c| Ok(c.word("a JSON path")?.text.to_owned()))
}

/// A key of a standard, or of fideslang: one word.
pub(super) fn key(c: &mut Cursor<'_>) -> Parsed<Spanned<String>> {
    c.spanned(Kind::Word, |c| {
        Ok(c.word("a fideslang key")?.text.to_owned())
    })
}

/// `everything`, a purpose, or a word for several.
pub(super) fn uses(c: &mut Cursor<'_>) -> Parsed<Spanned<Uses>> {
    c.spanned(Kind::Uses, |c| {
        if c.sees_name(Sort::Purpose) {
            return Ok(Uses::Named(c.name(Sort::Purpose)?.node));
        }
        if c.eat("everything") {
            return Ok(Uses::All);
        }
        if let Some(word) = c.eat_any(USE_WORDS) {
            return Ok(Uses::Word(word.to_owned()));
        }
        Ok(Uses::Named(c.name(Sort::Purpose)?.node))
    })
}
