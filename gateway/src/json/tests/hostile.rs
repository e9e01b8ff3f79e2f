//! Bodies that are made to be slow, deep or large.

use std::time::{Duration, Instant};

use super::*;

const GENEROUS: Limits = Limits {
    bytes: 64 << 20,
    depth: 64,
    values: 16 << 20,
};

/// Far above what linear time takes even unoptimized, far below what quadratic time takes.
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    done
}

/// An object whose names are `name(0)`, `name(1)` and so on.
fn object(count: usize, name: impl Fn(usize) -> String) -> String {
    let members: Vec<_> = (0..count)
        .map(|index| format!("\"{}\":0", name(index)))
        .collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn depth_costs_no_stack() {
    let deep = 100_000;
    let open = "[".repeat(deep);
    let body = format!("{open}{}", "]".repeat(deep));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(deep), "}".repeat(deep));
    assert_eq!(
        scan(open.as_bytes(), &GENEROUS).err(),
        fault(deep, FaultKind::Syntax)
    );
    assert_eq!(
        scan(body.as_bytes(), &GENEROUS).err(),
        fault(64, FaultKind::Depth)
    );
    assert_eq!(
        scan(objects.as_bytes(), &GENEROUS).err(),
        fault(64 * 5, FaultKind::Depth)
    );
    let limitless = Limits {
        depth: u32::MAX,
        ..GENEROUS
    };
    assert_eq!(rewritten(&scan(body.as_bytes(), &limitless).unwrap()), body);
    assert_eq!(
        rewritten(&scan(objects.as_bytes(), &limitless).unwrap()),
        objects
    );
    let batch = format!("[{body},1]");
    let batch = scan_batch(batch.as_bytes(), &GENEROUS, None).unwrap();
    let readable: Vec<_> = batch.elements().map(|event| event.is_ok()).collect();
    assert_eq!(readable, [false, true]);
}

#[test]
fn many_names_cost_little_more_than_few() {
    let long = "x".repeat(40);
    let escape = r"\u0061".repeat(3);
    soon(|| {
        for body in [
            object(100_000, |index| format!("k{index}")),
            object(100_000, |index| format!("{long}{index:09}")),
            object(50_000, |index| format!("{escape}{index:09}")),
        ] {
            assert!(body.len() > 1 << 20);
            assert_eq!(scan(body.as_bytes(), &GENEROUS).err(), None);
        }
    });
}

#[test]
fn a_repeated_name_is_found_in_objects_of_any_size() {
    for count in [2, 15, 16, 17, 18, 500] {
        for (first, again, spelled) in [
            (0, 1, "k0"),
            (0, count - 1, r"\u006B0"),
            (1, count - 1, "K1"),
        ] {
            if first == again {
                continue;
            }
            let body = object(count, |index| {
                if index == again {
                    spelled.to_owned()
                } else {
                    format!("k{index}")
                }
            });
            let at = body.rfind(&format!("\"{spelled}\"")).unwrap();
            assert_eq!(
                fault_of(&body),
                fault(at, FaultKind::DuplicateKey),
                "{body}"
            );
        }
        assert_eq!(fault_of(&object(count, |index| format!("k{index}"))), None);
    }
    let twice = object(40, |index| format!("k{}", index % 20));
    assert_eq!(
        fault_of(&twice),
        fault(twice.rfind("\"k0\"").unwrap(), FaultKind::DuplicateKey)
    );
}

#[test]
fn names_that_differ_late_differ() {
    let names = [
        "abcdefgh",
        "abcdefghi",
        "abcdefgi",
        "ABCDEFG",
        "a",
        "",
        "aaaaaaaa1",
        "aaaaaaaa2",
        "@",
        "`",
    ];
    let body = object(names.len(), |index| names[index].to_owned());
    assert_eq!(fault_of(&body), None);
}

#[test]
fn flaws_are_remembered_once_a_string() {
    let body = format!(
        "[\"{}\",\"{}\"]",
        "\0".repeat(1 << 20),
        r"\ud800".repeat(1 << 17)
    );
    soon(|| {
        assert_eq!(
            scan(body.as_bytes(), &GENEROUS).err(),
            fault(2, FaultKind::Nul)
        )
    });
}

#[test]
fn every_prefix_and_every_changed_byte_is_read_without_panic() {
    let body = r#"{"a\u00e9\ud83d\ude00":[-1.5e+3,true,{"k":"é\n"},null],"batch":[{"b":1},[]]}"#;
    for end in 0..body.len() {
        assert!(scan(&body.as_bytes()[..end], &Limits::default()).is_err());
    }
    for at in 0..body.len() {
        for byte in 0..=u8::MAX {
            let mut bytes = body.as_bytes().to_vec();
            bytes[at] = byte;
            if let Ok(document) = read(&bytes) {
                assert!(serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
                rewritten(&document);
            }
            if let Ok(batch) = scan_batch(&bytes, &Limits::default(), Some("batch")) {
                assert!(
                    batch
                        .elements()
                        .flatten()
                        .all(|node| node.children().count() < 9)
                );
            }
        }
    }
}
