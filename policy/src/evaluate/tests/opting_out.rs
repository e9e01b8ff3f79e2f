//! What counts as saying no where nobody has to ask first, and what takes it back.

use super::*;

#[test]
fn only_a_later_opt_in_to_the_same_recipient_lifts_a_block() {
    let opted_out = |again: Option<(&str, i64)>| {
        with_record(in_place("US-CA"), |record| {
            record.opt_out = Some(Millis(MARCH.0 - 9 * DAY));
            let again = again.map(|(to, days)| (to.to_owned(), Millis(MARCH.0 - days * DAY)));
            record.opt_ins.extend(again);
        })
    };
    assert_eq!(clauses(&ads(&opted_out(Some(("Ads", 1))))), ["A1"]);
    for again in [
        None,
        Some(("Ads", 9)),
        Some(("Ads", 10)),
        Some(("Ads", -1)),
        Some(("Clinic", 1)),
    ] {
        assert_eq!(
            refusal(&ads(&opted_out(again))),
            (Reason::Block, vec!["B1".into()]),
            "{again:?}"
        );
    }
    // A consent is no opt-in.
    let consents = with_record(opted_out(None), |record| {
        record.general = Some(given(MARCH));
        record.recipients.insert("Ads".to_owned(), given(MARCH));
    });
    assert_eq!(refusal(&ads(&consents)).0, Reason::Block);
}

#[test]
fn an_opt_in_is_no_consent() {
    let opted_in = with_record(in_place("DE"), |record| {
        record.opt_in = Some(Millis(MARCH.0 - DAY));
        record
            .opt_ins
            .insert("Ads".to_owned(), Millis(MARCH.0 - DAY));
    });
    assert_eq!(refusal(&ads(&opted_in)).0, Reason::NotMet);
}

#[test]
fn a_refusal_or_withdrawal_is_an_opt_out_too() {
    let blocked = (Reason::Block, vec!["B1".to_owned()]);
    for state in [ChoiceState::Refused, ChoiceState::Withdrawn] {
        let no = |days: i64| Choice {
            state,
            since: Millis(MARCH.0 - days * DAY),
        };
        let californian = |change: &dyn Fn(&mut Record)| {
            let answer = ads(&with_record(in_place("US-CA"), change));
            match answer {
                Answer::Permitted { .. } => None,
                Answer::Refused(_) => Some(refusal(&answer)),
            }
        };
        let general = californian(&|record| record.general = Some(no(5)));
        assert_eq!(general, Some(blocked.clone()));
        let own = californian(&|record| {
            record.general = Some(given(Millis(MARCH.0 - 6 * DAY)));
            record.recipients.insert("Ads".to_owned(), no(5));
        });
        assert_eq!(own, Some(blocked.clone()), "the later act counts");
        let others = californian(&|record| {
            record.recipients.insert("Clinic".to_owned(), no(5));
        });
        assert_eq!(others, None, "a no to somebody else");
        let taken_back = |days: i64| {
            let consents = californian(&|record| {
                record.general = Some(no(5));
                let again = given(Millis(MARCH.0 - days * DAY));
                record.recipients.insert("Ads".to_owned(), again);
            });
            let opts_in = californian(&|record| {
                record.general = Some(no(5));
                record.opt_in = Some(Millis(MARCH.0 - days * DAY));
            });
            assert_eq!(consents, opts_in, "{days}");
            consents
        };
        assert_eq!(taken_back(4), None);
        for not_later in [6, 5, -1] {
            assert_eq!(taken_back(not_later), Some(blocked.clone()), "{not_later}");
        }
    }
    let expired = with_record(in_place("US-CA"), |record| {
        record.general = Some(Choice {
            state: ChoiceState::Expired,
            since: MARCH,
        });
    });
    assert_eq!(clauses(&ads(&expired)), ["A1"], "a lapse is no refusal");
}

#[test]
fn an_opt_in_to_one_recipient_lifts_nothing_for_another() {
    let text = "policy \"two networks\" version 1.\n\
        category product is user.behavior.purchase_history at $.product.\n\
        purpose ads is marketing.advertising.third_party.targeted.\n\
        ground is notice and opt-out, CCPA 1798.120, in US-CA.\n\
        opt-out is read from our records.\n\
        source shop is host \"shop.example\".\n\
        recipient One is host \"one.example\".\n\
        recipient Two is host \"two.example\".\n\
        A1. allow shop to send product to One for ads.\n\
        A2. allow shop to send product to Two for ads.\n\
        B1. block ads in US-CA when the person opts out, \
          except when the person opts in to One after that opt-out.\n";
    let policy = Policy::compile(std::path::Path::new("two.policy"), text).expect("a policy");
    let mut situation = in_place("US-CA");
    situation.present.insert("product".to_owned());
    let record = situation.records.entry("ads".to_owned()).or_default();
    record.opt_out = Some(Millis(situation.at.0 - 2 * DAY));
    record
        .opt_ins
        .insert("One".to_owned(), Millis(situation.at.0 - DAY));
    let answer = |to: &str| {
        let flow = policy.flow("shop", to, "ads").expect("a flow");
        policy.answer(flow, &situation, &situation)
    };
    assert!(matches!(answer("One"), Answer::Permitted { .. }));
    assert_eq!(refusal(&answer("Two")), (Reason::Block, vec!["B1".into()]));
}
