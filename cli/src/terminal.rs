//! What the terminal can do, and the few escape sequences we use (ECMA-48).

use std::io::IsTerminal as _;

/// Whether results go to a person's terminal.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Colors, where the output can show them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    on: bool,
}

/// What a piece of text means; the colors follow from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Less important than its surroundings.
    Dim,
    /// A heading.
    Bold,
    /// It went out as it was.
    Sent,
    /// It went out, changed.
    Edited,
    /// It stayed here.
    Refused,
}

impl Paint {
    /// Colors if standard output is a terminal and nobody asked for none.
    pub(crate) fn for_stdout() -> Self {
        Self {
            on: is_terminal() && !crate::environment::no_color(),
        }
    }

    /// No colors.
    #[cfg(test)]
    pub(crate) const fn plain() -> Self {
        Self { on: false }
    }

    /// The text in its tone. Color is never the only sign: the words stay.
    pub(crate) fn tone(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Dim => "2",
            Tone::Bold => "1",
            Tone::Sent => "32",
            Tone::Edited => "36",
            Tone::Refused => "33",
        };
        if self.on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Cuts a text to a width in characters, with an ellipsis where something is missing.
pub(crate) fn fit(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// A number with thin groups of thousands: `12 345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_from_the_right() {
        let written = [0, 7, 999, 1000, 12_345, 1_234_567].map(grouped);
        assert_eq!(written, ["0", "7", "999", "1 000", "12 345", "1 234 567"]);
    }

    #[test]
    fn a_long_text_is_cut_by_characters_and_says_so() {
        assert_eq!(fit("grün", 4), "grün");
        assert_eq!(fit("grüner Tee", 5), "grün…");
    }

    #[test]
    fn plain_output_has_no_escape() {
        assert_eq!(Paint::plain().tone(Tone::Refused, "refused"), "refused");
        assert!(
            Paint { on: true }
                .tone(Tone::Sent, "sent")
                .contains("\x1b[")
        );
    }
}
