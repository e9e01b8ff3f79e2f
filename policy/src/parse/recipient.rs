//! `recipient Meta Ads is host "graph.facebook.com"; independent controller; third party under
//! CCPA; in US by ....`

use super::cursor::{Cursor, Parsed};
use super::declared::declared;
use super::names::Sort;
use super::values::{day, place};
use crate::ast::{Recipient, Role, Transfer, TransferTool};
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Span;
use crate::tree::Kind;

/// The whole sentence.
pub(super) fn recipient(c: &mut Cursor<'_>) -> Parsed<Recipient> {
    c.expect("recipient")?;
    let name = declared(c, Sort::Recipient)?;
    c.expect("is")?;
    c.expect("host")?;
    let host = c.quote("a host in quotation marks")?;
    let mut recipient = Recipient {
        name,
        host,
        roles: Vec::new(),
        place: None,
        transfer: None,
    };
    while c.eat(";") {
        phrase(c, &mut recipient)?;
    }
    Ok(recipient)
}

fn phrase(c: &mut Cursor<'_>, recipient: &mut Recipient) -> Parsed<()> {
    let from = c.here();
    if let Some(index) = ROLES.iter().position(|(words, _)| c.eat(words)) {
        if let Some((_, role)) = ROLES.get(index) {
            let role = c.mark(Kind::Role, from, role.clone());
            recipient.roles.push(role);
        }
        return Ok(());
    }
    if c.sees("accepts") || c.sees("Google") {
        return Err(super::later::not_yet(c, "this about a recipient"));
    }
    if c.eat("in") {
        let place = place(c)?;
        let span = place.span;
        if recipient.place.replace(place).is_some() {
            twice(c, span, "a recipient is in one place");
        }
        if !c.eat("by") {
            return Ok(());
        }
    }
    if !TOOLS.iter().any(|(words, _)| c.sees(words)) {
        let mut words: Vec<&str> = ROLES.iter().map(|(words, _)| *words).collect();
        words.push("in");
        words.extend(TOOLS.map(|(words, _)| words));
        return Err(c.expected(&words));
    }
    let transfer = c.spanned(Kind::Transfer, transfer)?;
    let span = transfer.span;
    if recipient.transfer.replace(transfer).is_some() {
        twice(c, span, "a recipient has one transfer tool");
    }
    Ok(())
}

fn twice(c: &mut Cursor<'_>, span: Span, message: &str) {
    c.found.push(
        Diagnostic::new(registry::SAID_TWICE, span, message).help("leave one of the two out"),
    );
}

const ROLES: &[(&str, Role); 5] = &[
    ("independent controller", Role::IndependentController),
    ("joint controller", Role::JointController),
    ("processor", Role::Processor),
    ("service provider under CCPA", Role::ServiceProvider),
    ("third party under CCPA", Role::ThirdParty),
];

/// `certification "EU-US DPF" until 2027-06-30`
fn transfer(c: &mut Cursor<'_>) -> Parsed<Transfer> {
    let tool = c
        .eat_any(TOOLS)
        .ok_or_else(|| c.expected(&TOOLS.map(|(words, _)| words)))?;
    if tool == TransferTool::Certification {
        c.quote("a name in quotation marks")?;
    }
    let until = if c.eat("until") { Some(day(c)?) } else { None };
    Ok(Transfer { tool, until })
}

const TOOLS: &[(&str, TransferTool); 4] = &[
    ("adequacy decision", TransferTool::Adequacy),
    ("BCRs", TransferTool::BindingCorporateRules),
    ("certification", TransferTool::Certification),
    ("SCCs", TransferTool::StandardContractualClauses),
];
