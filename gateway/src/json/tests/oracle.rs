//! `serde_json` is the oracle: what is accepted here means the same there.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

/// The value as `serde_json` would hold it.
fn decoded(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Object => {
            let members = node
                .members()
                .map(|member| (member.name().into_owned(), decoded(member.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Kind::Array => node.children().map(decoded).collect(),
        Kind::String => Value::String(node.text().unwrap().into_owned()),
        Kind::Number => serde_json::from_str(node.number().unwrap().as_str()).unwrap(),
        Kind::True | Kind::False => Value::Bool(node.boolean().unwrap()),
        Kind::Null => Value::Null,
    }
}

fn text() -> impl Strategy<Value = String> {
    // Without NUL, and rich in what is escaped.
    proptest::string::string_regex("([a-z\\\\\"/\u{1}-\u{1f}é\u{2028}😀]|[^\u{0}]){0,12}").unwrap()
}

fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |float| float.is_finite())
            .prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    scalar.prop_recursive(6, 80, 30, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..30).prop_map(unambiguous),
        ]
    })
}

/// An object of those members whose names are unlike the earlier ones.
fn unambiguous(members: Vec<(String, Value)>) -> Value {
    let mut seen = std::collections::HashSet::new();
    let fresh = members
        .into_iter()
        .filter(|(name, _)| seen.insert(caseless(name)));
    Value::Object(fresh.collect())
}

/// A name without its case, character by character.
fn caseless(name: &str) -> String {
    name.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

/// The body with every character of its strings spelled as an escape.
fn escaped(value: &Value, out: &mut String) {
    let string = |text: &str, out: &mut String| {
        let units: String = text
            .encode_utf16()
            .map(|unit| format!("\\u{unit:04X}"))
            .collect();
        out.push_str(&format!("\"{units}\""));
    };
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::String(text) => string(text, out),
        Value::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                out.push_str(if index == 0 { " " } else { " ,\t" });
                escaped(element, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                out.push_str(if index == 0 { "\r\n" } else { "," });
                string(name, out);
                out.push(':');
                escaped(member, out);
            }
            out.push('}');
        }
    }
}

/// Bytes that look like JSON, so that many of them get far.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let words: &[&[u8]] = &[
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\"",
        b"\\",
        b"\"a\"",
        b"\"A\":",
        b"{\"a\":",
        b"1",
        b"-",
        b"0",
        b".5",
        b"e1",
        b"E+9",
        b"true",
        b"false",
        b"null",
        b" ",
        b"\n",
        b"\\u0061",
        b"\\ud83d",
        b"\\ude00",
        b"\\u0000",
        b"\0",
        b"\xC3",
        b"\xA9",
        b"\xEF\xBB\xBF",
        b"\xED\xA0\x80",
        b"[1,",
        b",2]",
        b"\"b\":[]}",
        b"\"batch\":[",
    ];
    let words: Vec<_> = words.iter().map(|word| word.to_vec()).collect();
    let piece =
        prop_oneof![9 => prop::sample::select(words), 1 => any::<u8>().prop_map(|byte| vec![byte])];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Whatever is accepted means the same to `serde_json`, and is written so that it still does.
fn check_against_serde_json(bytes: &[u8]) {
    let batch = scan_batch(bytes, &Limits::default(), Some("batch"));
    let Ok(document) = read(bytes) else { return };
    assert!(batch.unwrap().elements().all(|element| element.is_ok()));
    match serde_json::from_slice::<Value>(bytes) {
        Ok(oracle) => {
            assert_eq!(decoded(document.root()), oracle);
            assert_eq!(
                serde_json::from_str::<Value>(&rewritten(&document)).unwrap(),
                oracle
            );
        }
        // An `f64` ends at 1.8e308, our limit is on digits and exponent.
        Err(error) => assert!(
            error.to_string().starts_with("number out of range"),
            "{error}"
        ),
    }
}

/// Names of few letters and many lengths, so that some are the same and some nearly are.
fn names() -> impl Strategy<Value = Vec<(String, bool)>> {
    let name =
        proptest::string::string_regex("[aA@`k\u{212a}éÉsſ]{0,3}|(abcdefgh|ABCDEFGH)[bB]{0,9}");
    prop::collection::vec((name.unwrap(), prop::bool::weighted(0.3)), 0..40)
}

proptest! {
    #[test]
    fn a_name_is_repeated_where_a_set_says_so(names in names()) {
        let (mut body, mut expected) = (String::from("{"), None);
        let mut seen = std::collections::HashSet::new();
        for (name, escape) in names {
            body.push_str(if body.len() == 1 { "" } else { "," });
            if !seen.insert(caseless(&name)) {
                expected = expected.or_else(|| fault(body.len(), FaultKind::DuplicateKey));
            }
            let name = Value::String(name);
            if escape { escaped(&name, &mut body) } else { body.push_str(&name.to_string()) }
            body.push_str(":[{}]");
        }
        body.push('}');
        prop_assert_eq!(fault_of(&body), expected);
    }

    #[test]
    fn reads_and_writes_what_serde_json_does(value in values(), pretty: bool) {
        let body = if pretty { format!("{value:#}") } else { value.to_string() };
        let mut spelled = String::new();
        escaped(&value, &mut spelled);
        for body in [&body, &spelled] {
            let oracle: Value = serde_json::from_str(body).unwrap();
            let document = read(body).unwrap();
            prop_assert_eq!(&decoded(document.root()), &oracle);
            let out = rewritten(&document);
            prop_assert_eq!(&serde_json::from_str::<Value>(&out).unwrap(), &oracle);
            prop_assert_eq!(rewritten(&read(&out).unwrap()), out);
        }
    }

    #[test]
    fn accepts_no_bytes_that_serde_json_does_not(bytes: Vec<u8>) {
        check_against_serde_json(&bytes);
    }

    #[test]
    fn accepts_no_fragments_that_serde_json_does_not(bytes in fragments()) {
        check_against_serde_json(&bytes);
    }

    #[test]
    fn a_changed_body_is_read_as_serde_json_reads_it(
        value in values(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = value.to_string().into_bytes();
        for (at, byte) in changes {
            *at.get_mut(&mut bytes[..]) = byte;
        }
        check_against_serde_json(&bytes);
    }
}
