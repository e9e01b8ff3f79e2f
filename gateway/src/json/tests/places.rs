//! Looking into what was read, and writing from it.

use super::*;

const EVENT: &str = r#"{
    "type": "track", "user": {"\u0065mail": "ann\u0040example.org", "id": 17, "none": null},
    "props": {"items": [{"sku": "a", "n": 1}, {"n": 2}, 5, {"sku": "b"}], "paid": true},
    "odd name": {"it's": ["x", "y"]}, "by key": {"k1": {"v": 1}, "k2": {"v": 2}}
}"#;

fn found(path: &str) -> Vec<String> {
    let document = read(EVENT).unwrap();
    let path = Path::parse(path).unwrap();
    let raw = path
        .find(document.root())
        .map(|node| String::from_utf8(node.raw().to_vec()).unwrap());
    raw.collect()
}

#[test]
fn finds_what_a_path_names() {
    assert_eq!(found("$.user.email"), [r#""ann\u0040example.org""#]);
    assert_eq!(found("$.user.Email"), [""; 0]);
    assert_eq!(
        found(r"$.user.\u0065mail".replace('\\', "").as_str()),
        [""; 0]
    );
    assert_eq!(found("$.props.items[*].sku"), [r#""a""#, r#""b""#]);
    assert_eq!(found("$.props.items[2]"), ["5"]);
    assert_eq!(found("$.props.items[4]"), [""; 0]);
    assert_eq!(found("$.props[0]"), [""; 0]);
    assert_eq!(found(r"$['odd name']['it\'s'][*]"), [r#""x""#, r#""y""#]);
    assert_eq!(found(r#"$["odd name"]["it's"][1]"#), [r#""y""#]);
    assert_eq!(found("$['by key'][*].v"), ["1", "2"]);
    assert_eq!(found("$[*][*][*].sku"), [r#""a""#, r#""b""#]);
    assert_eq!(found("$.type.deeper"), [""; 0]);
    assert_eq!(found("$.type[*]"), [""; 0]);
    assert_eq!(found("$"), [EVENT]);
}

#[test]
fn paths_are_shown_as_they_are_read() {
    let paths = [
        "$",
        "$.a.b-c[*][0]",
        r"$['it\'s']['']['a\\b']",
        "$.é1",
        "$['a b']",
    ];
    for text in paths {
        assert_eq!(Path::parse(text).unwrap().to_string(), text);
    }
    let path = Path::parse(r#"$["a"][12]"#).unwrap();
    assert_eq!(path.steps(), [Step::Member("a".into()), Step::Index(12)]);
    assert_eq!(path.to_string(), "$.a[12]");
}

#[test]
fn a_text_that_is_no_path_is_told_where() {
    let errors = [
        ("", 0, PathErrorKind::NoRoot),
        ("user.email", 0, PathErrorKind::NoRoot),
        ("$user", 1, PathErrorKind::NoStep),
        ("$.", 2, PathErrorKind::BadName),
        ("$..a", 2, PathErrorKind::BadName),
        ("$.*", 2, PathErrorKind::BadName),
        ("$.a b", 3, PathErrorKind::NoStep),
        ("$['a", 2, PathErrorKind::OpenQuote),
        (r"$['a\n']", 5, PathErrorKind::BadEscape),
        (r"$['a\", 5, PathErrorKind::BadEscape),
        ("$[", 2, PathErrorKind::BadBracket),
        ("$[]", 2, PathErrorKind::BadBracket),
        ("$[-1]", 2, PathErrorKind::BadBracket),
        ("$[01]", 2, PathErrorKind::BadBracket),
        ("$[99999999999999999999999]", 2, PathErrorKind::BadBracket),
        ("$[*", 3, PathErrorKind::BadBracket),
        ("$['a'x]", 5, PathErrorKind::BadBracket),
    ];
    for (text, at, kind) in errors {
        assert_eq!(Path::parse(text), Err(PathError { at, kind }), "{text}");
    }
    let error = Path::parse("$x").unwrap_err();
    assert_eq!(error.to_string(), "expected `.` or `[`, at byte 1");
}

#[test]
fn nodes_say_what_they_are() {
    let document = read(EVENT).unwrap();
    let root = document.root();
    let user = root.get("user").unwrap();
    assert_eq!(user.kind(), Kind::Object);
    assert_eq!(
        user.get("email").and_then(Node::text).as_deref(),
        Some("ann@example.org")
    );
    assert_eq!(
        user.get("id")
            .and_then(Node::number)
            .and_then(Number::integer),
        Some(17)
    );
    assert!(user.get("none").is_some_and(Node::is_null));
    assert!(user.get("id").and_then(Node::text).is_none());
    assert!(user.get("email").and_then(Node::number).is_none());
    let paid = Path::parse("$.props.paid")
        .unwrap()
        .find(root)
        .next()
        .unwrap();
    assert_eq!(paid.boolean(), Some(true));
    assert_eq!(user.boolean(), None);
    assert_eq!(paid.children().count() + paid.members().count(), 0);
    assert_eq!(root.get("props"), root.children().nth(2));
    assert_ne!(root.get("props"), root.children().nth(1));
    let again = read(EVENT).unwrap();
    assert_ne!(again.root(), root);
}

#[test]
fn writes_one_spelling() {
    let strange = concat!(
        r#" { "\u0061\/b" : [ 1.50 , -0, 1E+2, "\u00e9\ud83d\ude00\u0007\u000c\b\u000a\"\\" "#,
        "\r\n\t , {} , [ ] ] } "
    );
    let expected = "{\"a/b\":[1.50,-0,1E+2,\"é😀\\u0007\\f\\b\\n\\\"\\\\\",{},[]]}";
    assert_eq!(rewritten(&read(strange).unwrap()), expected);
    assert_eq!(rewritten(&read(expected).unwrap()), expected);
}

#[test]
fn writes_new_bodies() {
    let document = read(EVENT).unwrap();
    let mut out = Vec::new();
    let mut event = JsonWriter::new(&mut out).object();
    event.member("quote\"").string("a\u{1f}\n");
    event
        .member("user")
        .node(document.root().get("user").unwrap());
    drop(event.member("never given"));
    let mut list = event.member("list").array();
    list.element().integer(i64::MIN);
    list.element().boolean(false);
    list.element().null();
    list.element().array().end();
    list.end();
    event.member("empty").object().end();
    event.end();
    let expected = concat!(
        r#"{"quote\"":"a\u001f\n","user":{"email":"ann@example.org","id":17,"none":null},"#,
        r#""list":[-9223372036854775808,false,null,[]],"empty":{}}"#
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn edits_while_it_copies() {
    let document = read(EVENT).unwrap();
    let root = document.root();
    let at = |path: &str| Path::parse(path).unwrap().find(root).collect::<Vec<_>>();
    let (mail, id, skus) = (
        at("$.user.email"),
        at("$.user.id"),
        at("$.props.items[*].sku"),
    );
    let (kept, first) = (at("$['odd name']"), at("$.props.items[0]"));
    let mut out = Vec::new();
    JsonWriter::new(&mut out).edited(root, |node| {
        if mail.contains(&node) {
            Edit::Text("\"hash\"".into())
        } else if id.contains(&node) {
            Edit::Integer(20)
        } else if kept.contains(&node) || skus.contains(&node) {
            Edit::Keep
        } else if matches!(node.kind(), Kind::Object | Kind::Array) && !first.contains(&node) {
            Edit::Enter
        } else {
            Edit::Omit
        }
    });
    let expected = concat!(
        r#"{"user":{"email":"\"hash\"","id":20},"props":{"items":[{},{"sku":"b"}]},"#,
        r#""odd name":{"it's":["x","y"]},"by key":{"k1":{},"k2":{}}}"#
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    let mut nothing = Vec::new();
    JsonWriter::new(&mut nothing).edited(root, |_| Edit::Omit);
    assert!(nothing.is_empty());
}
