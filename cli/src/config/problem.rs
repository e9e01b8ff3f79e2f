//! What is wrong with a configuration: where, which words, and how to mend it.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

/// Where a piece of configuration was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// In the file, at these bytes.
    File(Start, usize),
    /// In this variable of the environment.
    Variable(String),
}

/// First byte of a span.
pub(crate) type Start = usize;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Where.
    pub origin: Origin,
    /// What, in one line.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// A problem as programs read it.
#[derive(Debug, Serialize)]
pub(crate) struct Told<'a> {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<&'a str>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

impl Origin {
    /// The bytes of a span.
    pub(crate) fn file(span: &Range<usize>) -> Self {
        Self::File(span.start, span.end)
    }
}

impl Problem {
    /// A problem with no help yet.
    pub(crate) fn new(origin: &Origin, message: impl Into<String>) -> Self {
        Self {
            origin: origin.clone(),
            message: message.into(),
            help: None,
        }
    }

    /// Says how to mend it.
    pub(crate) fn help(mut self, words: impl Into<String>) -> Self {
        self.help = Some(words.into());
        self
    }

    /// Suggests the known word that is nearest to what was written.
    pub(crate) fn did_you_mean<'k>(
        self,
        written: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        match policy::vocabulary::closest(written, known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The problem as people read it, with the words underlined.
    pub(crate) fn render(&self, file: &Path, text: &str) -> String {
        let mut told = String::new();
        match &self.origin {
            // About something that is nowhere in the file: there are no words to underline.
            Origin::File(0, 0) => {
                told.push_str(&format!("error: {}\n --> {}", self.message, file.display()));
                if let Some(help) = &self.help {
                    told.push_str(&format!("\n  = help: {help}"));
                }
            }
            Origin::File(start, end) => {
                let at = Spot::find(text, *start);
                let width = at.width(end.saturating_sub(*start));
                let gutter = at.line.to_string().len();
                let pad = " ".repeat(gutter);
                let indent = " ".repeat(at.column - 1);
                let mark = "^".repeat(width);
                told.push_str(&format!(
                    "error: {message}\n{pad}--> {file}:{line}:{column}\n{pad} |\n\
                     {line} | {source}\n{pad} | {indent}{mark}",
                    message = self.message,
                    file = file.display(),
                    line = at.line,
                    column = at.column,
                    source = at.source,
                ));
                if let Some(help) = &self.help {
                    told.push_str(&format!("\n{pad} = help: {help}"));
                }
            }
            Origin::Variable(name) => {
                told.push_str(&format!("error: {}\n --> variable {name}", self.message));
                if let Some(help) = &self.help {
                    told.push_str(&format!("\n  = help: {help}"));
                }
            }
        }
        told
    }

    /// The problem as programs read it.
    pub(crate) fn told<'a>(&'a self, file: &Path, text: &str) -> Told<'a> {
        let (spot, variable) = match &self.origin {
            Origin::File(start, _) => (Some(Spot::find(text, *start)), None),
            Origin::Variable(name) => (None, Some(name.as_str())),
        };
        Told {
            file: file.display().to_string(),
            line: spot.as_ref().map(|spot| spot.line),
            column: spot.as_ref().map(|spot| spot.column),
            variable,
            message: &self.message,
            help: self.help.as_deref(),
        }
    }
}

/// Line, column (both from 1, in characters) and text of the line at a byte.
struct Spot<'t> {
    line: usize,
    column: usize,
    source: &'t str,
}

impl<'t> Spot<'t> {
    fn find(text: &'t str, byte: usize) -> Self {
        let mut start = 0;
        let mut found = Self {
            line: 1,
            column: 1,
            source: "",
        };
        for (at, line) in text.split_inclusive('\n').enumerate() {
            found.line = at + 1;
            found.source = line.trim_end_matches(['\n', '\r']);
            let before = line
                .char_indices()
                .take_while(|(offset, _)| start + offset < byte);
            found.column = before.count().min(found.source.chars().count()) + 1;
            start += line.len();
            if byte < start {
                break;
            }
        }
        found
    }

    /// How many characters to underline on this line: at least one.
    fn width(&self, bytes: usize) -> usize {
        let rest = self.source.chars().skip(self.column - 1);
        let mut left = bytes;
        rest.take_while(|letter| {
            let more = left > 0;
            left = left.saturating_sub(letter.len_utf8());
            more
        })
        .count()
        .max(1)
    }
}
