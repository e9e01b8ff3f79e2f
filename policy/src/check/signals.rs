//! P0319: a test supposes a signal that no purpose reads.

use super::Checked;
use crate::ast::Given;
use crate::diagnostic::{Diagnostic, registry};

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let purposes = &policy.file.purposes;
    if !policy.is_whole() {
        return;
    }
    let read = || {
        let readings = purposes
            .iter()
            .flat_map(|purpose| [&purpose.consent, &purpose.opt_out]);
        readings.flatten().flat_map(|reading| &reading.sources)
    };
    for given in policy.file.tests.iter().flat_map(|test| &test.given) {
        if let Given::Signal(name, _) = &given.node
            && !read().any(|signal| signal.node == *name)
        {
            found.push(
                Diagnostic::new(
                    registry::FALSE_SIGNAL,
                    given.span,
                    "no purpose reads this signal",
                )
                .help("name it in `consent is read from ...` or `opt-out is read from ...`"),
            );
        }
    }
}
