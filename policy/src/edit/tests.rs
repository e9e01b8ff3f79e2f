use super::*;
use crate::ast::TimeUnit;

const DAY: Day = Day {
    year: 2026,
    month: 12,
    day: 5,
};

struct OneKey;

impl Keys for OneKey {
    fn key(&self, name: &str) -> Option<&[u8]> {
        (name == "known").then_some(b"0123456789abcdef")
    }
}

fn edited(edit: &Edit, text: &str, is_number: bool) -> Edited {
    apply(edit, text, is_number, DAY, &OneKey)
}

#[test]
fn a_number_stays_a_number_only_where_it_is_one() {
    let round = Edit::Round("10".into());
    assert_eq!(edited(&round, "123.40", true), Edited::Number("120".into()));
    assert_eq!(edited(&round, "123.40", false), Edited::Text("120".into()));
    assert_eq!(edited(&round, "120", true), Edited::Unchanged);
    let bands = Edit::Band(vec![crate::ast::Band { from: 18, to: None }]);
    assert_eq!(edited(&bands, "34", true), Edited::Text("18+".into()));
}

#[test]
fn without_its_key_a_value_does_not_leave() {
    assert_eq!(
        edited(&Edit::KeyedHash("lost".into()), "a@b.example", false),
        Edited::Removed
    );
    assert!(matches!(
        edited(&Edit::KeyedHash("known".into()), "a", false),
        Edited::Text(hash) if hash.len() == 64
    ));
}

proptest::proptest! {
    /// Whatever arrives, nothing panics, and no hash or label holds the value it was made of.
    #[test]
    fn survives_any_text(text in ".{0,60}", is_number: bool) {
        for edit in [
            Edit::KeyedHash("known".into()),
            Edit::Sha256,
            Edit::Band(vec![crate::ast::Band { from: 0, to: None }]),
            Edit::ShortenIp { v4: 24, v6: 48 },
            Edit::OnlyPath,
            Edit::Round("0.25".into()),
            Edit::TruncateTime(TimeUnit::Hour),
        ] {
            let _ = edited(&edit, &text, is_number);
        }
    }
}
