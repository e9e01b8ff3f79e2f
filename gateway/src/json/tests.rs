//! What the scanner promises. The public suite of cases is in the workspace's `tests`.

use super::*;

mod batches;
mod hostile;
mod oracle;
mod places;

/// The value, or what is wrong and where.
fn read(bytes: &(impl AsRef<[u8]> + ?Sized)) -> Result<Document<'_>, Fault> {
    scan(bytes.as_ref(), &Limits::default())
}

fn fault(at: usize, kind: FaultKind) -> Option<Fault> {
    Some(Fault { at, kind })
}

/// The fault of a body, if it has one.
fn fault_of(bytes: &(impl AsRef<[u8]> + ?Sized)) -> Option<Fault> {
    read(bytes).err()
}

fn kind_of(bytes: &(impl AsRef<[u8]> + ?Sized)) -> Option<FaultKind> {
    fault_of(bytes).map(|fault| fault.kind)
}

/// The body in our own spelling.
fn rewritten(document: &Document<'_>) -> String {
    let mut out = Vec::new();
    JsonWriter::new(&mut out).node(document.root());
    String::from_utf8(out).unwrap()
}

#[test]
fn accepts_what_the_grammar_allows() {
    let texts = [
        "[]",
        "{}",
        "[[]   ]",
        " [1]\r\n\t",
        "0",
        "-0",
        "-0.0",
        "123.456e78",
        "1E-2",
        "[1E+2]",
        "1e0400",
        "true",
        "false",
        "null",
        r#""""#,
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u0061\u30af""#,
        r#""\uD801\udc37""#,
        r#""\uFFFF""#,
        "\"\u{10FFFF}\"",
        "\"\u{7f}\"",
        "\"\u{2028}\"",
        r#""\\u0000""#,
        r#"{"":0}"#,
        r#"{"a":"b","c":[1,{"d":null}]}"#,
        "\"\u{feff}\"",
    ];
    for text in texts {
        assert_eq!(fault_of(text), None, "{text}");
    }
}

#[test]
fn refuses_malformed_arrays_and_objects() {
    let texts = concat!(
        "|[|]|{|}|[1|[1,|[1,]|[,1]|[1 true]|[1:2]|[,]|[[]|[1}|{,}|{a:1}|{'a':1}|{1:1}|",
        r#"{"a"}|{"a":}|{"a" 1}|{"a":1,}|{"a"::1}|{"a":1,,"b":2}|{"a":1]|{"a":1,2}|"#,
        "[\u{c}]|[\0]|\u{a0}1|\u{2060}1|\0"
    );
    for text in texts.split('|') {
        assert_eq!(kind_of(text), Some(FaultKind::Syntax), "{text:?}");
    }
    for text in "[1]//|[]]|{}{}|1 2|01|-01|0x1|1_000|[]\0".split('|') {
        assert_eq!(kind_of(text), Some(FaultKind::Trailing), "{text:?}");
    }
}

#[test]
fn refuses_malformed_scalars() {
    let texts = concat!(
        "tru|nul|True|falsE|NaN|Infinity|-|-a|+1|1.|.1|1.e1|1e|1e+|1eE2|-.5|[1+2]|[01]|'a'|",
        r#""|"a|"\"|"\x"|"\u00A"|"\u00g0"|"\u+061"|"\U0061"|"\|"\u|"\uD834\u"|"\é"|"#,
        "\"\t\"|\"\n\"|\"long enough for a word\u{1f}\"|\u{ff11}"
    );
    for text in texts.split('|') {
        assert_eq!(kind_of(text), Some(FaultKind::Syntax), "{text:?}");
    }
}

#[test]
fn says_where_and_what_and_nothing_of_the_content() {
    assert_eq!(fault_of(r#"{"a":1 "#), fault(7, FaultKind::Syntax));
    assert_eq!(fault_of("[1]x"), fault(3, FaultKind::Trailing));
    let fault = fault_of(r#"{"mail":"ann@example.org","mail":0}"#).unwrap();
    assert_eq!(
        fault.to_string(),
        "a member name occurs twice in one object at byte 26"
    );
    let body = r#"{"mail":"ann@example.org","age":[41]}"#;
    let document = read(body).unwrap();
    let mail = document.root().get("mail").unwrap();
    let member = document.root().members().next().unwrap();
    let age = document
        .root()
        .get("age")
        .and_then(|node| node.element(0))
        .unwrap();
    let mut out = body.as_bytes().to_vec();
    let writer = JsonWriter::new(&mut out);
    let edit = Edit::Text("ann@example.org".into());
    let shown = format!(
        "{document:?}{mail:?}{member:?}{:?}{writer:?}{edit:?}",
        age.number()
    );
    for secret in ["ann", "97, 110", "mail", "41"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn refuses_what_readers_disagree_about() {
    let bodies: [(&[u8], usize, FaultKind); 23] = [
        (br#"{"a":1,"a":1}"#, 7, FaultKind::DuplicateKey),
        (
            br#"{"email":1,"\u0065mail":2}"#,
            11,
            FaultKind::DuplicateKey,
        ),
        (br#"{"Email":1,"email":2}"#, 11, FaultKind::DuplicateKey),
        (
            br#"[{"x":{"b":1,"a":1,"B":2,"A":3}}]"#,
            19,
            FaultKind::DuplicateKey,
        ),
        ("{\"é\":1,\"É\":2}".as_bytes(), 8, FaultKind::DuplicateKey),
        (
            "{\"key\":1,\"\u{212a}ey\":2}".as_bytes(),
            9,
            FaultKind::DuplicateKey,
        ),
        (
            "{\"s\":1,\"\u{17f}\":2}".as_bytes(),
            7,
            FaultKind::DuplicateKey,
        ),
        (br#"{"a":1,"a":"\ud800"}"#, 7, FaultKind::DuplicateKey),
        (b"\"\xFF\\ud800\"", 1, FaultKind::Utf8),
        (b"\"\\ud800\xFF\"", 1, FaultKind::LoneSurrogate),
        (br#"{"a\/b":1,"a/b":2}"#, 10, FaultKind::DuplicateKey),
        (br#""ab\ud800""#, 3, FaultKind::LoneSurrogate),
        (br#""\udc00\ud800""#, 1, FaultKind::LoneSurrogate),
        (br#""\ud800\ud800\udc00""#, 1, FaultKind::LoneSurrogate),
        (br#"{"\udead":1}"#, 2, FaultKind::LoneSurrogate),
        (br#"["\u0000"]"#, 2, FaultKind::Nul),
        (b"[\"a\0\"]", 3, FaultKind::Nul),
        (b"\"\xC0\x80\"", 1, FaultKind::Utf8),
        (b"\"longer than a word \xED\xA0\x80\"", 20, FaultKind::Utf8),
        (b"\"\xC3\"", 1, FaultKind::Utf8),
        (b"\xEF\xBB\xBF{}", 0, FaultKind::Bom),
        (b"\xFF\xFE[\0]\0", 0, FaultKind::Bom),
        (b"[1e401]", 1, FaultKind::Number),
    ];
    for (body, at, kind) in bodies {
        assert_eq!(
            fault_of(body),
            fault(at, kind),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    for fine in [
        r#"{"a":1,"b":{"a":1}}"#,
        "{\"e\u{301}\":1,\"\u{e9}\":2}",
        r#"[{"a":1},{"a":1}]"#,
    ] {
        assert_eq!(fault_of(fine), None, "{fine}");
    }
}

#[test]
fn keeps_its_limits() {
    let limits = Limits {
        bytes: 20,
        depth: 3,
        values: 4,
    };
    let with = |text: &str| scan(text.as_bytes(), &limits).err();
    assert_eq!(with("[[[1]]]"), None);
    assert_eq!(with("[[[[]]]]"), fault(3, FaultKind::Depth));
    assert_eq!(with("[1,2,3]"), None);
    assert_eq!(with("[1,2,3,4]"), fault(7, FaultKind::TooManyValues));
    assert_eq!(
        with(r#"{"a":1,"b":2}"#),
        fault(11, FaultKind::TooManyValues)
    );
    assert_eq!(with("[1                 ]"), None);
    assert_eq!(
        with("[1                  ]"),
        fault(20, FaultKind::TooLarge)
    );
    assert_eq!(fault_of(&"1".repeat(400)), None);
    assert_eq!(fault_of(&"1".repeat(401)), fault(0, FaultKind::Number));
    assert_eq!(
        fault_of(&format!("0.{}", "1".repeat(400))),
        fault(0, FaultKind::Number)
    );
    for text in ["1e400", "1e-400", "1e+0000400"] {
        assert_eq!(fault_of(text), None, "{text}");
    }
    for text in ["1e-401", "1e99999999999999999999999", "-1E+401"] {
        assert_eq!(fault_of(text), fault(0, FaultKind::Number), "{text}");
    }
}

#[test]
fn says_which_numbers_are_the_same_everywhere() {
    let number = |text: &str| {
        let document = read(text).unwrap();
        let number = document.root().number().unwrap();
        assert_eq!(number.as_str(), text);
        (number.integer(), number.is_plain())
    };
    assert_eq!(number("0"), (Some(0), true));
    assert_eq!(number("-0"), (Some(0), true));
    assert_eq!(
        number("9007199254740991"),
        (Some(9_007_199_254_740_991), true)
    );
    assert_eq!(
        number("-9007199254740992"),
        (Some(-9_007_199_254_740_992), false)
    );
    assert_eq!(number("-9223372036854775808"), (Some(i64::MIN), false));
    assert_eq!(number("9223372036854775808"), (None, false));
    assert_eq!(number("1.50"), (None, true));
    assert_eq!(number("0.000123456789012345"), (None, false));
    assert_eq!(number("1.23456789012345"), (None, true));
    assert_eq!(number("1.234567890123456"), (None, false));
    assert_eq!(number("1e2"), (None, true));
    assert_eq!(number("1e-290"), (None, true));
    assert_eq!(number("1e291"), (None, false));
}
