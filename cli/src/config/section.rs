//! Reads one table of a configuration key by key. What is missing, of the wrong kind or unknown is
//! noted, and reading goes on: all errors are told in one run.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::document::{Entry, Node, Value};
use super::problem::{Origin, Problem};

/// A value with the place where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Written<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub origin: Origin,
}

/// A table being read.
pub(crate) struct Section<'d> {
    name: String,
    origin: Origin,
    entries: &'d [Entry],
    asked: Vec<&'static str>,
}

/// Where problems gather.
pub(crate) type Problems = Vec<Problem>;

impl<'d> Section<'d> {
    /// The whole document.
    pub(crate) fn root(entries: &'d [Entry]) -> Self {
        Self {
            name: String::new(),
            origin: Origin::File(0, 0),
            entries,
            asked: Vec::new(),
        }
    }

    /// Where the section was written.
    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The table under a key. A missing one reads as empty, and complains through its own keys.
    pub(crate) fn table(&mut self, key: &'static str, problems: &mut Problems) -> Self {
        let name = format!("[{key}]");
        let Some(entry) = self.find(key) else {
            return Self {
                name,
                ..Self::root(&[])
            };
        };
        let origin = entry.origin.clone();
        match entries(&entry.node, key, problems) {
            Some(entries) => Self {
                name,
                origin,
                ..Self::root(entries)
            },
            None => Self {
                name,
                origin,
                ..Self::root(&[])
            },
        }
    }

    /// The tables of `[[key]]`, in the order of the file.
    pub(crate) fn tables(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Self> {
        let Some(entry) = self.find(key) else {
            return Vec::new();
        };
        let Value::List(items) = &entry.node.value else {
            let problem = wrong_kind(key, "a list of tables", &entry.node);
            problems.push(problem.help(format!("write `[[{key}]]`")));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items {
            if let Some(entries) = entries(item, key, problems) {
                let (name, origin) = (format!("[[{key}]]"), item.origin.clone());
                sections.push(Self {
                    name,
                    origin,
                    ..Self::root(entries)
                });
            }
        }
        sections
    }

    /// A text, if the key is there.
    pub(crate) fn text(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Written<String>> {
        let node = &self.find(key)?.node;
        let value = text(node, key, "a string", problems)?;
        if value.trim().is_empty() {
            problems.push(Problem::new(&node.origin, format!("`{key}` is empty")));
            return None;
        }
        Some(Written {
            value,
            origin: node.origin.clone(),
        })
    }

    /// A text that must be there.
    pub(crate) fn must_text(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Written<String>> {
        if self.find(key).is_none() {
            problems.push(self.missing(key));
        }
        self.text(key, problems)
    }

    /// A path that must be there, relative to the configuration's own folder.
    pub(crate) fn must_path(
        &mut self,
        key: &'static str,
        base: &Path,
        problems: &mut Problems,
    ) -> Option<Written<PathBuf>> {
        let Written { value, origin } = self.must_text(key, problems)?;
        Some(Written {
            value: base.join(value),
            origin,
        })
    }

    /// An address to listen on or connect to, such as `127.0.0.1:8080`.
    pub(crate) fn address(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Written<SocketAddr>> {
        let Written { value, origin } = self.text(key, problems)?;
        let Ok(address) = value.parse() else {
            let message = format!("`{key}` is not an address with a port");
            problems.push(Problem::new(&origin, message).help("write it like `127.0.0.1:8080`"));
            return None;
        };
        Some(Written {
            value: address,
            origin,
        })
    }

    /// An address that must be there.
    pub(crate) fn must_address(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Written<SocketAddr>> {
        if self.find(key).is_none() {
            problems.push(self.missing(key));
        }
        self.address(key, problems)
    }

    /// The texts of a list; empty if the key is not there.
    pub(crate) fn list(&mut self, key: &'static str, problems: &mut Problems) -> Vec<String> {
        const WANTED: &str = "a list of strings";
        let Some(entry) = self.find(key) else {
            return Vec::new();
        };
        let Value::List(items) = &entry.node.value else {
            problems.push(wrong_kind(key, WANTED, &entry.node));
            return Vec::new();
        };
        items
            .iter()
            .filter_map(|item| text(item, key, WANTED, problems))
            .collect()
    }

    /// Names of the person's own choice, each with a text; empty if the key is not there.
    pub(crate) fn texts(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Vec<(String, String)> {
        let found = self
            .find(key)
            .and_then(|entry| entries(&entry.node, key, problems));
        let mut texts = Vec::new();
        for Entry { key, node, .. } in found.unwrap_or_default() {
            if let Some(text) = text(node, key, "a string", problems) {
                texts.push((key.clone(), text));
            }
        }
        texts
    }

    /// A whole number within a range, if the key is there.
    pub(crate) fn number(
        &mut self,
        key: &'static str,
        range: RangeInclusive<u64>,
        problems: &mut Problems,
    ) -> Option<u64> {
        let node = &self.find(key)?.node;
        let Value::Integer(number) = &node.value else {
            problems.push(wrong_kind(key, "a whole number", node));
            return None;
        };
        let number = number.and_then(|number| u64::try_from(number).ok());
        let fits = number.filter(|number| range.contains(number));
        if fits.is_none() {
            let message = format!(
                "`{key}` must be between {} and {}",
                range.start(),
                range.end()
            );
            problems.push(Problem::new(&node.origin, message));
        }
        fits
    }

    /// Complains about every key that nobody asked for.
    pub(crate) fn finish(self, problems: &mut Problems) {
        for entry in self
            .entries
            .iter()
            .filter(|entry| !self.asked.contains(&entry.key.as_str()))
        {
            let message = match self.name.as_str() {
                "" => format!("there is no section `{}`", entry.key),
                name => format!("{name} has no key `{}`", entry.key),
            };
            let problem = Problem::new(&entry.origin, message)
                .did_you_mean(&entry.key, self.asked.iter().copied());
            let known = || format!("known here: {}", self.asked.join(", "));
            let help = problem.help.clone().unwrap_or_else(known);
            problems.push(problem.help(help));
        }
    }

    /// A complaint that a key is missing, placed at the section's own head.
    fn missing(&self, key: &str) -> Problem {
        let name = if self.name.is_empty() {
            "the file"
        } else {
            &self.name
        };
        Problem::new(
            &self.origin,
            format!("{name} has no `{key}`, which it needs"),
        )
    }

    fn find(&mut self, key: &'static str) -> Option<&'d Entry> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key)
    }
}

fn entries<'d>(node: &'d Node, key: &str, problems: &mut Problems) -> Option<&'d [Entry]> {
    if let Value::Table(entries) = &node.value {
        return Some(entries);
    }
    problems.push(wrong_kind(key, "a table", node));
    None
}

fn text(node: &Node, key: &str, wanted: &str, problems: &mut Problems) -> Option<String> {
    if let Value::Text(text) = &node.value {
        return Some(text.clone());
    }
    problems.push(wrong_kind(key, wanted, node));
    None
}

fn wrong_kind(key: &str, wanted: &str, node: &Node) -> Problem {
    let kind = node.value.kind();
    let a = if kind.starts_with(['a', 'i']) {
        "an"
    } else {
        "a"
    };
    Problem::new(
        &node.origin,
        format!("`{key}` must be {wanted}, and this is {a} {kind}"),
    )
}
