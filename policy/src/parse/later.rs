//! Constructs whose words are kept for a later version of the language.

use super::cursor::Cursor;
use crate::diagnostic::{Diagnostic, registry};

/// How sentences begin that a later version will know, and what they are.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("prove", "`prove`"),
    ("include", "including a law pack"),
    ("adopt", "including a law pack"),
    ("agreement", "an agreement about data"),
    ("value list", "a value list"),
    ("balancing test", "a balancing test"),
];

/// Says that these words are not enforced yet.
pub(super) fn not_yet(c: &Cursor<'_>, what: &str) -> Box<Diagnostic> {
    let message = format!("{what} is not yet in this version of the language");
    Box::new(
        c.fault(registry::NOT_YET, &message)
            .help("leave it out for now"),
    )
}
