//! Clauses as they were written.

use std::collections::BTreeMap;

use crate::ast::{File, Name};
use crate::parse;
use crate::tree::{Element, Kind, Node};

/// Sentences by clause number: each clause with what later sentences add to it, in one line,
/// without comments.
pub(super) fn by_label(text: &str, file: &File) -> BTreeMap<String, String> {
    let allows = file.allows.iter().map(|clause| &clause.label);
    let blocks = file.blocks.iter().map(|clause| &clause.label);
    let nevers = file.nevers.iter().map(|clause| &clause.label);
    let labels: BTreeMap<u32, &Name> = allows
        .chain(blocks)
        .chain(nevers)
        .map(|label| (label.span.start, label))
        .collect();
    let mut sentences: BTreeMap<String, String> = BTreeMap::new();
    let mut current = None;
    let mut start = 0_usize;
    for child in parse::syntax(text).tree.children {
        let end = start + length(&child);
        if let Element::Node(node) = &child {
            let bounds =
                u32::try_from(start).unwrap_or(u32::MAX)..u32::try_from(end).unwrap_or(u32::MAX);
            let own = labels.range(bounds).next().map(|(_, label)| &label.node);
            current = own.or_else(|| current.filter(|_| node.kind == Kind::AllowMore));
            if let Some(label) = current {
                let sentence = sentences.entry(label.clone()).or_default();
                let words = words(node);
                let gap = if sentence.is_empty() { "" } else { " " };
                sentence.push_str(gap);
                sentence.push_str(&words);
            }
        }
        start = end;
    }
    sentences
}

fn length(element: &Element) -> usize {
    match element {
        Element::Leaf(leaf) => leaf.text.len(),
        Element::Node(node) => node.text().len(),
    }
}

/// The words of a node with single blanks between them.
fn words(node: &Node) -> String {
    let mut text = String::new();
    collect(node, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn collect(node: &Node, text: &mut String) {
    for child in &node.children {
        match child {
            Element::Node(node) => collect(node, text),
            Element::Leaf(leaf) if leaf.text.starts_with("--") => text.push(' '),
            Element::Leaf(leaf) => text.push_str(&leaf.text),
        }
    }
}
