//! What is wrong with a policy text: where, what, why, and how to mend it. All of it in one run.

pub mod registry;
mod render;

use std::fmt;
use std::path::PathBuf;

use crate::text::Span;

/// Everything found in one run over one text, sorted by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What the text is called.
    pub name: PathBuf,
    /// The text itself, for underlining. (Policies hold no personal data but a test's invented
    /// people.)
    pub text: String,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its number in the registry, printed `P0123`.
    pub code: Code,
    /// Whether the policy can be used in spite of it.
    pub severity: Severity,
    /// The words at fault.
    pub span: Span,
    /// What is wrong, in one line, lower case, no full stop.
    pub message: String,
    /// Why that matters: the law or the rule behind it.
    pub reason: String,
    /// How to mend it: text to put in place of the span, where a machine can tell, and words.
    pub suggestion: Option<Suggestion>,
}

/// A way to mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// In words.
    pub words: String,
    /// What to put in place of the diagnostic's span, where a machine can tell.
    pub replacement: Option<String>,
}

/// A number of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

/// Whether a finding stops the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The policy is not usable.
    Error,
    /// The policy is usable; somebody should look.
    Lint,
}

impl Report {
    /// Sorts findings by place and drops what was found twice.
    #[must_use]
    pub fn new(name: PathBuf, text: String, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by(|left, right| {
            (left.span, left.code, &left.message).cmp(&(right.span, right.code, &right.message))
        });
        diagnostics.dedup();
        Self {
            name,
            text,
            diagnostics,
        }
    }

    /// Whether something in it stops the policy.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error)
    }
}

impl Diagnostic {
    /// A finding with the registry's severity and reason for its code.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let entry = registry::entry(code);
        Self {
            code,
            severity: entry.severity,
            span,
            message: message.into(),
            reason: entry.why.to_owned(),
            suggestion: None,
        }
    }

    /// Says a closer reason than the registry's.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// Says how to mend it, in words.
    #[must_use]
    pub fn help(mut self, words: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            words: words.into(),
            replacement: None,
        });
        self
    }

    /// Says how to mend it: what to write in place of the span.
    #[must_use]
    pub fn replace_with(mut self, words: impl Into<String>, text: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            words: words.into(),
            replacement: Some(text.into()),
        });
        self
    }

    /// Says how to mend it, in words, where nothing better was said.
    #[must_use]
    pub fn or_help(self, words: impl Into<String>) -> Self {
        if self.suggestion.is_some() {
            self
        } else {
            self.help(words)
        }
    }

    /// Adds `did you mean ...` where one of the known words is close to what was written.
    #[must_use]
    pub fn did_you_mean<'k>(self, written: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        match crate::vocabulary::closest(written, known) {
            None => self,
            Some(near) => self.replace_with(format!("did you mean `{near}`?"), near),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{:04}", self.0)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Lint => "lint",
        })
    }
}

#[cfg(test)]
mod tests;
