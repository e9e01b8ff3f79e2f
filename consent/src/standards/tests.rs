use super::*;

#[test]
fn only_what_the_policy_listens_to_is_heard_and_records_are_never_a_signal() {
    let mut carried = Carried {
        gpc: vec![b"1"],
        segment: segment::Stamp::Preferences(vec![(
            "advertising".into(),
            segment::Preference::Refused,
        )]),
        unread: unread::Seen::default(),
    };
    carried.unread.note("us_privacy");
    let advertising = SignalName::Segment("advertising".to_owned());
    let gpp = SignalName::Gpp("SaleOptOut".to_owned());

    let all = [
        SignalName::OurRecords,
        SignalName::GlobalPrivacyControl,
        SignalName::Tcf(vec![1]),
        advertising.clone(),
        gpp.clone(),
    ];
    let expected = BTreeMap::from([
        (SignalName::GlobalPrivacyControl, Heard::Refuses),
        (advertising.clone(), Heard::Refuses),
        (gpp, Heard::Unreadable),
    ]);
    assert_eq!(heard(&carried, &all), expected);
    assert_eq!(
        heard(&carried, [&advertising]),
        BTreeMap::from([(advertising, Heard::Refuses)])
    );
}
