//! Paths: how a policy names places in an event.

use std::fmt;

use super::document::{Children, Node};

mod parse;

pub use parse::{PathError, PathErrorKind};

/// A place, or every place of a kind, in an event: `$.user.email`, `$.props.items[*].sku`,
/// `$.items[0]`, `$['odd name']`.
///
/// A subset of RFC 9535 (`JSONPath`) with its meaning. A plain name is letters, digits, `_` and,
/// beyond the RFC, `-`; other names are quoted, with `\` before a quote or a `\`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    steps: Vec<Step>,
}

/// One step of a [`Path`], from a value to what is inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The member of that name, unescaped and exact.
    Member(Box<str>),
    /// The element at that place, counted from 0.
    Index(usize),
    /// Every element of an array, or every member's value of an object (RFC 9535 section 2.3.2).
    Every,
}

impl Path {
    /// Reads a path as it is written in a policy.
    ///
    /// # Errors
    /// Where and why it is not one.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        Ok(Self {
            steps: parse::steps(text)?,
        })
    }

    /// Its steps from the event inwards; none for `$`, the event itself.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The values at this path, seen from `event`, in document order.
    pub fn find<'p, 'd>(&'p self, event: Node<'d>) -> Find<'p, 'd> {
        Find {
            steps: &self.steps,
            event: Some(event),
            open: Vec::new(),
        }
    }
}

/// As it is written in a policy; parsing it again gives the same path.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.steps {
            match step {
                Step::Member(name) if parse::is_plain_name(name) => write!(f, ".{name}")?,
                Step::Member(name) => {
                    write!(f, "['{}']", name.replace('\\', r"\\").replace('\'', r"\'"))?;
                }
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Every => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// See [`Path::find`].
#[derive(Clone, Debug)]
pub struct Find<'p, 'd> {
    steps: &'p [Step],
    /// Where to begin, until begun.
    event: Option<Node<'d>>,
    /// For each `[*]` under way: what is left of it, and the steps after it.
    open: Vec<(Children<'d>, &'p [Step])>,
}

impl<'d> Iterator for Find<'_, 'd> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        loop {
            let (node, steps) = match self.event.take() {
                Some(event) => (event, self.steps),
                None => {
                    let (children, steps) = self.open.last_mut()?;
                    match children.next() {
                        Some(child) => (child, *steps),
                        None => {
                            self.open.pop();
                            continue;
                        }
                    }
                }
            };
            if let Some(found) = self.walk(node, steps) {
                return Some(found);
            }
        }
    }
}

impl<'p, 'd> Find<'p, 'd> {
    /// Follows `steps` to their end, or to a `[*]`, which is then under way.
    fn walk(&mut self, mut node: Node<'d>, mut steps: &'p [Step]) -> Option<Node<'d>> {
        while let Some((step, after)) = steps.split_first() {
            node = match step {
                Step::Member(name) => node.get(name)?,
                Step::Index(index) => node.element(*index)?,
                Step::Every => {
                    self.open.push((node.children(), after));
                    return None;
                }
            };
            steps = after;
        }
        Some(node)
    }
}
