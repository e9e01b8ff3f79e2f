//! Findings as text for people, in rustc's form, and as JSON lines for editors and CI.

use annotate_snippets::{AnnotationKind, Level, Origin, Patch, Renderer, Snippet};

use super::{Diagnostic, Report, Severity};
use crate::text::Span;

/// So many findings are printed; whoever has more mends these first.
const PRINTED_MAX: usize = 200;

/// So many findings become JSON; programs mend more of them at once.
const JSON_MAX: usize = 1000;

/// Longer lines are not shown, only where on them the words at fault stand.
const LINE_MAX: usize = 2000;

impl Report {
    /// The findings as text: code, words at fault underlined, reason as a note, suggestion as help.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let lines = Lines::of(&self.text);
        let name = self.name.to_string_lossy();
        let mut out = String::new();
        for found in self.diagnostics.iter().take(PRINTED_MAX) {
            out.push_str(&one(&renderer, &lines, &name, found));
            out.push_str("\n\n");
        }
        if let Some(more @ 1..) = self.diagnostics.len().checked_sub(PRINTED_MAX) {
            out.push_str(&format!(
                "{more} more findings are not shown: mend these first, and check again\n"
            ));
        }
        out
    }

    /// The findings as JSON, one object a line: `file`, `line` and `column` (from 1, in
    /// characters), `end_line`, `end_column`, `code`, `severity`, `message`, `reason`, `suggestion`
    /// and `replacement` (null where there is none). Where there are too many for one answer, a
    /// last object holds `file` and `not_shown`, their number.
    #[must_use]
    pub fn to_json(&self) -> String {
        let lines = Lines::of(&self.text);
        let name = self.name.to_string_lossy();
        let mut out = String::new();
        for found in self.diagnostics.iter().take(JSON_MAX) {
            let (line, column) = lines.place(found.span.start);
            let (end_line, end_column) = lines.place(found.span.end);
            let suggestion = found.suggestion.as_ref();
            let object = serde_json::json!({
                "file": name,
                "line": line,
                "column": column,
                "end_line": end_line,
                "end_column": end_column,
                "code": found.code.to_string(),
                "severity": found.severity.to_string(),
                "message": found.message,
                "reason": found.reason,
                "suggestion": suggestion.map(|suggestion| &suggestion.words),
                "replacement": suggestion.and_then(|suggestion| suggestion.replacement.as_ref()),
            });
            out.push_str(&object.to_string());
            out.push('\n');
        }
        if let Some(more @ 1..) = self.diagnostics.len().checked_sub(JSON_MAX) {
            let cut = serde_json::json!({ "file": name, "not_shown": more });
            out.push_str(&format!("{cut}\n"));
        }
        out
    }
}

fn one(renderer: &Renderer, lines: &Lines<'_>, name: &str, found: &Diagnostic) -> String {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Lint => Level::WARNING.with_name("lint"),
    };
    let excerpt = lines.excerpt(found.span);
    if excerpt.text.len() > LINE_MAX {
        let (line, column) = lines.place(found.span.start);
        let place = Origin::path(name).line(line).char_column(column);
        let main = level
            .primary_title(&*found.message)
            .id(found.code.to_string());
        let main = main
            .element(place)
            .element(Level::NOTE.message(&*found.reason));
        let help = found.suggestion.as_ref();
        let help = help.map(|suggestion| Level::HELP.message(&*suggestion.words));
        return renderer.render(&[main.elements(help)]);
    }
    let snippet = Snippet::source(excerpt.text)
        .line_start(excerpt.line)
        .path(name)
        .annotation(AnnotationKind::Primary.span(excerpt.range.clone()));
    let main = level
        .primary_title(&*found.message)
        .id(found.code.to_string())
        .element(snippet)
        .element(Level::NOTE.message(&*found.reason));
    let Some(suggestion) = &found.suggestion else {
        return renderer.render(&[main]);
    };
    match &suggestion.replacement {
        None => renderer.render(&[main.element(Level::HELP.message(&*suggestion.words))]),
        Some(replacement) => {
            let patched = Snippet::source(excerpt.text)
                .line_start(excerpt.line)
                .path(name)
                .patch(Patch::new(excerpt.range, replacement.as_str()));
            let help = Level::HELP
                .secondary_title(&*suggestion.words)
                .element(patched);
            renderer.render(&[main, help])
        }
    }
}

/// A text with its line starts.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

/// The whole lines around a span.
struct Excerpt<'t> {
    text: &'t str,
    line: usize,
    range: std::ops::Range<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let after_ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(after_ends).collect(),
        }
    }

    /// Index of the line that holds a byte.
    fn index(&self, at: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= at)
            .saturating_sub(1)
    }

    fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// Line and column of a byte, both from 1, columns in characters.
    fn place(&self, at: u32) -> (usize, usize) {
        let at = (at as usize).min(self.text.len());
        let line = self.index(at);
        let before = self.text.get(self.start(line)..at).unwrap_or_default();
        (line + 1, before.chars().count() + 1)
    }

    /// The lines of a span. Long texts are not handed to the renderer whole: it would read them
    /// once a finding.
    fn excerpt(&self, span: Span) -> Excerpt<'t> {
        let start = (span.start as usize).min(self.text.len());
        let end = (span.end as usize).clamp(start, self.text.len());
        let line = self.index(start);
        let from = self.start(line);
        let to = self.start(self.index(end) + 1);
        let text = self.text.get(from..to).unwrap_or_default();
        let text = text.strip_suffix('\n').unwrap_or(text);
        let range = (start - from).min(text.len())..(end - from).min(text.len());
        Excerpt {
            text,
            line: line + 1,
            range,
        }
    }
}
