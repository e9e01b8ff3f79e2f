//! Random files and situations: the compiled policy says what the oracle says.

pub(crate) mod generate;

use super::{Opinion, judge};
use crate::policy::Policy;
use crate::verdict::Reason;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Few files (compiling is the slow part), many situations each.
const FILES: u32 = 400;
const SITUATIONS: usize = 50;

#[test]
fn the_compiled_policy_says_what_the_oracle_says() {
    let case = (
        generate::file(),
        prop::collection::vec(generate::pair(), SITUATIONS),
    );
    let mut seen = Seen::default();
    let seen_by_case = std::cell::RefCell::new(&mut seen);
    TestRunner::new(Config {
        cases: FILES,
        failure_persistence: None,
        ..Config::default()
    })
    .run(&case, |(file, pairs)| {
        let policy = Policy::from_checked(file.clone(), "", Vec::new());
        for (at, (happened, now)) in pairs.iter().enumerate() {
            let (source, recipient, purpose) = generate::flow(at);
            let Some(flow) = policy.flow(source, recipient, purpose) else {
                return Err(TestCaseError::fail("every generated file has every flow"));
            };
            let compiled = Opinion::from(&policy.answer(flow, happened, now));
            let oracle = judge(&file, (source, recipient, purpose), happened, now);
            seen_by_case.borrow_mut().note(&compiled);
            prop_assert_eq!(Some(compiled), oracle, "{:?}", (source, recipient, purpose));
        }
        Ok(())
    })
    .unwrap();
    seen.assert_every_outcome();
}

/// How often each outcome came up: agreement on refusals alone would prove little.
#[derive(Default, Debug)]
struct Seen {
    permitted: usize,
    refused: std::collections::BTreeMap<Reason, usize>,
    edited: usize,
}

impl Seen {
    fn note(&mut self, opinion: &Opinion) {
        match opinion {
            Opinion::Permitted { steps, .. } => {
                self.permitted += 1;
                self.edited += usize::from(steps.iter().any(|(_, edit)| edit.is_some()));
            }
            Opinion::Refused { reason, .. } => *self.refused.entry(*reason).or_default() += 1,
        }
    }

    fn assert_every_outcome(&self) {
        use Reason::{Block, Gate, Never, NoClause, NotMet, Unreadable};
        assert!(self.permitted >= 200 && self.edited >= 50, "{self:?}");
        for reason in [Never, Gate, Block, Unreadable, NotMet, NoClause] {
            assert!(
                self.refused.get(&reason).is_some_and(|count| *count >= 50),
                "{self:?}"
            );
        }
    }
}
