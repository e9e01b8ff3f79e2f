use super::*;

fn report() -> Report {
    let text = "category email is user.contact.emial at $.e.\n".to_owned();
    let span = Span { start: 18, end: 36 };
    let found = Diagnostic::new(registry::UNKNOWN_WORD, span, "no such key")
        .replace_with("did you mean `user.contact.email`?", "user.contact.email");
    Report::new("a.policy".into(), text, vec![found.clone(), found])
}

#[test]
fn rendering_shows_code_place_reason_and_suggestion() {
    let text = report().render(false);
    for part in [
        "P0207",
        "a.policy:1:19",
        "^^^^",
        "note: clauses about groups",
        "help: did you mean",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(!text.contains('\u{1b}'));
    assert!(report().render(true).contains('\u{1b}'));
}

#[test]
fn json_lines_hold_every_field_and_each_finding_once() {
    let json = report().to_json();
    let lines: Vec<serde_json::Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["line"], 1);
    assert_eq!(lines[0]["column"], 19);
    assert_eq!(lines[0]["code"], "P0207");
    assert_eq!(lines[0]["replacement"], "user.contact.email");
}

#[test]
fn lints_alone_do_not_stop_a_policy() {
    let mut report = report();
    assert!(report.has_errors());
    report.diagnostics = vec![Diagnostic::new(registry::UNUSED, Span::default(), "x")];
    assert!(!report.has_errors());
}

#[test]
fn very_long_lines_are_pointed_into_but_not_shown() {
    let text = "x ".repeat(200_000);
    let span = Span {
        start: 200_000,
        end: 200_001,
    };
    let found = Diagnostic::new(registry::UNUSED, span, "unused").help("leave it out");
    let rendered = Report::new("a".into(), text, vec![found]).render(false);
    assert!(rendered.len() < 400, "{} bytes", rendered.len());
    for part in ["a:1:200001", "note: ", "help: leave it out"] {
        assert!(rendered.contains(part), "{part} is missing in\n{rendered}");
    }
}

#[test]
fn spans_outside_the_text_are_printed_at_its_end() {
    let span = Span {
        start: 900,
        end: 950,
    };
    let found = Diagnostic::new(registry::UNUSED, span, "x");
    let report = Report::new("a".into(), "é\n".to_owned(), vec![found]);
    assert!(report.render(false).contains("P0409"));
    assert!(report.to_json().contains("\"line\":2"));
}

#[test]
fn what_is_not_shown_is_counted() {
    let findings = |count: u32| {
        let found = |start| {
            Diagnostic::new(
                registry::UNUSED,
                Span {
                    start,
                    end: start + 1,
                },
                "x",
            )
        };
        let text = "x\n".repeat(2_000);
        Report::new("a".into(), text, (0..count).map(found).collect())
    };
    let cut = |text: &str| text.lines().last().unwrap_or_default().to_owned();
    let shown = findings(200).render(false);
    assert!(!shown.contains("not shown") && shown.matches("P0409").count() == 200);
    let shown = findings(201).render(false);
    assert!(
        cut(&shown).starts_with("1 more findings are not shown"),
        "{}",
        cut(&shown)
    );
    assert_eq!(shown.matches("P0409").count(), 200);
    let json = findings(1000).to_json();
    assert!(!json.contains("not_shown") && json.lines().count() == 1000);
    let last: serde_json::Value = serde_json::from_str(&cut(&findings(1007).to_json())).unwrap();
    assert_eq!(last, serde_json::json!({ "file": "a", "not_shown": 7 }));
}
