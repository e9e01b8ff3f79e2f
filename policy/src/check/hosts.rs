//! P0316: something that is not a host name where one must stand.

use super::Checked;
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Spanned;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    for recipient in &policy.file.recipients {
        host(&recipient.host, found);
    }
}

fn host(host: &Spanned<String>, found: &mut Vec<Diagnostic>) {
    if is_host(&host.node) {
        return;
    }
    let plain = host
        .node
        .split_once("://")
        .map_or(&*host.node, |(_, rest)| rest);
    let plain = plain
        .split(['/', ':', '?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let finding = Diagnostic::new(registry::BAD_HOST, host.span, "this is not a host name");
    found.push(if is_host(&plain) {
        finding.replace_with("write the host alone", format!("\"{plain}\""))
    } else {
        finding.help("write a name such as `\"graph.example\"`")
    });
}

/// Labels of lower-case letters, digits and inner hyphens (RFC 1123, section 2.1), at most 253
/// characters.
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}
