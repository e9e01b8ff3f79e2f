use super::*;

fn moment() -> Snapshot {
    Snapshot {
        state: "running",
        policy: "<b>Sample & co</b>".into(),
        events: 1000,
        decisions: 2000,
        sent: 1500,
        edited: 1200,
        refused: 500,
        refusals: vec![Row {
            label: "B1 (block)".into(),
            count: 125,
        }],
        lacking: vec![Row {
            label: "age".into(),
            count: 333,
        }],
        recent: vec![["7".into(), "Meta Ads".into(), "refused".into(), "B1".into()]],
        ..Snapshot::default()
    }
}

#[test]
fn every_figure_has_its_number_beside_it() {
    let page = render(&moment());
    for row in [
        "125</td><td class=\"n\">25.0 %",
        "333</td><td class=\"n\">33.3 %",
    ] {
        assert!(page.contains(row), "{row} in {page}");
    }
    assert_eq!(page.matches("<svg").count(), 2);
    assert_eq!(
        page.matches("<section>").count(),
        page.matches("</section>").count()
    );
}

#[test]
fn the_page_holds_no_script_and_escapes_what_others_wrote() {
    let page = render(&moment());
    for wrong in ["<script", " style=", " onclick", "<b>", "http:"] {
        assert!(!page.contains(wrong), "{wrong}");
    }
    assert!(page.contains("&lt;b&gt;Sample &amp; co"));
}

#[test]
fn the_policy_of_the_page_names_the_style_it_has() {
    let policy = content_policy();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"));
    let page = render(&moment());
    assert!(
        page.contains(&format!("<style>{STYLE}</style>")),
        "the hash is of these bytes"
    );
}

#[test]
fn nothing_of_nothing_is_a_dash() {
    assert_eq!(share(0, 0), "–");
    assert_eq!(share(1, 3), "33.3 %");
    assert_eq!(share(9, 3), "100.0 %");
}
