//! Runs the tests that stand inside a policy: `given ..., when ..., expect ...`.
//!
//! A test supposes a person, signals and data, asks the same evaluator as the gateway, makes the
//! same edits, and says in plain words where the outcome differs. It sees no key from outside:
//! keyed hashes use a key of their own.

mod expect;
mod given;

use crate::ast::Test;
use crate::edit::{self, Edited, Keys};
use crate::policy::Policy;
use crate::situation::Situation;
use crate::text::Span;
use crate::verdict::Answer;

/// What became of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestOutcome {
    /// What the test shows.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Whether everything was as expected.
    pub passed: bool,
    /// What was found instead, one sentence a difference; empty where it passed.
    pub found: String,
}

/// Runs every test of a policy, in the order written.
#[must_use]
pub fn run(policy: &Policy) -> Vec<TestOutcome> {
    policy
        .tree()
        .tests
        .iter()
        .map(|test| outcome(policy, test))
        .collect()
}

fn outcome(policy: &Policy, test: &Test) -> TestOutcome {
    let found = differences(policy, test).join("; ");
    TestOutcome {
        name: test.name.node.clone(),
        span: test.name.span,
        passed: found.is_empty(),
        found,
    }
}

fn differences(policy: &Policy, test: &Test) -> Vec<String> {
    let when = &test.when;
    let flow = policy.flow(&when.source.node, &when.recipient.node, &when.purpose.node);
    let Some(flow) = flow else {
        return vec!["the policy knows no such source, recipient or purpose".to_owned()];
    };
    let given = match given::suppose(policy, test) {
        Ok(given) => given,
        Err(words) => return vec![words],
    };
    let answer = policy.answer(flow, &given.situation, &given.situation);
    let fields = fields(&answer, &given);
    expect::differences(test, &answer, &fields)
}

/// What a test supposes.
struct Supposed {
    situation: Situation,
    day: crate::ast::Day,
    /// Category and its value as text, in the order written.
    data: Vec<(String, String)>,
}

/// One category of the event, before and after.
struct Field {
    category: String,
    before: String,
    /// None where it does not leave.
    after: Option<String>,
    is_hash: bool,
}

/// What became of the event's data: nothing leaves a refused event.
fn fields(answer: &Answer, given: &Supposed) -> Vec<Field> {
    let steps = match answer {
        Answer::Permitted { program, .. } => program.steps.as_slice(),
        Answer::Refused(_) => &[],
    };
    let field = |(category, before): &(String, String)| {
        let step = steps.iter().find(|step| *step.category == **category);
        let edit = step.and_then(|step| step.edit.as_ref());
        let edited = edit.map_or(Edited::Unchanged, |edit| {
            edit::apply(edit, before, false, given.day, &TestKey)
        });
        let after = match edited {
            Edited::Unchanged => Some(before.clone()),
            Edited::Text(text) | Edited::Number(text) => Some(text),
            Edited::Removed => None,
        };
        Field {
            category: category.clone(),
            before: before.clone(),
            after: after.filter(|_| step.is_some()),
            is_hash: edit.is_some_and(|edit| edit.strictness() >= edit::Strictness::Hash),
        }
    };
    given.data.iter().map(field).collect()
}

/// One key under every name, known to everybody.
struct TestKey;

impl Keys for TestKey {
    fn key(&self, _name: &str) -> Option<&[u8]> {
        Some(b"in-file tests hash with this key")
    }
}

#[cfg(test)]
mod tests;
