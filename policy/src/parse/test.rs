//! `test "consent in Germany sends a minimised event". given ..., when ..., expect ....`

mod given;

use super::cursor::{Cursor, Parsed};
use super::names::Sort;
use super::values::day;
use crate::ast::{ExpectField, ExpectVerdict, FieldIs, Name, Test, When};
use crate::lex::TokenKind;
use crate::text::Spanned;
use crate::tree::Kind;

/// `test "consent in Germany sends a minimised event"`
pub(super) fn name(c: &mut Cursor<'_>) -> Parsed<Spanned<String>> {
    c.expect("test")?;
    c.quote("a name in quotation marks")
}

/// `given a person in DE, when web shop sends it to Meta Ads for personalised ads, expect refused
/// because B1; ...`
pub(super) fn body(c: &mut Cursor<'_>, name: Spanned<String>) -> Parsed<Test> {
    c.expect("given")?;
    let given = given::given(c)?;
    c.comma();
    let when = c.spanned(Kind::When, when)?.node;
    c.comma();
    c.expect("expect")?;
    let expect = c.spanned(Kind::Verdict, verdict)?;
    let because = if c.eat("because") {
        c.list(label)?
    } else {
        Vec::new()
    };
    let mut fields = Vec::new();
    while c.eat(";") {
        let from = c.here();
        fields.push(field(c)?);
        c.mark(Kind::Field, from, ());
    }
    Ok(Test {
        name,
        given,
        when,
        expect,
        because,
        fields,
    })
}

/// `when web shop sends it to Meta Ads for personalised ads on 2026-12-05`
fn when(c: &mut Cursor<'_>) -> Parsed<When> {
    c.expect("when")?;
    let source = c.name(Sort::Source)?;
    if !(c.eat("sends it") || c.eat("sends anything")) {
        return Err(c.expected(&["sends it"]));
    }
    c.expect("to")?;
    let recipient = c.name(Sort::Recipient)?;
    c.expect("for")?;
    let purpose = c.name(Sort::Purpose)?;
    let on = if c.eat("on") { Some(day(c)?) } else { None };
    Ok(When {
        source,
        recipient,
        purpose,
        on,
    })
}

fn verdict(c: &mut Cursor<'_>) -> Parsed<ExpectVerdict> {
    let verdicts = [
        ("sent", ExpectVerdict::Sent),
        ("edited", ExpectVerdict::Edited),
        ("refused", ExpectVerdict::Refused),
    ];
    c.eat_any(&verdicts).ok_or_else(|| {
        let found = *c.expected(&verdicts.map(|(word, _)| word));
        let is_rejection = matches!(c.peek_text(), "blocked" | "denied" | "rejected" | "dropped");
        Box::new(if is_rejection {
            found.replace_with("say `refused`", "refused")
        } else {
            found
        })
    })
}

fn label(c: &mut Cursor<'_>) -> Parsed<Name> {
    c.spanned(Kind::Label, |c| {
        Ok(c.word("a clause number")?.text.to_owned())
    })
}

/// `email is hashed`
fn field(c: &mut Cursor<'_>) -> Parsed<ExpectField> {
    let category = c.name(Sort::Category)?;
    c.expect("is")?;
    let states = [
        ("absent", FieldIs::Absent),
        ("hashed", FieldIs::Hashed),
        ("unchanged", FieldIs::Unchanged),
    ];
    let is = c.spanned(Kind::Word, |c| {
        if let Some((_, state)) = states.iter().find(|(word, _)| c.eat(word)) {
            return Ok(state.clone());
        }
        value(c).map(FieldIs::Value)
    })?;
    Ok(ExpectField { category, is })
}

/// `"a@b.example"`, `203.0.113.0`
fn value(c: &mut Cursor<'_>) -> Parsed<String> {
    match c.peek() {
        Some(piece) if piece.kind == TokenKind::Quote => Ok(c.quote("a value")?.node),
        Some(_) | None => Ok(c.word("a value")?.text.to_owned()),
    }
}
