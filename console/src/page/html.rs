//! The few pieces of HTML the page is made of.

use super::Row;

/// A page being written.
pub(super) struct Page {
    text: String,
    open: bool,
}

impl Page {
    pub(super) fn begin(title: &str, style: &str) -> Self {
        let text = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n\
             <style>{style}</style>\n</head>\n<body>\n",
            escape(title)
        );
        Self { text, open: false }
    }

    /// Adds HTML as it is: whatever comes from outside has been through [`escape`].
    pub(super) fn push(&mut self, html: &str) {
        self.text.push_str(html);
    }

    /// Begins a section, and ends the one before.
    pub(super) fn section(&mut self, heading: &str, words: &str) {
        if self.open {
            self.push("</section>\n");
        }
        self.open = true;
        self.push(&format!(
            "<section>\n<h2>{}</h2>\n<p class=\"words\">{}</p>\n",
            escape(heading),
            escape(words)
        ));
    }

    /// A table with a bar in each row: the figure and its numbers in one.
    pub(super) fn bars(&mut self, heads: (&str, &str, &str), rows: &[Row], whole: u64) {
        if rows.is_empty() {
            self.push("<p>None yet.</p>\n");
            return;
        }
        let (label, count, part) = heads;
        self.push(&format!(
            "<table class=\"bars\"><thead><tr><th scope=\"col\">{}</th>\
             <th scope=\"col\" class=\"bar\"><span>Share</span></th>\
             <th scope=\"col\" class=\"n\">{}</th>\
             <th scope=\"col\" class=\"n\">{}</th></tr></thead>\n<tbody>\n",
            escape(label),
            escape(count),
            escape(part)
        ));
        for row in rows {
            let width = permille(row.count, whole);
            let (label, count) = (escape(&row.label), grouped(row.count));
            let share = share(row.count, whole);
            self.push(&format!(
                "<tr><th scope=\"row\">{label}</th><td class=\"bar\">\
                 <svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                 <rect class=\"rail\" width=\"1000\" height=\"10\"/>\
                 <rect class=\"fill\" width=\"{width}\" height=\"10\"/></svg></td>\
                 <td class=\"n\">{count}</td><td class=\"n\">{share}</td></tr>\n"
            ));
        }
        self.push("</tbody></table>\n");
    }

    /// A plain table.
    pub(super) fn table<const N: usize>(
        &mut self,
        heads: &[&str; N],
        rows: impl Iterator<Item = [String; N]>,
    ) {
        self.push("<table><thead><tr>");
        for head in heads {
            self.push(&format!("<th scope=\"col\">{}</th>", escape(head)));
        }
        self.push("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.push("<tr>");
            for cell in row {
                self.push(&format!("<td>{}</td>", escape(&cell)));
            }
            self.push("</tr>\n");
        }
        self.push("</tbody></table>\n");
    }

    /// Names and values.
    pub(super) fn pairs(&mut self, pairs: &[(&str, String)]) {
        self.push("<dl class=\"pairs\">\n");
        for (name, value) in pairs {
            self.push(&format!(
                "<dt>{}</dt><dd>{}</dd>\n",
                escape(name),
                escape(value)
            ));
        }
        self.push("</dl>\n");
    }

    pub(super) fn end(mut self) -> String {
        if self.open {
            // The last section ends before `</main>`, which is already written.
            self.text = self.text.replacen("</main>", "</section>\n</main>", 1);
        }
        self.push("</body>\n</html>\n");
        self.text
    }
}

/// Text as it may stand in HTML, in elements and quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A number in groups of three, parted by thin spaces.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// How much a part is of the whole: `12.5 %`; nothing of nothing is a dash.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let permille = permille(part, whole);
    format!("{}.{} %", permille / 10, permille % 10)
}

fn permille(part: u64, whole: u64) -> u64 {
    let rounded = u128::from(part) * 1000 + u128::from(whole) / 2;
    let permille = rounded.checked_div(u128::from(whole)).unwrap_or(0);
    u64::try_from(permille).unwrap_or(1000).min(1000)
}
