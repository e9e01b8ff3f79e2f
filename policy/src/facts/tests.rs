use super::{choice, consent};
use crate::ast::{Join, Period, Purpose, Reading, SignalName, Unit};
use crate::facts::Truth;
use crate::situation::{Choice, ChoiceState, Heard, Millis, Record, Situation};
use crate::text::{Span, Spanned};

const DAY: i64 = 86_400_000;

fn spanned<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

fn act(state: ChoiceState, day: i64) -> Choice {
    Choice {
        state,
        since: Millis(day * DAY),
    }
}

fn purpose(join: Join, lasts: Option<Period>) -> Purpose {
    let sources = [
        SignalName::OurRecords,
        SignalName::Segment("ads".into()),
        SignalName::Tcf(vec![1]),
    ];
    Purpose {
        name: spanned("ads".to_owned()),
        word: spanned("marketing".to_owned()),
        bases: vec![],
        consent: Some(Reading {
            sources: sources.into_iter().map(spanned).collect(),
            join,
            lasts: lasts.map(spanned),
        }),
        opt_out: None,
        gates: vec![],
    }
}

fn heard(record: Option<ChoiceState>, segment: Option<Heard>, tcf: Option<Heard>) -> Situation {
    let mut situation = Situation {
        at: Millis(100 * DAY),
        ..Situation::default()
    };
    if let Some(state) = record {
        let kept = Record {
            general: Some(act(state, 50)),
            ..Record::default()
        };
        situation.records.insert("ads".to_owned(), kept);
    }
    situation
        .signals
        .extend(segment.map(|heard| (SignalName::Segment("ads".into()), heard)));
    situation
        .signals
        .extend(tcf.map(|heard| (SignalName::Tcf(vec![1]), heard)));
    situation
}

/// Everything that two signals and a record can say together.
#[test]
fn signals_join_as_the_purpose_says() {
    use ChoiceState::{Expired, Given, Refused, Withdrawn};
    use Heard::{Grants, Refuses, Unreadable};
    use Truth::{No, Yes};
    let table = [
        (None, None, None, No, No),
        (Some(Given), None, None, Yes, Yes),
        (Some(Given), Some(Grants), Some(Grants), Yes, Yes),
        (None, Some(Grants), None, Yes, Yes),
        (Some(Given), Some(Refuses), None, No, Yes),
        (Some(Refused), Some(Grants), None, No, Yes),
        (Some(Withdrawn), None, None, No, No),
        (Some(Expired), Some(Grants), None, No, Yes),
        (
            Some(Given),
            None,
            Some(Unreadable),
            Truth::Unreadable,
            Truth::Unreadable,
        ),
        (
            Some(Refused),
            None,
            Some(Unreadable),
            Truth::Unreadable,
            Truth::Unreadable,
        ),
    ];
    for (record, segment, tcf, all, one) in table {
        let situation = heard(record, segment, tcf);
        let truth = |join| consent::given(&purpose(join, None), "Ads", &situation).truth;
        assert_eq!(
            (truth(Join::AllPresent), truth(Join::One)),
            (all, one),
            "{situation:?}"
        );
    }
}

#[test]
fn a_consent_lapses_on_its_day() {
    let period = Period {
        count: 50,
        unit: Unit::Day,
    };
    let truth = |at| {
        let situation = Situation {
            at: Millis(at),
            ..heard(Some(ChoiceState::Given), None, None)
        };
        consent::given(&purpose(Join::AllPresent, Some(period)), "Ads", &situation).truth
    };
    assert_eq!(truth(50 * DAY - 1), Truth::No, "never before its own act");
    assert_eq!(truth(50 * DAY), Truth::Yes);
    assert_eq!(truth(100 * DAY - 1), Truth::Yes);
    assert_eq!(truth(100 * DAY), Truth::No);
}

#[test]
fn a_period_that_no_calendar_holds_has_passed() {
    let endless = Period {
        count: u32::MAX,
        unit: Unit::Year,
    };
    let situation = heard(Some(ChoiceState::Given), None, None);
    let given = consent::given(&purpose(Join::AllPresent, Some(endless)), "Ads", &situation);
    assert_eq!(given.truth, Truth::No);
}

#[test]
fn the_later_act_counts_for_its_recipient_only() {
    use ChoiceState::{Given, Refused};
    let record = |general, own| Record {
        general: Some(general),
        recipients: [("Ads".to_owned(), own)].into(),
        ..Record::default()
    };
    let state = |record: &Record, to| choice::for_recipient(record, to).map(|choice| choice.state);
    let later_no = record(act(Given, 1), act(Refused, 2));
    assert_eq!(state(&later_no, "Ads"), Some(Refused));
    assert_eq!(state(&later_no, "Letters"), Some(Given));
    assert_eq!(
        state(&record(act(Refused, 2), act(Given, 1)), "Ads"),
        Some(Refused)
    );
    assert_eq!(
        state(&record(act(Refused, 1), act(Given, 2)), "Ads"),
        Some(Given)
    );
    assert_eq!(
        state(&record(act(Refused, 2), act(Given, 2)), "Ads"),
        Some(Refused)
    );
    assert_eq!(
        state(&record(act(Given, 2), act(Refused, 2)), "Ads"),
        Some(Refused)
    );
}
