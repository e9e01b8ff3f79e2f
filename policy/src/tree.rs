//! The lossless syntax tree: every byte of the text, sorted into sentences and phrases.
//!
//! Printers, formatters and editors work on it; meaning is read from [`crate::ast`] instead. Its
//! depth is that of the grammar (a handful), whatever the text says.

use std::fmt::Write as _;

use crate::lex::{Token, TokenKind};

/// A node: a file, a sentence or a phrase, with everything inside it in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its parts.
    pub children: Vec<Element>,
}

/// A part of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// A phrase of its own.
    Node(Node),
    /// A word, a mark, white space or a comment.
    Leaf(Leaf),
}

/// A token with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes.
    pub text: Box<str>,
}

/// Kinds of node. Later constructs of the language are new kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum Kind {
    File,
    // sentences
    Header,
    HeaderMore,
    Category,
    Purpose,
    PurposeMore,
    Source,
    SourceMore,
    Recipient,
    Allow,
    AllowMore,
    Block,
    Never,
    Keep,
    Test,
    TestBody,
    /// A sentence of a later version of the language.
    Later,
    /// A sentence that could not be read.
    Broken,
    // phrases
    Basis,
    Cap,
    Condition,
    Date,
    Edit,
    Field,
    Gate,
    Given,
    Label,
    Law,
    Name,
    Origin,
    Path,
    Period,
    Place,
    Role,
    Signal,
    Text,
    Transfer,
    Uses,
    Verdict,
    When,
    Word,
}

/// A stretch of tokens that is a node: `from` inclusive, `to` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) kind: Kind,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Node {
    /// The text it was read from, byte for byte.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.each_leaf(&mut |leaf| text.push_str(&leaf.text));
        text
    }

    /// The nodes directly inside.
    pub fn nodes(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Element::Node(node) => Some(node),
            Element::Leaf(_) => None,
        })
    }

    /// Its shape, one line a node, for tests and for people who debug the parser.
    #[must_use]
    pub fn outline(&self) -> String {
        let mut out = String::new();
        self.outline_into(0, &mut out);
        out
    }

    fn each_leaf(&self, visit: &mut impl FnMut(&Leaf)) {
        for child in &self.children {
            match child {
                Element::Leaf(leaf) => visit(leaf),
                Element::Node(node) => node.each_leaf(visit),
            }
        }
    }

    fn outline_into(&self, depth: usize, out: &mut String) {
        let text = self.text();
        // Writing to a String cannot fail.
        let _always = writeln!(
            out,
            "{:depth$}{:?} {:?}",
            "",
            self.kind,
            text.trim(),
            depth = depth * 2
        );
        for node in self.nodes() {
            node.outline_into(depth + 1, out);
        }
    }
}

/// Builds the tree of a text from its tokens and the nodes that the parser marked. Marks nest or
/// stand apart.
pub(crate) fn build(text: &str, tokens: &[Token], mut marks: Vec<Mark>) -> Node {
    // Outer before inner: the parser marks a phrase when it is done with it, so of equals the later
    // one is the outer.
    marks.reverse();
    marks.sort_by(|left, right| (left.from, right.to).cmp(&(right.from, left.to)));
    let mut open = vec![(
        tokens.len(),
        Node {
            kind: Kind::File,
            children: Vec::new(),
        },
    )];
    let mut next = marks.into_iter().peekable();
    for (at, token) in tokens.iter().enumerate() {
        close(&mut open, at);
        while let Some(mark) = next.next_if(|mark| mark.from <= at) {
            open.push((
                mark.to,
                Node {
                    kind: mark.kind,
                    children: Vec::new(),
                },
            ));
        }
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        let leaf = Leaf {
            kind: token.kind,
            text: text.get(start..end).unwrap_or_default().into(),
        };
        if let Some((_, node)) = open.last_mut() {
            node.children.push(Element::Leaf(leaf));
        }
    }
    close(&mut open, tokens.len());
    open.pop().map_or(
        Node {
            kind: Kind::File,
            children: Vec::new(),
        },
        |(_, node)| node,
    )
}

/// Closes every node that ends before token `at`, except the file.
fn close(open: &mut Vec<(usize, Node)>, at: usize) {
    while open.len() > 1 && open.last().is_some_and(|(to, _)| *to <= at) {
        let Some((_, done)) = open.pop() else { return };
        if let Some((_, parent)) = open.last_mut() {
            parent.children.push(Element::Node(done));
        }
    }
}

#[cfg(test)]
mod tests;
