//! `our records, Segment consent "advertising"; all that are present must agree`: from which
//! signals a choice is read.

use super::cursor::{Cursor, Parsed};
use super::split::shown;
use super::values::{number, period};
use crate::ast::{Join, Reading, SignalName};
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Spanned;
use crate::tree::Kind;
use crate::vocabulary::{CONSENT_MODE, GPP_OPT_OUTS, TCF_PURPOSES};

/// How a signal's name begins.
pub(super) const SIGNALS: &[&str] = &[
    "our records",
    "Global Privacy Control",
    "Segment consent",
    "TCF purposes",
    "GPP",
    "Google",
];

/// The signals, how they join, and `consent lasts ...` where it follows in the same sentence.
pub(super) fn reading(c: &mut Cursor<'_>, usual: Join) -> Parsed<Reading> {
    let from = c.here();
    let mut sources = Vec::new();
    loop {
        some_signals(c, &mut sources)?;
        if !c.next_item() {
            break;
        }
    }
    let all = c.mark(Kind::Signal, from, ()).span;
    let mut join = None;
    let mut lasts = None;
    while c.eat(";") {
        if c.eat("consent lasts") {
            lasts = Some(c.spanned(Kind::Period, period)?);
        } else {
            join = Some(
                c.eat_any(JOINS)
                    .ok_or_else(|| c.expected(&JOINS.map(|(words, _)| words)))?,
            );
        }
    }
    if join.is_none() && sources.len() > 1 {
        let words = JOINS
            .iter()
            .find(|(_, join)| *join == usual)
            .map_or("", |(words, _)| *words);
        c.found.push(
            Diagnostic::new(
                registry::NO_JOIN,
                all,
                "several signals, but not how they join",
            )
            .help(format!("add `; {words}` before the full stop")),
        );
    }
    Ok(Reading {
        sources,
        join: join.unwrap_or(usual),
        lasts,
    })
}

const JOINS: &[(&str, Join); 2] = &[
    ("all that are present must agree", Join::AllPresent),
    ("one is enough", Join::One),
];

/// One signal, or several of one standard: `GPP SaleOptOut, SharingOptOut`.
fn some_signals(c: &mut Cursor<'_>, sources: &mut Vec<Spanned<SignalName>>) -> Parsed<()> {
    if c.eat("GPP") {
        return fields(c, sources, GPP_OPT_OUTS, SignalName::Gpp);
    }
    if c.eat("Google") {
        return fields(c, sources, CONSENT_MODE, SignalName::ConsentMode);
    }
    sources.push(c.spanned(Kind::Signal, single)?);
    Ok(())
}

/// One signal that is not of a standard with several fields, or exactly one of them.
pub(super) fn single(c: &mut Cursor<'_>) -> Parsed<SignalName> {
    if c.eat("our records") {
        return Ok(SignalName::OurRecords);
    }
    if c.eat("Global Privacy Control") {
        return Ok(SignalName::GlobalPrivacyControl);
    }
    if c.eat("Segment consent") {
        return Ok(SignalName::Segment(
            c.quote("a category in quotation marks")?.node,
        ));
    }
    if c.eat("TCF purposes") || c.eat("TCF purpose") {
        return tcf(c).map(SignalName::Tcf);
    }
    if c.sees("GPP") || c.sees("Google") {
        let is_gpp = c.eat("GPP");
        let _google = !is_gpp && c.eat("Google");
        let field = c.word("a field")?.text.to_owned();
        return Ok(if is_gpp {
            SignalName::Gpp(field)
        } else {
            SignalName::ConsentMode(field)
        });
    }
    Err(c.expected(SIGNALS))
}

/// `1, 3 and 4`
fn tcf(c: &mut Cursor<'_>) -> Parsed<Vec<u8>> {
    let mut purposes = Vec::new();
    loop {
        let unknown = c.fault(registry::UNKNOWN_SIGNAL, "the TCF has purposes 1 to 11");
        let purpose = number(c, "a TCF purpose")?;
        if !TCF_PURPOSES.contains(&purpose) {
            c.found.push(unknown.help("write numbers from 1 to 11"));
        }
        purposes.push(purpose);
        if !goes_on(c, |text| {
            text.starts_with(|first: char| first.is_ascii_digit())
        }) {
            return Ok(purposes);
        }
    }
}

fn fields(
    c: &mut Cursor<'_>,
    sources: &mut Vec<Spanned<SignalName>>,
    known: &'static [&'static str],
    name: fn(String) -> SignalName,
) -> Parsed<()> {
    loop {
        let field = c.spanned(Kind::Signal, |c| Ok(c.word("a field")?.text))?;
        if !known.contains(&field.node) {
            let message = format!("`{}` is not a field of this standard", shown(field.node));
            let found = Diagnostic::new(registry::UNKNOWN_SIGNAL, field.span, message);
            let found = found.did_you_mean(field.node, known.iter().copied());
            c.found
                .push(found.or_help(format!("its fields are {}", known.join(", "))));
        }
        sources.push(Spanned::new(name(field.node.to_owned()), field.span));
        let begins = |text: &str| {
            SIGNALS
                .iter()
                .any(|signal| signal.split(' ').next() == Some(text))
        };
        if !goes_on(c, |text| !begins(text)) {
            return Ok(());
        }
    }
}

/// Steps over `,` and `and` if what follows belongs to the same standard.
fn goes_on(c: &mut Cursor<'_>, belongs: impl Fn(&str) -> bool) -> bool {
    let mut after = c
        .rest()
        .iter()
        .skip_while(|piece| matches!(piece.text, "," | "and"));
    let is_separated = matches!(c.peek_text(), "," | "and");
    is_separated
        && after
            .next()
            .is_some_and(|piece| piece.is_word() && belongs(piece.text))
        && c.next_item()
}
