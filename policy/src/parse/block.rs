//! `B1. block personalised ads in US when the person opts out, except when .... under 11 CCR
//! 7025(c).`

use super::condition::{a_person, block_conditions};
use super::cursor::{Cursor, Parsed};
use super::names::Sort;
use super::values::{in_places, under_law, uses};
use crate::ast::{Block, Name};
use crate::tree::Kind;

/// The whole sentence.
pub(super) fn block(c: &mut Cursor<'_>, label: Name) -> Parsed<Block> {
    c.expect("block")?;
    let mut block = Block {
        label,
        uses: uses(c)?,
        recipients: Vec::new(),
        places: Vec::new(),
        when: Vec::new(),
        except: Vec::new(),
        law: None,
    };
    loop {
        if c.sees("to a person") || c.sees("for a person") {
            c.take();
            let person = c.spanned(Kind::Condition, a_person)?;
            block.when.push(person);
        } else if c.eat("to") {
            block
                .recipients
                .extend(c.list(|c| c.name(Sort::Recipient))?);
        } else if c.sees("in") {
            block.places.extend(in_places(c)?);
        } else if c.sees("for") {
            return Err(super::later::not_yet(c, "a block that ends by itself"));
        } else {
            break;
        }
    }
    if c.sees(", when") {
        c.comma();
    }
    if c.eat("when") {
        block.when.extend(block_conditions(c)?);
    }
    while c.sees(", except when") || c.sees("except when") || c.sees(", or when") {
        c.comma();
        let _word = c.eat("except") || c.eat("or");
        c.expect("when")?;
        block.except.push(block_conditions(c)?);
    }
    block.law = under_law(c)?;
    if block.law.is_none() && !c.is_done() {
        return Err(c.expected(&["when", "except when", "under"]));
    }
    Ok(block)
}
