//! P0404: a clause that no test cites. P0405: nothing is allowed. P0407: retention missing. P0409:
//! declared, never used.
//!
//! All of them are about what is absent, so they keep silent while a sentence cannot be read.

use super::Checked;
use crate::ast::{KeepWhat, Name, NeverWhat};
use crate::diagnostic::{Diagnostic, registry};

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    if !policy.is_whole() {
        return;
    }
    untested(policy, found);
    unused(policy, found);
    let Some(header) = &policy.file.header else {
        return;
    };
    if policy.file.allows.is_empty() {
        found.push(
            Diagnostic::new(
                registry::NOTHING_ALLOWED,
                header.name.span,
                "this policy allows nothing",
            )
            .help("add a clause: `A1. allow ... to send ... to ... for ....`"),
        );
    }
    if !policy
        .file
        .keeps
        .iter()
        .any(|keep| keep.what.node == KeepWhat::Evidence)
    {
        found.push(
            Diagnostic::new(
                registry::NO_RETENTION,
                header.name.span,
                "how long evidence is kept is not said",
            )
            .help("add a clause: `K1. keep evidence for 13 months.`"),
        );
    }
}

fn untested(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let cited: Vec<&str> = policy
        .file
        .tests
        .iter()
        .flat_map(|test| &test.because)
        .map(|label| label.node.as_str())
        .collect();
    // A never about data cannot be cited: what it forbids does not compile.
    let is_about_people = |what: &NeverWhat| match what {
        NeverWhat::PersonMayBeUnder(_) | NeverWhat::PersonOnList(_) => true,
        NeverWhat::Categories(_) | NeverWhat::SpecialCategories | NeverWhat::SensitiveData => false,
    };
    let allows = policy.allows().map(|allow| &allow.label);
    let blocks = policy.blocks().map(|block| &block.label);
    let nevers = policy
        .nevers()
        .filter(|never| is_about_people(&never.what.node))
        .map(|never| &never.label);
    for label in allows.chain(blocks).chain(nevers) {
        if !cited.contains(&label.node.as_str()) {
            let message = format!("no test cites {}", label.node);
            found.push(
                Diagnostic::new(registry::UNTESTED, label.span, message).help(format!(
                    "add a test that ends with `because {}`",
                    label.node
                )),
            );
        }
    }
}

fn unused(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let file = policy.file;
    let mut idle = |name: &Name, sort: &str, is_used: bool| {
        if !is_used {
            let message = format!("no clause allows anything for the {sort} `{}`", name.node);
            found.push(
                Diagnostic::new(registry::UNUSED, name.span, message)
                    .help("add an `allow` clause, or leave the sentence out"),
            );
        }
    };
    for source in &file.sources {
        let is_used = file
            .allows
            .iter()
            .flat_map(|allow| &allow.sources)
            .any(|used| used.node == source.name.node);
        idle(&source.name, "source", is_used);
    }
    for recipient in &file.recipients {
        let mut used = file.allows.iter().flat_map(|allow| &allow.recipients);
        idle(
            &recipient.name,
            "recipient",
            used.any(|used| used.node == recipient.name.node),
        );
    }
    for purpose in &file.purposes {
        let is_used = file
            .allows
            .iter()
            .any(|allow| allow.purpose.node == purpose.name.node);
        idle(&purpose.name, "purpose", is_used);
    }
}
