//! P0304: a path that cannot be followed. P0305: one path, or one within the other, for two
//! categories.

use std::collections::BTreeMap;

use super::Checked;
use crate::ast::Origin;
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Span;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let mut paths = Vec::new();
    for category in &policy.file.categories {
        for path in &category.paths {
            if let Some(steps) = followable(&path.node, path.span, found) {
                paths.push((steps, &category.name.node, path.span));
            }
        }
    }
    shared(&paths, found);
    for source in &policy.file.sources {
        for origin in source.place.iter().chain(&source.age) {
            let paths = match &origin.node {
                Origin::PlaceAt { country, region } => vec![Some(country), region.as_ref()],
                Origin::AgeAt(path) | Origin::BirthDateAt(path) => vec![Some(path)],
                Origin::OurRecords | Origin::DirectedToChildren => Vec::new(),
            };
            for path in paths.into_iter().flatten() {
                followable(path, origin.span, found);
            }
        }
    }
}

type Steps = Vec<String>;

fn shared(paths: &[(Steps, &String, Span)], found: &mut Vec<Diagnostic>) {
    let mut owners: BTreeMap<&[String], (&String, Span)> = BTreeMap::new();
    for (steps, name, span) in paths {
        if let Some((owner, _)) = owners.get(steps.as_slice()) {
            let message = format!("this path is also where `{owner}` is found");
            found.push(
                Diagnostic::new(registry::SHARED_PATH, *span, message)
                    .help("leave it at the category that needs more care"),
            );
        } else {
            owners.insert(steps, (name, *span));
        }
    }
    for (steps, _, span) in paths {
        for length in 0..steps.len() {
            let outer = steps.get(..length).and_then(|outer| owners.get(outer));
            let Some((owner, _)) = outer else { continue };
            let message = format!("this path lies within one of `{owner}`");
            found.push(
                Diagnostic::new(registry::SHARED_PATH, *span, message).help(format!(
                    "name the single values of `{owner}` instead of everything around them"
                )),
            );
        }
    }
}

/// Deepest path; no event goes deeper.
const STEPS_MAX: usize = 64;

/// The steps of a path, or a finding that there are none. Places in a list all count as one step,
/// `[]`.
fn followable(path: &str, span: Span, found: &mut Vec<Diagnostic>) -> Option<Steps> {
    match read(path) {
        Ok(steps) => Some(steps),
        Err(why) => {
            found.push(
                Diagnostic::new(registry::BAD_PATH, span, why)
                    .help("write `$` and then each key with a dot before it: `$.context.ip`"),
            );
            None
        }
    }
}

/// The subset of RFC 9535 that events are searched with: `.key`, `['any key']`, `[0]`, `[*]`.
fn read(path: &str) -> Result<Steps, &'static str> {
    let mut rest = path.strip_prefix('$').ok_or("a path begins with `$`")?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = if let Some(after) = rest.strip_prefix("['") {
            let (key, after) = after
                .split_once("']")
                .ok_or("this key is never closed with `']`")?;
            if key.contains(['\\', '\'']) {
                return Err("a key with a quotation mark or a backslash is not in this version");
            }
            (key.to_owned(), after)
        } else if let Some(after) = rest.strip_prefix('[') {
            let (place, after) = after
                .split_once(']')
                .ok_or("this bracket is never closed")?;
            let is_number = place
                .parse::<u32>()
                .is_ok_and(|number| number.to_string() == place);
            if place != "*" && !is_number {
                return Err("a bracket holds `*`, a number or a key in quotation marks");
            }
            ("[]".to_owned(), after)
        } else {
            let after = rest.strip_prefix('.').ok_or("a key begins with a dot")?;
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (key, after) = after.split_at_checked(end).unwrap_or((after, ""));
            plain(key)?;
            (key.to_owned(), after)
        };
        steps.push(step);
        rest = after;
    }
    match steps.len() {
        0 => Err("this path is the whole event"),
        1..=STEPS_MAX => Ok(steps),
        _ => Err("this path is too deep"),
    }
}

fn plain(key: &str) -> Result<(), &'static str> {
    if key.is_empty() {
        return Err("a key of this path is empty");
    }
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    if key.chars().all(is_plain) {
        Ok(())
    } else {
        Err("unusual keys are written `['like this']`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_the_gateway_follows() {
        for path in [
            "$.a",
            "$.a.b-c",
            "$.items[*].sku",
            "$.items[0]",
            "$['odd name'].x",
            "$.größe",
        ] {
            assert!(read(path).is_ok(), "{path}");
        }
        assert_eq!(read("$['a'].b"), read("$.a.b"));
        assert_eq!(read("$.a[3]"), read("$.a[*]"));
    }

    #[test]
    fn paths_nobody_can_follow() {
        for path in [
            "a", "$", "$a", "$.", "$..a", "$.a[", "$.a[01]", "$.a[-1]", "$.a[?]", "$['a", "$.a,b",
            "$.a b",
        ] {
            assert!(read(path).is_err(), "{path}");
        }
        assert!(read(&format!("${}", ".a".repeat(65))).is_err());
    }
}
