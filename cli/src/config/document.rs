//! A configuration as written: a TOML file, with variables of the environment laid over it. Every
//! piece knows where it was written, so that every complaint can point at it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Origin, Problem};
use crate::environment::PREFIX;

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where.
    pub origin: Origin,
    /// What.
    pub value: Value,
}

/// What was written.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// `"text"`
    Text(String),
    /// `17`; none where it does not fit 64 bits.
    Integer(Option<i64>),
    /// `true`
    Bool,
    /// `[..]` or `[[..]]`
    List(Vec<Node>),
    /// `[..]` or `{..}`
    Table(Vec<Entry>),
    /// A kind of value that no key takes, by its TOML name.
    Other(&'static str),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written.
    pub origin: Origin,
    /// Its value.
    pub node: Node,
}

impl Value {
    /// What it is, in TOML's word.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "string",
            Self::Integer(_) => "integer",
            Self::Bool => "boolean",
            Self::List(_) => "array",
            Self::Table(_) => "table",
            Self::Other(kind) => kind,
        }
    }
}

/// Reads the file's text, and lays the variables over it.
pub(crate) fn read(text: &str, variables: &[(String, String)]) -> (Vec<Entry>, Vec<Problem>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            Problem::new(
                &Origin::file(&span),
                format!("this is not TOML: {}", error.message()),
            )
        })
        .collect();
    let mut entries = table(root.get_ref());
    for (name, value) in variables {
        if let Err(problem) = lay_over(&mut entries, name, value) {
            problems.push(problem);
        }
    }
    (entries, problems)
}

fn table(table: &DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            origin: Origin::file(&key.span()),
            node: node(value),
        })
        .collect();
    // As written, so that complaints come in the order of the file.
    entries.sort_by(|left, right| left.origin.cmp(&right.origin));
    entries
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let origin = Origin::file(&value.span());
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            Value::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok())
        }
        DeValue::Boolean(_) => Value::Bool,
        DeValue::Array(items) => Value::List(items.iter().map(node).collect()),
        DeValue::Table(inner) => Value::Table(table(inner)),
        DeValue::Float(_) => Value::Other("float"),
        DeValue::Datetime(_) => Value::Other("date"),
    };
    Node { origin, value }
}

/// `SLUICE_PROXY__LISTEN` is `[proxy] listen`. What reads as a TOML value is one, else it is text.
fn lay_over(entries: &mut Vec<Entry>, name: &str, value: &str) -> Result<(), Problem> {
    let origin = Origin::Variable(name.to_owned());
    let path = name
        .strip_prefix(PREFIX)
        .unwrap_or(name)
        .to_ascii_lowercase();
    let Some((section, key)) = path.split_once("__") else {
        return Ok(());
    };
    let parsed = DeValue::parse(value).map(|parsed| node(&parsed).value);
    let value = match parsed {
        Ok(scalar @ (Value::Text(_) | Value::Integer(_) | Value::Bool)) => scalar,
        Ok(Value::List(_) | Value::Table(_) | Value::Other(_)) | Err(_) => {
            Value::Text(value.to_owned())
        }
    };
    let place = entry(entries, section, &origin, || Value::Table(Vec::new()));
    let Value::Table(inner) = &mut place.node.value else {
        return Err(
            Problem::new(&origin, format!("`{section}` is not a section"))
                .help("only `SLUICE_SECTION__KEY` can be set from the environment"),
        );
    };
    let place = entry(inner, key, &origin, || Value::Bool);
    place.origin = origin.clone();
    place.node = Node { origin, value };
    Ok(())
}

fn entry<'e>(
    entries: &'e mut Vec<Entry>,
    key: &str,
    origin: &Origin,
    fresh: impl FnOnce() -> Value,
) -> &'e mut Entry {
    let found = entries.iter().position(|entry| entry.key == key);
    let at = found.unwrap_or_else(|| {
        let node = Node {
            origin: origin.clone(),
            value: fresh(),
        };
        entries.push(Entry {
            key: key.to_owned(),
            origin: origin.clone(),
            node,
        });
        entries.len() - 1
    });
    // INVARIANT: `at` was found in or just pushed to `entries`.
    #[expect(
        clippy::indexing_slicing,
        reason = "the position was taken a line above"
    )]
    &mut entries[at]
}
