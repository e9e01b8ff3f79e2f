//! Several clauses' forms of one event, merged into one edit program.

use std::collections::{BTreeMap, BTreeSet};

use super::AllowRule;
use crate::ast::{CapWindow, Edit};
use crate::policy::CategoryInfo;
use crate::verdict::{CapRule, EditProgram, Step};

/// The union of what the clauses list, without what is forbidden; the strictest edit a category;
/// the tightest cap a window.
pub(crate) fn program(
    categories: &[CategoryInfo],
    allows: &[&AllowRule],
    forbidden: &BTreeSet<usize>,
) -> EditProgram {
    let mut edits: BTreeMap<usize, Option<Edit>> = BTreeMap::new();
    for (category, edit) in allows.iter().flat_map(|allow| allow.forms.iter()) {
        if !forbidden.contains(category) {
            edits
                .entry(*category)
                .and_modify(|strictest| *strictest = stricter(strictest.take(), edit.clone()))
                .or_insert_with(|| edit.clone());
        }
    }
    let step = |(number, edit): (usize, Option<Edit>)| {
        let category = categories.get(number)?;
        Some(Step {
            category: category.name.clone(),
            paths: category.paths.clone(),
            edit,
        })
    };
    EditProgram {
        steps: edits.into_iter().filter_map(step).collect(),
        caps: caps(allows),
    }
}

/// What both programs let leave, each category in the stricter form; caps are those of `now`.
pub(crate) fn both(now: &EditProgram, happened: &EditProgram) -> EditProgram {
    let step = |step: &Step| {
        let then = happened
            .steps
            .iter()
            .find(|then| then.category == step.category)?;
        Some(Step {
            edit: stricter(step.edit.clone(), then.edit.clone()),
            ..step.clone()
        })
    };
    EditProgram {
        steps: now.steps.iter().filter_map(step).collect(),
        caps: now.caps.clone(),
    }
}

fn stricter(left: Option<Edit>, right: Option<Edit>) -> Option<Edit> {
    [left, right].into_iter().flatten().reduce(Edit::strictest)
}

/// For each window the clause that allows fewest; the first written where two say the same.
fn caps(allows: &[&AllowRule]) -> Vec<CapRule> {
    [CapWindow::Day, CapWindow::Week]
        .into_iter()
        .filter_map(|per| {
            allows
                .iter()
                .flat_map(|allow| allow.caps.iter().map(|cap| (*cap, &allow.rule.label)))
                .filter(|(cap, _)| cap.per == per)
                .min_by_key(|(cap, _)| cap.events)
                .map(|(cap, label)| CapRule {
                    clause: label.clone(),
                    events: cap.events,
                    per,
                })
        })
        .collect()
}
