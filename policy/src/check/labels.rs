//! P0205: a clause number given twice. P0206: a test that cites a clause there is not.

use std::collections::BTreeSet;

use super::Checked;
use crate::ast::Name;
use crate::diagnostic::{Diagnostic, registry};

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let file = policy.file;
    let allows = file.allows.iter().map(|clause| &clause.label);
    let blocks = file.blocks.iter().map(|clause| &clause.label);
    let nevers = file.nevers.iter().map(|clause| &clause.label);
    let keeps = file.keeps.iter().map(|clause| &clause.label);
    let mut labels: Vec<&Name> = allows.chain(blocks).chain(nevers).chain(keeps).collect();
    labels.sort_by_key(|label| label.span);

    let mut seen = BTreeSet::new();
    for label in &labels {
        if !seen.insert(label.node.as_str()) {
            let message = format!("there is a clause `{}` already", label.node);
            found.push(
                Diagnostic::new(registry::DUPLICATE_LABEL, label.span, message)
                    .help("give this clause the next free number"),
            );
        }
    }
    for cited in file.tests.iter().flat_map(|test| &test.because) {
        if !seen.contains(cited.node.as_str()) && !policy.is_broken(&cited.node) {
            let message = format!("no clause is numbered `{}`", cited.node);
            found.push(
                Diagnostic::new(registry::UNKNOWN_LABEL, cited.span, message)
                    .did_you_mean(&cited.node, seen.iter().copied())
                    .or_help("cite a clause by its number: `because A1`"),
            );
        }
    }
}
