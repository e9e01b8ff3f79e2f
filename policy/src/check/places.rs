//! P0414: `CA` is Canada, and perhaps California was meant.

use super::Checked;
use crate::ast::PlaceWord;
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Spanned;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let bases = policy
        .file
        .purposes
        .iter()
        .flat_map(|purpose| &purpose.bases);
    let in_bases = bases.flat_map(|basis| &basis.node.places);
    let in_blocks = policy.blocks().flat_map(|block| &block.places);
    let in_nevers = policy.nevers().flat_map(|never| &never.places);
    for place in in_bases.chain(in_blocks).chain(in_nevers) {
        if is_ambiguous(policy, place) {
            found.push(
                Diagnostic::new(registry::CANADA, place.span, "this is Canada")
                    .help("write `US-CA` or `California` for the state, `Canada` for the country"),
            );
        }
    }
}

/// Whoever writes `Canada` means it.
fn is_ambiguous(policy: &Checked<'_>, place: &Spanned<PlaceWord>) -> bool {
    let range = place.span.start as usize..place.span.end as usize;
    policy.text.get(range) == Some("CA")
}
