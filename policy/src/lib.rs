//! The policy language: text -> tree -> check -> compile -> evaluate.
//!
//! Pure: no files, no clock, no network. What time it is and what is known arrive as a
//! [`Situation`]; what comes out is a [`Verdict`] that cites clauses. It does not know wire
//! formats, people's identifiers or where facts come from.

pub mod ast;
mod calendar;
pub mod check;
mod compile;
pub mod diagnostic;
pub mod edit;
mod evaluate;
mod facts;
pub mod lex;
pub mod parse;
pub mod places;
mod policy;
pub mod reference;
pub mod situation;
pub mod testing;
pub mod text;
pub mod tree;
pub mod verdict;
pub mod vocabulary;
pub mod why;

pub use evaluate::Decided;
pub use facts::Facts;
pub use policy::{CategoryInfo, FlowInfo, Policy, RecipientInfo, SourceInfo};
pub use situation::Situation;
pub use verdict::{Answer, Permit, Refusal, Verdict};
