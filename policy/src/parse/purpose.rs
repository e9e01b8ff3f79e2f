//! `purpose personalised ads is marketing.advertising.third_party.targeted.` and what follows it.

use super::cursor::{Cursor, Parsed};
use super::declared::declared;
use super::names::Sort;
use super::signal::reading;
use super::values::{in_places, key, law, period};
use crate::ast::{Basis, Gate, Ground, Join, Purpose};
use crate::diagnostic::{Diagnostic, registry};
use crate::tree::Kind;

/// `purpose personalised ads is marketing.advertising.third_party.targeted`
pub(super) fn purpose(c: &mut Cursor<'_>) -> Parsed<Purpose> {
    c.expect("purpose")?;
    let name = declared(c, Sort::Purpose)?;
    c.expect("is")?;
    let word = key(c)?;
    let mut purpose = Purpose {
        name,
        word,
        bases: Vec::new(),
        consent: None,
        opt_out: None,
        gates: Vec::new(),
    };
    while c.eat(";") {
        more(c, &mut purpose)?;
    }
    Ok(purpose)
}

/// How sentences that [`more`] reads begin.
pub(super) const MORE: &[&str] = &[
    "lawful basis is",
    "ground is",
    "consent is read from",
    "consent lasts",
    "opt-out is read from",
    "needs",
];

/// `lawful basis is ...`, `consent is read from ...`, `consent lasts ...`, `opt-out is read from
/// ...`, `needs ...`
pub(super) fn more(c: &mut Cursor<'_>, purpose: &mut Purpose) -> Parsed<()> {
    let twice = c
        .fault(registry::SAID_TWICE, "this purpose said so before")
        .help("leave one of the two out");
    if c.sees("lawful") || c.sees("ground") {
        return bases(c, purpose);
    }
    if c.eat("consent is read from") {
        let lasts = purpose
            .consent
            .as_ref()
            .and_then(|before| before.lasts.clone());
        let mut read = reading(c, Join::AllPresent)?;
        read.lasts = read.lasts.or(lasts);
        let before = purpose.consent.replace(read);
        if before.is_some_and(|before| !before.sources.is_empty()) {
            c.found.push(twice);
        }
        return Ok(());
    }
    if c.eat("consent lasts") {
        let lasts = c.spanned(Kind::Period, period)?;
        let Some(consent) = purpose.consent.as_mut() else {
            return Err(Box::new(
                Diagnostic::new(
                    registry::NO_OWNER,
                    lasts.span,
                    "no consent is read yet that could last",
                )
                .help("say `consent is read from ...` first"),
            ));
        };
        if consent.lasts.replace(lasts).is_some() {
            c.found.push(twice);
        }
        return Ok(());
    }
    if c.eat("opt-out is read from") {
        if purpose.opt_out.replace(reading(c, Join::One)?).is_some() {
            c.found.push(twice);
        }
        return Ok(());
    }
    if c.eat("needs") {
        purpose.gates.push(c.spanned(Kind::Gate, gate)?);
        return Ok(());
    }
    Err(c.expected(MORE))
}

/// `lawful basis is consent, GDPR Art. 6(1)(a), in EEA and UK; ground is notice and opt-out, CCPA
/// 1798.120, in US-CA`
fn bases(c: &mut Cursor<'_>, purpose: &mut Purpose) -> Parsed<()> {
    loop {
        let from = c.here();
        let is_lawful_basis = if c.eat("lawful basis is") {
            true
        } else if c.eat("ground is") {
            false
        } else {
            return Err(c.expected(&["lawful basis is", "ground is"]));
        };
        let word = c.mark(Kind::Word, from, ()).span;
        let basis = c.spanned(Kind::Basis, basis)?;
        if is_lawful_basis == (basis.node.ground == Ground::NoticeAndOptOut) {
            let right = if is_lawful_basis {
                "ground is"
            } else {
                "lawful basis is"
            };
            c.found.push(
                Diagnostic::new(
                    registry::WRONG_GROUND_WORD,
                    word,
                    "this is the wrong word for that ground",
                )
                .replace_with(format!("say `{right}`"), right),
            );
        }
        purpose.bases.push(basis);
        if !c.eat(";") {
            return Ok(());
        }
    }
}

fn basis(c: &mut Cursor<'_>) -> Parsed<Basis> {
    let ground = c
        .eat_any(GROUNDS)
        .ok_or_else(|| c.expected(&GROUNDS.map(|(words, _)| words)))?;
    let mut cited = None;
    let mut places = Vec::new();
    while c.comma() {
        if c.sees("in") {
            places = in_places(c)?;
        } else {
            cited = Some(law(c)?);
        }
    }
    places.extend(in_places(c)?);
    Ok(Basis {
        ground,
        law: cited,
        places,
    })
}

const GROUNDS: &[(&str, Ground); 9] = &[
    ("consent", Ground::Consent),
    ("contract", Ground::Contract),
    ("legal obligation", Ground::LegalObligation),
    ("legal obligations", Ground::LegalObligation),
    ("legitimate interest", Ground::LegitimateInterest),
    ("legitimate interests", Ground::LegitimateInterest),
    ("notice and opt-out", Ground::NoticeAndOptOut),
    ("public interest", Ground::PublicInterest),
    ("vital interests", Ground::VitalInterests),
];

/// `DPIA "DPIA-2026-014"`, `bias audit every 90 days`
pub(super) fn gate(c: &mut Cursor<'_>) -> Parsed<Gate> {
    if c.eat("DPIA") {
        return Ok(Gate::Dpia(c.quote("a name in quotation marks")?.node));
    }
    if c.eat("bias audit every") {
        let every = period(c)?;
        if c.sees("on") {
            return Err(super::later::not_yet(c, "what a bias audit is about"));
        }
        return Ok(Gate::BiasAudit(every));
    }
    if c.sees("balancing test") || c.sees("approval of") {
        return Err(super::later::not_yet(c, "this gate"));
    }
    Err(c.expected(&["DPIA", "bias audit every"]))
}
