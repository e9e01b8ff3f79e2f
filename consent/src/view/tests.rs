use policy::situation::{Choice, ChoiceState};

use super::*;

mod naive;

pub(super) const ADA: SubjectId = SubjectId::from_bytes([1; 16]);
pub(super) const BOB: SubjectId = SubjectId::from_bytes([2; 16]);
const ADS: &str = "ads";

pub(super) fn act(subject: SubjectId, kind: ActKind, recipient: Option<&str>) -> Act {
    Act {
        id: ActId([0; 16]),
        subjects: vec![subject],
        purpose: ADS.to_owned(),
        recipient: recipient.map(str::to_owned),
        kind,
        at: Millis(0),
        notice: None,
        mechanism: "test".to_owned(),
        expires: None,
    }
}

/// A view of these acts, each from the instant beside it.
fn view(acts: &[(SubjectId, ActKind, Option<&str>, i64)]) -> View {
    let view = View::new();
    for (subject, kind, recipient, since) in acts {
        view.keep(&act(*subject, *kind, *recipient), Millis(*since));
    }
    view
}

fn record(view: &View, subjects: &[SubjectId], at: i64) -> Record {
    let mut situation = Situation::default();
    view.fill(subjects, Millis(at), &mut situation);
    assert_eq!(situation.at, Millis(at));
    situation.records.remove(ADS).unwrap_or_default()
}

fn choice(state: ChoiceState, since: i64) -> Option<Choice> {
    Some(Choice {
        state,
        since: Millis(since),
    })
}

#[test]
fn a_consent_never_reaches_back_and_a_withdrawal_counts_from_its_own_instant() {
    let view = view(&[
        (ADA, ActKind::Withdrawn, None, 20),
        (ADA, ActKind::Given, None, 10),
    ]);
    assert_eq!(record(&view, &[ADA], 9), Record::default());
    assert_eq!(
        record(&view, &[ADA], 10).general,
        choice(ChoiceState::Given, 10)
    );
    assert_eq!(
        record(&view, &[ADA], 19).general,
        choice(ChoiceState::Given, 10)
    );
    assert_eq!(
        record(&view, &[ADA], 20).general,
        choice(ChoiceState::Withdrawn, 20)
    );
}

#[test]
fn of_two_acts_at_one_instant_the_protective_one_counts() {
    for acts in [
        [ActKind::Given, ActKind::Refused],
        [ActKind::Refused, ActKind::Given],
    ] {
        let view = view(&acts.map(|kind| (ADA, kind, None, 10)));
        assert_eq!(
            record(&view, &[ADA], 10).general,
            choice(ChoiceState::Refused, 10)
        );
    }
}

#[test]
fn a_consent_expires_at_its_own_end() {
    let view = View::new();
    let given = Act {
        expires: Some(Millis(30)),
        ..act(ADA, ActKind::Given, None)
    };
    view.keep(&given, Millis(10));
    assert_eq!(
        record(&view, &[ADA], 29).general,
        choice(ChoiceState::Given, 10)
    );
    assert_eq!(
        record(&view, &[ADA], 30).general,
        choice(ChoiceState::Expired, 10)
    );
}

#[test]
fn a_known_identifier_never_launders_a_refused_one_and_silence_is_no_refusal() {
    let consent = (ADA, ActKind::Given, None, 10);
    let alone = view(&[consent]);
    assert_eq!(
        record(&alone, &[ADA, BOB], 50).general,
        choice(ChoiceState::Given, 10)
    );
    assert_eq!(record(&alone, &[BOB], 50), Record::default());
    for (kind, state) in [
        (ActKind::Refused, ChoiceState::Refused),
        (ActKind::Withdrawn, ChoiceState::Withdrawn),
    ] {
        // Even if the refusal is older.
        let both = view(&[consent, (BOB, kind, None, 5)]);
        assert_eq!(record(&both, &[ADA, BOB], 50).general, choice(state, 5));
        assert_eq!(record(&both, &[BOB, ADA], 50).general, choice(state, 5));
    }
}

#[test]
fn one_identifiers_general_refusal_outweighs_anothers_consent_for_a_recipient() {
    let view = view(&[
        (BOB, ActKind::Refused, None, 5),
        (ADA, ActKind::Given, Some("Meta"), 10),
    ]);
    assert_eq!(
        record(&view, &[ADA, BOB], 50)
            .recipients
            .get("Meta")
            .copied(),
        choice(ChoiceState::Refused, 5)
    );
    assert_eq!(
        record(&view, &[ADA], 50).recipients.get("Meta").copied(),
        choice(ChoiceState::Given, 10)
    );
}

#[test]
fn an_opt_out_or_objection_under_any_identifier_counts() {
    let view = view(&[
        (ADA, ActKind::Given, None, 10),
        (BOB, ActKind::OptedOut, None, 20),
        (BOB, ActKind::Objected, Some("Meta"), 30),
    ]);
    let both = record(&view, &[ADA, BOB], 50);
    assert_eq!(
        (both.opt_out, both.objection),
        (Some(Millis(20)), Some(Millis(30)))
    );
    assert_eq!(both.general, choice(ChoiceState::Given, 10));
    let before = record(&view, &[ADA, BOB], 19);
    assert_eq!((before.opt_out, before.objection), (None, None));
}

/// What a record says of opting out, and of opting in again: in general, and to Meta.
fn outs_and_ins(record: &Record) -> (Option<i64>, Option<i64>, Option<i64>) {
    let millis = |at: Option<Millis>| at.map(|Millis(at)| at);
    let meta = record.opt_ins.get("Meta").copied();
    (millis(record.opt_out), millis(record.opt_in), millis(meta))
}

#[test]
fn opting_in_again_is_a_fact_of_its_own_and_taking_all_back_ends_the_opt_out() {
    let out = (ADA, ActKind::OptedOut, None, 20);
    let at_50 = |acts: &[_]| record(&view(acts), &[ADA], 50);
    let into_meta = at_50(&[out, (ADA, ActKind::OptedIn, Some("Meta"), 30)]);
    assert_eq!(outs_and_ins(&into_meta), (Some(20), None, Some(30)));
    assert_eq!((into_meta.general, into_meta.recipients.len()), (None, 0));
    let too_early = at_50(&[(ADA, ActKind::OptedIn, Some("Meta"), 20), out]);
    assert_eq!(outs_and_ins(&too_early), (Some(20), None, None));
    let all = view(&[out, (ADA, ActKind::OptedIn, None, 30)]);
    assert_eq!(outs_and_ins(&record(&all, &[ADA], 50)).0, None);
    assert_eq!(record(&all, &[ADA], 25).opt_out, Some(Millis(20)));
}

#[test]
fn a_consent_is_no_opt_in_and_an_opt_in_no_consent() {
    let at_50 = |acts: &[_]| record(&view(acts), &[ADA], 50);
    let consents = at_50(&[
        (ADA, ActKind::OptedOut, None, 20),
        (ADA, ActKind::Given, Some("Meta"), 30),
    ]);
    assert_eq!(outs_and_ins(&consents), (Some(20), None, None));
    let meta = consents.recipients.get("Meta").copied();
    assert_eq!(meta, choice(ChoiceState::Given, 30));
    // Opting in takes no refusal of consent back, though it is seen after it.
    let refuses = at_50(&[
        (ADA, ActKind::Refused, None, 10),
        (ADA, ActKind::OptedIn, Some("Meta"), 30),
    ]);
    assert_eq!(outs_and_ins(&refuses), (None, None, Some(30)));
    assert_eq!(refuses.general, choice(ChoiceState::Refused, 10));
    assert!(refuses.recipients.is_empty());
    // Nor does it give one where nothing was said before.
    let only = at_50(&[(ADA, ActKind::OptedIn, None, 30)]);
    assert_eq!(only, Record::default());
}

#[test]
fn opting_in_under_one_identifier_takes_nothing_back_under_another() {
    let ada = [
        (ADA, ActKind::Withdrawn, None, 5),
        (ADA, ActKind::OptedIn, None, 20),
    ];
    let alone = record(&view(&ada), &[ADA, BOB], 50);
    assert_eq!(outs_and_ins(&alone), (None, Some(20), None));
    let with_bob = |kind, recipient| {
        let acts = [ada.as_slice(), &[(BOB, kind, recipient, 10)]].concat();
        record(&view(&acts), &[ADA, BOB], 50)
    };
    for kind in [ActKind::Refused, ActKind::OptedOut] {
        assert_eq!(outs_and_ins(&with_bob(kind, None)).1, None);
    }
    // Bob's no is to Meta only, and no older than what Ada took back in general.
    let to_meta = with_bob(ActKind::Refused, Some("Meta"));
    assert_eq!(outs_and_ins(&to_meta), (None, Some(20), None));
    let meta = to_meta.recipients.get("Meta").copied();
    assert_eq!(meta, choice(ChoiceState::Withdrawn, 20));
}

#[test]
fn an_objection_stands_until_a_consent_in_force_came_after_it() {
    let objected = (ADA, ActKind::Objected, None, 10);
    let back = view(&[
        objected,
        (ADA, ActKind::Given, None, 20),
        (ADA, ActKind::Withdrawn, None, 30),
    ]);
    let objection = |at| record(&back, &[ADA], at).objection;
    assert_eq!(
        [objection(15), objection(25), objection(35)],
        [Some(Millis(10)), None, Some(Millis(10))]
    );
    let for_one = view(&[objected, (ADA, ActKind::Given, Some("Meta"), 20)]);
    assert_eq!(record(&for_one, &[ADA], 50).objection, Some(Millis(10)));
}

#[test]
fn lists_and_gates_are_filled_as_of_the_instant() {
    let view = View::new();
    view.list("bereavement", &[BOB], Millis(10), Some(Millis(20)));
    view.list("minors", &[ADA], Millis(12), None);
    view.set_gate("DPIA-1", Some(Millis(99)));
    let at = |at| {
        let mut situation = Situation::default();
        view.fill(&[ADA, BOB], Millis(at), &mut situation);
        (
            situation.lists.into_iter().collect::<Vec<_>>(),
            situation.gates.len(),
        )
    };
    assert_eq!(at(9), (vec![], 1));
    assert_eq!(at(11), (vec!["bereavement".to_owned()], 1));
    assert_eq!(
        at(15),
        (vec!["bereavement".to_owned(), "minors".to_owned()], 1)
    );
    assert_eq!(at(20), (vec!["minors".to_owned()], 1));
    view.unlist("minors", &[ADA]);
    view.set_gate("DPIA-1", None);
    assert_eq!(at(20), (vec![], 0));
    assert_eq!(
        view.lists(),
        BTreeMap::from([("bereavement".to_owned(), 1)])
    );
}

#[test]
fn the_generation_changes_with_anything_about_the_person_and_with_nothing_else() {
    let view = View::new();
    let mut last = view.generation(&[ADA, BOB]);
    let mut changed = |view: &View| {
        let now = view.generation(&[ADA, BOB]);
        std::mem::replace(&mut last, now) != now
    };
    view.keep(&act(ADA, ActKind::Given, None), Millis(1));
    assert!(changed(&view));
    view.keep(
        &act(SubjectId::from_bytes([3; 16]), ActKind::Given, None),
        Millis(1),
    );
    assert!(!changed(&view));
    view.list("minors", &[BOB], Millis(1), None);
    assert!(changed(&view));
    view.unlist("minors", &[BOB]);
    assert!(changed(&view));
    view.set_gate("DPIA-1", Some(Millis(1)));
    assert!(changed(&view));
}

#[test]
fn what_was_relied_on_is_the_latest_of_each_sort_for_this_recipient() {
    let view = View::new();
    let kept = |number: u8, kind: ActKind, recipient: Option<&str>, since: i64| {
        let act = Act {
            id: ActId([number; 16]),
            ..act(ADA, kind, recipient)
        };
        view.keep(&act, Millis(since));
    };
    kept(1, ActKind::Given, None, 10);
    kept(2, ActKind::Withdrawn, None, 20);
    kept(3, ActKind::Given, Some("Meta"), 30);
    kept(4, ActKind::OptedOut, None, 15);
    let relied = |recipient: &str, at: i64| -> Vec<u8> {
        let found = view.relied_on(&[ADA, BOB], "ads", recipient, Millis(at));
        found.iter().map(|id| id.0[0]).collect()
    };
    assert_eq!(relied("Meta", 40), [3, 4]);
    assert_eq!(relied("Google", 40), [2, 4]);
    assert_eq!(relied("Google", 12), [1]);
    assert_eq!(relied("Google", 9), [0_u8; 0]);
    assert!(view.relied_on(&[BOB], "ads", "Meta", Millis(40)).is_empty());
}
