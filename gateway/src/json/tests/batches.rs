//! One bad event does not sink its batch; one bad envelope does.

use super::*;

/// What became of each event: its `id`, or its fault.
fn events(body: &[u8], batch_key: Option<&str>) -> Result<(Shape, Vec<Result<i64, Fault>>), Fault> {
    let batch = scan_batch(body, &Limits::default(), batch_key)?;
    assert_eq!(batch.elements().len(), batch.len());
    let id = |node: Node<'_>| {
        node.get("id")
            .and_then(Node::number)
            .and_then(Number::integer)
    };
    let events = batch
        .elements()
        .map(|event| event.map(|node| id(node).unwrap_or(-1)));
    Ok((batch.shape(), events.collect()))
}

const BAD: [(&[u8], FaultKind); 8] = [
    (br#"{"a":1,"A":2}"#, FaultKind::DuplicateKey),
    (br#"{"a":"\ud800"}"#, FaultKind::LoneSurrogate),
    (br#"{"a\u0000":1}"#, FaultKind::Nul),
    (b"{\"a\":\"\0\"}", FaultKind::Nul),
    (b"{\"a\":\"\xC0\xAF\"}", FaultKind::Utf8),
    (br#"{"a":1e999}"#, FaultKind::Number),
    (
        b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\
       ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        FaultKind::Depth,
    ),
    (
        br#"{"x":{"a":1,"a":{"a":1,"a":2}}}"#,
        FaultKind::DuplicateKey,
    ),
];

/// `head`, a good event, the bad one, a good event, `tail`; and where the bad one is.
fn body(head: &[u8], bad: &[u8], tail: &[u8]) -> (Vec<u8>, std::ops::Range<usize>) {
    let before = [head, br#"{"id":1} , "#].concat();
    let span = before.len()..before.len() + bad.len();
    ([&before, bad, br#",{"id":3}"#, tail].concat(), span)
}

#[test]
fn a_faulty_event_is_refused_alone() {
    let forms: [(&[u8], &[u8], Shape); 3] = [
        (b"[", b"]", Shape::Array),
        (br#"{"batch":["#, b"]}", Shape::Keyed),
        (
            br#"{"sentAt":"","b\u0061tch":["#,
            br#"],"context":{"id":9}}"#,
            Shape::Keyed,
        ),
    ];
    for (head, tail, expected) in forms {
        for (bad, kind) in BAD {
            let (body, span) = body(head, bad, tail);
            let (shape, events) = events(&body, Some("batch")).unwrap();
            assert_eq!(shape, expected);
            assert_eq!((events[0], events[2]), (Ok(1), Ok(3)));
            let fault = events[1].unwrap_err();
            assert_eq!(fault.kind, kind);
            assert!(span.contains(&fault.at), "{fault} {span:?}");
            let alone = scan(&body, &Limits::default()).unwrap_err();
            assert!(
                alone == fault || kind == FaultKind::Depth,
                "{alone} {fault}"
            );
        }
    }
}

#[test]
fn a_single_event_is_refused_and_its_body_is_not() {
    for (bad, kind) in BAD {
        if bad.starts_with(b"{") {
            let (shape, events) = events(bad, Some("batch")).unwrap();
            assert_eq!((shape, events.len()), (Shape::Single, 1));
            assert_eq!(events[0].unwrap_err().kind, kind);
        }
    }
    assert_eq!(
        events(br#"{"id":7}"#, None),
        Ok((Shape::Single, vec![Ok(7)]))
    );
    assert_eq!(
        events(br#"{"id":7,"batch":3}"#, Some("batch")),
        Ok((Shape::Single, vec![Ok(7)]))
    );
    assert_eq!(
        events(br#"{"id":7,"batch":[{}]}"#, None),
        Ok((Shape::Single, vec![Ok(7)]))
    );
    assert_eq!(events(b"[]", None), Ok((Shape::Array, vec![])));
}

#[test]
fn a_faulty_envelope_sinks_the_batch() {
    let bodies: [(&[u8], FaultKind); 9] = [
        (
            br#"{"batch":[{"id":1}],"batch":[]}"#,
            FaultKind::DuplicateKey,
        ),
        (
            br#"{"batch":[{"id":1}],"Batch":[]}"#,
            FaultKind::DuplicateKey,
        ),
        (
            br#"{"a":"\ud800","batch":[{"id":1}]}"#,
            FaultKind::LoneSurrogate,
        ),
        (br#"{"batch":[{"id":1}],"a":"\u0000"}"#, FaultKind::Nul),
        (br#"{"batch":[{"id":1},],"a":""}"#, FaultKind::Syntax),
        (br#"{"batch":[{"id":1,"a":"\u0000"}]"#, FaultKind::Syntax),
        (br#"[{"id":1}]]"#, FaultKind::Trailing),
        (b"\xEF\xBB\xBF[]", FaultKind::Bom),
        (b"", FaultKind::Syntax),
    ];
    for (body, kind) in bodies {
        let fault = events(body, Some("batch")).unwrap_err();
        assert_eq!(fault.kind, kind, "{}", String::from_utf8_lossy(body));
    }
    let limits = Limits {
        values: 5,
        ..Limits::default()
    };
    let fault = scan_batch(b"[1,2,3,4,5]", &limits, None).unwrap_err();
    assert_eq!(fault.kind, FaultKind::TooManyValues);
}

#[test]
fn depth_counts_from_the_event() {
    let limits = Limits {
        depth: 2,
        ..Limits::default()
    };
    let depths = |body: &str| {
        let batch = scan_batch(body.as_bytes(), &limits, Some("batch"))?;
        Ok(batch
            .elements()
            .map(|event| event.is_ok())
            .collect::<Vec<_>>())
    };
    assert_eq!(depths("[[[]],[[[]]],[[]]]"), Ok(vec![true, false, true]));
    assert_eq!(depths(r#"{"batch":[[[]],[[[]]]]}"#), Ok(vec![true, false]));
    assert_eq!(depths(r#"{"a":[[]]}"#), Ok(vec![false]));
    assert_eq!(depths(r#"{"a":[]}"#), Ok(vec![true]));
    assert_eq!(depths(r#"{"batch":[],"a":[]}"#), Ok(vec![]));
    let fault = Fault {
        at: 18,
        kind: FaultKind::Depth,
    };
    assert_eq!(depths(r#"{"batch":[1],"a":[[]]}"#), Err(fault));
}

#[test]
fn the_envelope_is_what_is_beside_the_events() {
    let body = br#"{"sentAt":"now","batch":[{"id":1}],"context":{"ip":"x"}}"#;
    let batch = scan_batch(body, &Limits::default(), Some("batch")).unwrap();
    let names: Vec<_> = batch
        .envelope()
        .map(|member| member.name().into_owned())
        .collect();
    assert_eq!(names, ["sentAt", "context"]);
    let single = scan_batch(body, &Limits::default(), None).unwrap();
    assert_eq!(single.envelope().count(), 0);
    assert!(!single.is_empty());
}
