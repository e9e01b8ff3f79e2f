//! `given a person in DE, aged 34, who consented to personalised ads on 2026-11-01, and email
//! "a@b.example"`

use super::value;
use crate::ast::Gate;
use crate::ast::{ChoiceAct, Given, SignalSays};
use crate::parse::cursor::{Cursor, Parsed};
use crate::parse::names::Sort;
use crate::parse::purpose::gate;
use crate::parse::signal;
use crate::parse::values::{day, number, place};
use crate::text::Spanned;
use crate::tree::Kind;

/// Everything a test supposes, after `given`.
pub(super) fn given(c: &mut Cursor<'_>) -> Parsed<Vec<Spanned<Given>>> {
    let mut all = Vec::new();
    if c.eat("a person") || c.eat("an event") {
        let goes_on = c.sees("in") || STARTS.contains(&c.peek_text()) || c.next_item();
        if !goes_on {
            return Ok(all);
        }
    }
    loop {
        all.push(c.spanned(Kind::Given, one)?);
        // `a person in DE who consented ...` needs no comma.
        if !(c.next_item() || STARTS.contains(&c.peek_text())) {
            return Ok(all);
        }
    }
}

/// Words that begin another supposition even without a comma.
const STARTS: &[&str] = &["aged", "born", "on", "who", "with"];

fn one(c: &mut Cursor<'_>) -> Parsed<Given> {
    if c.eat("in") {
        return Ok(Given::In(place(c)?.node));
    }
    if c.eat("aged") {
        return number(c, "an age in years").map(Given::Aged);
    }
    if c.eat("born") {
        let _on = c.eat("on");
        return day(c).map(Given::Born);
    }
    let _who = c.eat("who");
    let _has = c.eat("has");
    if let Some(act) = c.eat_any(ACTS) {
        return choice(c, act);
    }
    if c.eat("is on list") || c.eat("on list") {
        return Ok(Given::OnList(c.quote("a list in quotation marks")?.node));
    }
    let _with = c.eat("with");
    if c.eat("bias audit passed on") {
        let every = crate::ast::Period {
            count: 0,
            unit: crate::ast::Unit::Day,
        };
        return Ok(Given::Gate(Gate::BiasAudit(every), day(c)?));
    }
    if c.sees("DPIA") {
        let gate = gate(c)?;
        c.expect("valid until")?;
        return Ok(Given::Gate(gate, day(c)?));
    }
    if signal::SIGNALS.iter().any(|words| c.sees(words)) && !c.sees_name(Sort::Category) {
        let name = signal::single(c)?;
        let says = c.eat_any(SAYS).unwrap_or(SignalSays::Refuses);
        return Ok(Given::Signal(name, says));
    }
    if c.sees_name(Sort::Category) {
        let category = c.name(Sort::Category)?;
        return Ok(Given::Data {
            category,
            value: value(c)?,
        });
    }
    unknown_data(c)
}

/// `consented to personalised ads for Meta Ads on 2026-11-01`
fn choice(c: &mut Cursor<'_>, act: ChoiceAct) -> Parsed<Given> {
    let purpose = c.name(Sort::Purpose)?;
    let recipient = if c.eat("for") {
        Some(c.name(Sort::Recipient)?)
    } else {
        None
    };
    c.expect("on")?;
    Ok(Given::Choice {
        act,
        purpose,
        recipient,
        on: day(c)?,
    })
}

const ACTS: &[(&str, ChoiceAct)] = &[
    ("consented to", ChoiceAct::Consented),
    ("refused", ChoiceAct::Refused),
    ("withdrew from", ChoiceAct::Withdrew),
    ("withdrew", ChoiceAct::Withdrew),
    ("opted out of", ChoiceAct::OptedOut),
    ("opted in to", ChoiceAct::OptedIn),
    ("objected to", ChoiceAct::Objected),
];

const SAYS: &[(&str, SignalSays)] = &[
    ("granted", SignalSays::Grants),
    ("refused", SignalSays::Refuses),
    ("unreadable", SignalSays::Unreadable),
];

/// A category that is not declared: the words before its value.
fn unknown_data(c: &mut Cursor<'_>) -> Parsed<Given> {
    use crate::lex::TokenKind;
    let words = c.rest().iter().take_while(|piece| piece.is_word()).count();
    let is_quoted = c
        .rest()
        .get(words)
        .is_some_and(|piece| piece.kind == TokenKind::Quote);
    let count = if is_quoted {
        words
    } else {
        words.saturating_sub(1)
    };
    if count == 0 || c.peek_text() == "when" {
        return Err(c.expected(&[
            "in",
            "aged",
            "born",
            "who consented to",
            "with",
            "on list",
            "a category",
        ]));
    }
    let from = c.here();
    let mut name = Vec::new();
    for piece in c.rest().iter().take(count) {
        name.push(piece.text);
    }
    for _ in 0..count {
        c.take();
    }
    let category = c.mark(Kind::Name, from, name.join(" "));
    Ok(Given::Data {
        category,
        value: value(c)?,
    })
}
