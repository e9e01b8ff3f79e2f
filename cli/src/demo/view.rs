//! What a person sees while the demo runs: one calm picture that is redrawn in place, or plain
//! lines.

use gateway::{Counts, RecentDecision};

use super::story::Story;
use crate::args::Format;
use crate::exit::Failure;
use crate::out::{self, Out};
use crate::terminal::{Paint, Tone, fit, grouped};

/// One moment of the demo.
#[derive(Debug)]
pub(super) struct Moment<'m> {
    /// Events sent so far.
    pub done: u64,
    /// Events in all.
    pub all: u64,
    /// What the gateway counts.
    pub counts: &'m Counts,
    /// Its last decisions, oldest first.
    pub recent: &'m [RecentDecision],
    /// The event that is followed.
    pub story: &'m Story,
    /// What is happening besides, in a line.
    pub note: &'m str,
}

/// Shows moments.
#[derive(Debug)]
pub(super) struct View {
    out: Out,
    live: bool,
    paint: Paint,
    drawn: usize,
    told: u64,
}

/// How many decisions are shown.
const DECISIONS: usize = 5;
/// The progress bar's width, in characters.
const BAR: usize = 48;
/// No line is longer, so that none wraps on the usual terminal.
const WIDTH: usize = 78;

impl View {
    /// A live view, or plain lines.
    pub(super) fn new(out: Out, live: bool) -> Self {
        Self {
            out,
            live: live && out.format() == Format::Text,
            paint: Paint::for_stdout(),
            drawn: 0,
            told: 0,
        }
    }

    /// Whether the picture is redrawn in place.
    pub(super) fn is_live(&self) -> bool {
        self.live
    }

    /// How text is colored.
    pub(super) fn paint(&self) -> Paint {
        self.paint
    }

    /// Shows a moment: redraws the picture, or tells each tenth in a line.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if standard output cannot be written.
    pub(super) fn show(&mut self, moment: &Moment<'_>) -> Result<(), Failure> {
        if self.live {
            return self.draw(&picture(self.paint, moment));
        }
        let tenth = (moment.done * 10).checked_div(moment.all).unwrap_or(10);
        if tenth <= self.told && moment.done > 0 {
            return Ok(());
        }
        self.told = tenth;
        self.out.say(&plain(moment))
    }

    /// Leaves the picture where it is; what follows is written below it.
    ///
    /// # Errors
    /// As [`View::show`].
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        if self.live && self.drawn > 0 {
            self.drawn = 0;
            return out::raw(SHOW_CURSOR);
        }
        Ok(())
    }

    fn draw(&mut self, lines: &[String]) -> Result<(), Failure> {
        let mut frame = String::from(HIDE_CURSOR);
        if self.drawn > 0 {
            frame.push_str(&format!("\x1b[{}A", self.drawn));
        }
        for line in lines {
            // Each line is written over the old one, and the rest of that is cleared: no flicker.
            frame.push_str(&format!("\r{line}\x1b[K\n"));
        }
        frame.push_str("\x1b[J");
        self.drawn = lines.len();
        out::raw(&frame)
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // However the demo ends, the terminal gets its cursor and its wrapping back.
        drop(self.finish());
    }
}

/// Cursor away, and long lines are cut instead of wrapped, so that going up by lines stays true.
const HIDE_CURSOR: &str = "\x1b[?25l\x1b[?7l";
const SHOW_CURSOR: &str = "\x1b[?25h\x1b[?7h";

fn picture(paint: Paint, moment: &Moment<'_>) -> Vec<String> {
    let counts = moment.counts;
    let mut lines = vec![bar(paint, moment), String::new()];
    lines.push(format!(
        "{} decisions   {} {}   of these {} {}   {} {}",
        grouped(counts.decisions),
        paint.tone(Tone::Sent, "sent"),
        grouped(counts.sent),
        paint.tone(Tone::Edited, "edited"),
        grouped(counts.edited),
        paint.tone(Tone::Refused, "refused"),
        grouped(counts.refused),
    ));
    lines.push(paint.tone(Tone::Dim, &fit(moment.note, WIDTH)));
    lines.push(String::new());
    lines.push(paint.tone(Tone::Bold, "Last decisions"));
    let mut shown: Vec<String> = moment
        .recent
        .iter()
        .rev()
        .take(DECISIONS)
        .map(|one| decision(paint, one))
        .collect();
    shown.resize(DECISIONS, String::new());
    lines.append(&mut shown);
    lines.push(String::new());
    lines.extend(
        moment
            .story
            .lines(paint, "One event of Kim's, before and after"),
    );
    lines
}

fn bar(paint: Paint, moment: &Moment<'_>) -> String {
    let whole = BAR as u64;
    let full = (moment.done * whole)
        .checked_div(moment.all)
        .unwrap_or(whole)
        .min(whole);
    let full = usize::try_from(full).unwrap_or(BAR);
    format!(
        "{}{}  {} of {} events",
        "━".repeat(full),
        paint.tone(Tone::Dim, &"─".repeat(BAR - full)),
        grouped(moment.done),
        grouped(moment.all),
    )
}

fn decision(paint: Paint, decision: &RecentDecision) -> String {
    let tone = match decision.verdict {
        "refused" => Tone::Refused,
        "edited" => Tone::Edited,
        _ => Tone::Sent,
    };
    let verdict = paint.tone(tone, &format!("{:8}", decision.verdict));
    let number = format!("#{}", decision.index);
    let because = because(decision);
    format!(
        "{number:>8}  {verdict} {:15} {}",
        fit(&decision.recipient, 15),
        fit(&because, 42)
    )
}

/// The clauses that decided, or the reason where none speaks.
fn because(decision: &RecentDecision) -> String {
    let clauses = decision.clauses.join(", ");
    match (decision.reason, clauses.is_empty()) {
        (Some(reason), true) => reason.to_owned(),
        (Some(reason), false) => format!("{clauses} ({reason})"),
        (None, _) if decision.edited.is_empty() => clauses,
        (None, _) => format!("{clauses}; changed: {}", decision.edited.join(", ")),
    }
}

fn plain(moment: &Moment<'_>) -> String {
    let counts = moment.counts;
    format!(
        "{:>7} of {} events: {} decisions, {} sent, of these {} edited, {} refused",
        moment.done, moment.all, counts.decisions, counts.sent, counts.edited, counts.refused
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_picture_has_always_the_same_height_and_fits() {
        let story = Story {
            before: json!({}),
            after: None,
        };
        let refusal = RecentDecision {
            index: proof::Index::new(1_234_567),
            at_ms: 0,
            source: "web shop".into(),
            recipient: "A recipient with a very long name".into(),
            purpose: "ads".into(),
            verdict: "refused",
            clauses: vec!["B1".into(), "N2".into()],
            reason: Some("block"),
            edited: Vec::new(),
            at_send: false,
        };
        let counts = Counts {
            decisions: 9_999_999,
            ..Counts::default()
        };
        let mut heights = Vec::new();
        for recent in [vec![], vec![refusal; 9]] {
            let note = "x".repeat(100);
            let moment = Moment {
                done: 999_999,
                all: 1_000_000,
                counts: &counts,
                recent: &recent,
                story: &story,
                note: &note,
            };
            let lines = picture(Paint::plain(), &moment);
            for line in &lines {
                assert!(line.chars().count() <= WIDTH, "{line}");
            }
            heights.push(lines.len());
        }
        assert_eq!(heights, [22, 22]);
    }
}
