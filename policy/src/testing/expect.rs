//! From what was expected and what was found to the differences, in words.

use super::Field;
use crate::ast::{ExpectField, ExpectVerdict, FieldIs, Test};
use crate::verdict::{Answer, Label};

pub(super) fn differences(test: &Test, answer: &Answer, fields: &[Field]) -> Vec<String> {
    let verdict = verdict(test.expect.node, answer, fields);
    // A wrong verdict explains the rest.
    if verdict.is_some() {
        return verdict.into_iter().collect();
    }
    let because = because(test, answer);
    let fields = test
        .fields
        .iter()
        .filter_map(|expected| field(expected, fields));
    because.into_iter().chain(fields).collect()
}

fn verdict(expected: ExpectVerdict, answer: &Answer, fields: &[Field]) -> Option<String> {
    let is_edited = fields
        .iter()
        .any(|field| field.after.as_ref() != Some(&field.before));
    match (expected, answer) {
        (ExpectVerdict::Sent, Answer::Permitted { .. })
        | (ExpectVerdict::Refused, Answer::Refused(_)) => None,
        (ExpectVerdict::Edited, Answer::Permitted { .. }) => (!is_edited)
            .then(|| "it was sent unchanged: nothing given was edited or left out".to_owned()),
        (ExpectVerdict::Refused, Answer::Permitted { clauses, .. }) => {
            Some(format!("it was sent because of {}", listed(clauses)))
        }
        (ExpectVerdict::Sent | ExpectVerdict::Edited, Answer::Refused(refusal)) => {
            Some(match refusal.clauses.as_slice() {
                [] => format!("it was refused: {}", refusal.reason.sentence()),
                clauses => format!(
                    "it was refused because of {}: {}",
                    listed(clauses),
                    refusal.reason.sentence()
                ),
            })
        }
    }
}

/// Every label expected must be cited; more may be.
fn because(test: &Test, answer: &Answer) -> Option<String> {
    let (cited, rest) = match answer {
        Answer::Permitted { clauses, .. } => (clauses, String::new()),
        Answer::Refused(refusal) => (
            &refusal.clauses,
            format!(" ({})", refusal.reason.sentence()),
        ),
    };
    let is_cited = |label: &str| cited.iter().any(|found| *found.0 == *label);
    let missing: Vec<_> = test
        .because
        .iter()
        .filter(|label| !is_cited(&label.node))
        .map(|label| label.node.as_str())
        .collect();
    (!missing.is_empty()).then(|| {
        let found = if cited.is_empty() {
            "no clause".to_owned()
        } else {
            listed(cited)
        };
        format!(
            "expected because of {}, found {found}{rest}",
            missing.join(" and ")
        )
    })
}

fn field(expected: &ExpectField, fields: &[Field]) -> Option<String> {
    let name = &expected.category.node;
    let field = fields.iter().find(|field| field.category == *name);
    let after = field.and_then(|field| field.after.as_deref());
    let found = after.map_or_else(|| "absent".to_owned(), |text| format!("`{text}`"));
    let wanted = match &expected.is.node {
        FieldIs::Absent => (after.is_none(), "absent".to_owned()),
        FieldIs::Hashed => (
            after.is_some() && field.is_some_and(|field| field.is_hash),
            "hashed".to_owned(),
        ),
        FieldIs::Unchanged => {
            let before = field.map(|field| field.before.as_str());
            (after.is_some() && after == before, "unchanged".to_owned())
        }
        FieldIs::Value(value) => (after == Some(value), format!("`{value}`")),
    };
    match wanted {
        (true, _) => None,
        (false, wanted) => Some(format!("{name} should be {wanted}, but is {found}")),
    }
}

fn listed(labels: &[Label]) -> String {
    labels
        .iter()
        .map(|label| &*label.0)
        .collect::<Vec<_>>()
        .join(" and ")
}
