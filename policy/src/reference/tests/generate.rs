//! Random trees and situations over a handful of names, small enough that everything meets
//! everything.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_set, vec};
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::ast::*;
use crate::situation::{Age, Choice, ChoiceState, Heard, Millis, Place, Record, Situation};
use crate::text::{Span, Spanned};

const SOURCES: [&str; 2] = ["web shop", "till"];
const RECIPIENTS: [&str; 2] = ["Meta Ads", "Newsletter"];
const PURPOSES: [(&str, &str); 3] = [
    ("ads", "marketing.advertising.third_party.targeted"),
    ("letters", "marketing.communications.email"),
    ("reports", "analytics.reporting"),
];
const CATEGORIES: [&str; 4] = ["email", "health", "exact place", "order value"];
const DPIA: &str = "DPIA-1";
const LISTS: [&str; 2] = ["bereavement", "staff"];
/// 2026-06-15T12:00:00Z, in the middle of everything generated.
const NOON: i64 = 1_781_524_800_000;
const DAY: i64 = 86_400_000;

/// The flow that the n-th situation is about.
pub(super) fn flow(at: usize) -> (&'static str, &'static str, &'static str) {
    (
        SOURCES[at % 2],
        RECIPIENTS[at / 2 % 2],
        PURPOSES[at / 4 % 3].0,
    )
}

fn spanned<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}

fn name(name: &str) -> Name {
    spanned(name.to_owned())
}

fn names(from: &'static [&'static str], at_least: usize) -> impl Strategy<Value = Vec<Name>> {
    subsequence(from, at_least..=from.len()).prop_map(|names| names.into_iter().map(name).collect())
}

fn place_word() -> impl Strategy<Value = Spanned<PlaceWord>> {
    select(&["EEA", "EU", "GB", "DE", "US", "US-CA"][..])
        .prop_map(|word| spanned(PlaceWord(word.to_owned())))
}

fn places() -> impl Strategy<Value = Vec<Spanned<PlaceWord>>> {
    vec(place_word(), 0..3)
}

fn day() -> impl Strategy<Value = Day> {
    (2026_i16..2028, 1_i8..13, 1_i8..29).prop_map(|(year, month, day)| Day { year, month, day })
}

fn period() -> impl Strategy<Value = Period> {
    let unit = select(&[Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Year][..]);
    (1_u32..20, unit).prop_map(|(count, unit)| Period { count, unit })
}

fn signal() -> impl Strategy<Value = SignalName> {
    prop_oneof![
        Just(SignalName::OurRecords),
        Just(SignalName::GlobalPrivacyControl),
        Just(SignalName::Segment("advertising".into())),
        Just(SignalName::Tcf(vec![1, 3, 4])),
    ]
}

fn reading() -> impl Strategy<Value = Reading> {
    let sources = btree_set(signal(), 1..4);
    let join = select(&[Join::AllPresent, Join::One][..]);
    (sources, join, of(period())).prop_map(|(sources, join, lasts)| Reading {
        sources: sources.into_iter().map(spanned).collect(),
        join,
        lasts: lasts.map(spanned),
    })
}

fn ground() -> impl Strategy<Value = Ground> {
    use Ground::*;
    select(
        &[
            Consent,
            Contract,
            LegalObligation,
            LegitimateInterest,
            NoticeAndOptOut,
            PublicInterest,
            VitalInterests,
        ][..],
    )
}

fn years() -> impl Strategy<Value = u8> {
    select(&[13_u8, 16, 18][..])
}

fn list() -> impl Strategy<Value = String> {
    select(&LISTS[..]).prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = Spanned<Condition>> {
    prop_oneof![
        4 => Just(Condition::LawfulBasisMet),
        3 => years().prop_map(Condition::NotKnownUnder),
        1 => years().prop_map(Condition::KnownAtLeast),
        2 => years().prop_map(Condition::MayBeUnder),
        2 => vec(place_word(), 1..3)
            .prop_map(|words| Condition::In(words.into_iter().map(|word| word.node).collect())),
        6 => Just(Condition::OptsOut),
        2 => Just(Condition::Objects),
        2 => list().prop_map(Condition::OnList),
        2 => select(&RECIPIENTS[..]).prop_map(|to| Condition::OptsInAfter(to.to_owned())),
    ]
    .prop_map(spanned)
}

fn edit() -> impl Strategy<Value = Edit> {
    let unit = select(&[TimeUnit::Minute, TimeUnit::Hour, TimeUnit::Day][..]);
    prop_oneof![
        select(&["a", "b"][..]).prop_map(|key| Edit::KeyedHash(key.to_owned())),
        Just(Edit::Sha256),
        (1_u32..4).prop_map(|bands| Edit::Band(
            (0..bands)
                .map(|at| Band {
                    from: at * 10,
                    to: Some(at * 10 + 9)
                })
                .collect()
        )),
        (0_u8..33, 0_u8..129).prop_map(|(v4, v6)| Edit::ShortenIp { v4, v6 }),
        Just(Edit::OnlyPath),
        select(&["0.5", "5", "10", "100"][..]).prop_map(|step| Edit::Round(step.to_owned())),
        unit.prop_map(Edit::TruncateTime),
    ]
}

fn uses() -> impl Strategy<Value = Spanned<Uses>> {
    prop_oneof![
        Just(Uses::All),
        select(&PURPOSES[..]).prop_map(|(name, _)| Uses::Named(name.to_owned())),
        select(&["marketing", "marketing.advertising", "analytics", "market"][..])
            .prop_map(|word| Uses::Word(word.to_owned())),
    ]
    .prop_map(spanned)
}

fn category(named: &'static str) -> impl Strategy<Value = Category> {
    let law = || Law("law".into());
    let kind = select(vec![
        Sensitivity::Special(law()),
        Sensitivity::Sensitive(law()),
    ]);
    // Some keys say on their own that data is special; the last one only looks so.
    let keys = vec![
        "user",
        "user",
        "user.health_and_medical",
        "user.biometric.voice",
        "user.biometrics",
    ];
    (weighted(0.3, kind), select(keys)).prop_map(move |(kind, key)| Category {
        name: name(named),
        word: name(key),
        paths: vec![name("$.a")],
        sensitivity: kind.into_iter().map(spanned).collect(),
    })
}

fn purpose((named, word): (&'static str, &'static str)) -> impl Strategy<Value = Purpose> {
    let basis = (ground(), places()).prop_map(|(ground, places)| {
        spanned(Basis {
            ground,
            law: None,
            places,
        })
    });
    let gate = prop_oneof![
        Just(Gate::Dpia(DPIA.to_owned())),
        period().prop_map(Gate::BiasAudit),
    ];
    (
        vec(basis, 0..3),
        of(reading()),
        of(reading()),
        weighted(0.15, gate),
    )
        .prop_map(move |(bases, consent, opt_out, gate)| Purpose {
            name: name(named),
            word: name(word),
            bases,
            consent,
            opt_out,
            gates: gate.into_iter().map(spanned).collect(),
        })
}

fn source(named: &'static str) -> Source {
    Source {
        name: name(named),
        host: name("shop.example"),
        place: vec![],
        age: vec![],
    }
}

fn recipient(named: &'static str) -> impl Strategy<Value = Recipient> {
    weighted(0.15, of(day())).prop_map(move |transfer| Recipient {
        name: name(named),
        host: name("recipient.example"),
        roles: vec![],
        place: None,
        transfer: transfer.map(|until| {
            spanned(Transfer {
                tool: TransferTool::Certification,
                until,
            })
        }),
    })
}

fn allow() -> impl Strategy<Value = Allow> {
    let edit_of = (select(&CATEGORIES[..]), edit()).prop_map(|(category, edit)| EditOf {
        category: name(category),
        edit: spanned(edit),
    });
    let cap = (1_u32..30, select(&[CapWindow::Day, CapWindow::Week][..]))
        .prop_map(|(events, per)| spanned(Cap { events, per }));
    (
        names(&SOURCES, 1),
        names(&CATEGORIES, 1),
        names(&RECIPIENTS, 1),
        select(&PURPOSES[..]),
        vec(condition(), 0..3),
        vec(edit_of, 0..4),
        vec(cap, 0..3),
    )
        .prop_map(
            |(sources, categories, recipients, purpose, conditions, edits, caps)| Allow {
                label: name("A"),
                sources,
                categories,
                recipients,
                purpose: name(purpose.0),
                conditions,
                edits,
                caps,
                deletes_within: None,
            },
        )
}

fn block() -> impl Strategy<Value = Block> {
    (
        uses(),
        names(&RECIPIENTS, 0),
        places(),
        vec(condition(), 1..3),
        vec(vec(condition(), 1..3), 0..3),
    )
        .prop_map(|(uses, recipients, places, when, except)| Block {
            label: name("B"),
            uses,
            recipients,
            places,
            when,
            except,
            law: None,
        })
}

fn never() -> impl Strategy<Value = Never> {
    let what = prop_oneof![
        names(&CATEGORIES, 1).prop_map(NeverWhat::Categories),
        Just(NeverWhat::SpecialCategories),
        Just(NeverWhat::SensitiveData),
        years().prop_map(NeverWhat::PersonMayBeUnder),
        list().prop_map(NeverWhat::PersonOnList),
    ];
    (
        what.prop_map(spanned),
        uses(),
        names(&RECIPIENTS, 0),
        places(),
    )
        .prop_map(|(what, uses, recipients, places)| Never {
            label: name("N"),
            what,
            uses,
            recipients,
            places,
            law: None,
        })
}

fn header() -> impl Strategy<Value = Header> {
    (weighted(0.1, day()), weighted(0.1, day())).prop_map(|(from, until)| Header {
        name: name("generated"),
        version: spanned(1),
        controller: None,
        officer: None,
        from: from.map(spanned),
        until: until.map(spanned),
        words: vec![],
    })
}

/// A file with every source, recipient, purpose and category, and a few clauses of each kind.
pub(super) fn file() -> impl Strategy<Value = File> {
    let declared = (
        of(header()),
        CATEGORIES.map(category),
        PURPOSES.map(purpose),
        RECIPIENTS.map(recipient),
    );
    (
        declared,
        vec(allow(), 2..10),
        vec(block(), 0..4),
        vec(never(), 0..3),
    )
        .prop_map(
            |((header, categories, purposes, recipients), mut allows, mut blocks, mut nevers)| {
                number(allows.iter_mut().map(|clause| &mut clause.label));
                number(blocks.iter_mut().map(|clause| &mut clause.label));
                number(nevers.iter_mut().map(|clause| &mut clause.label));
                File {
                    header,
                    categories: categories.into(),
                    purposes: purposes.into(),
                    sources: SOURCES.map(source).into(),
                    recipients: recipients.into(),
                    allows,
                    blocks,
                    nevers,
                    keeps: vec![],
                    tests: vec![],
                    ..File::default()
                }
            },
        )
}

fn number<'name>(labels: impl Iterator<Item = &'name mut Name>) {
    for (at, label) in labels.enumerate() {
        label.node = format!("{}{}", label.node, at + 1);
    }
}

fn instant() -> impl Strategy<Value = Millis> {
    // Whole days often, so that acts and decisions meet at the same instant.
    prop_oneof![
        (-30_i64..30).prop_map(|days| Millis(NOON + days * DAY)),
        (-600 * DAY..600 * DAY).prop_map(|offset| Millis(NOON + offset)),
    ]
}

fn choice() -> impl Strategy<Value = Choice> {
    use ChoiceState::*;
    let state = select(&[Given, Given, Given, Refused, Withdrawn, Expired][..]);
    (state, instant()).prop_map(|(state, since)| Choice { state, since })
}

fn record() -> impl Strategy<Value = Record> {
    let own = vec((select(&RECIPIENTS[..]), choice()), 0..3);
    (
        weighted(0.7, choice()),
        own,
        weighted(0.15, instant()),
        weighted(0.3, instant()),
        weighted(0.2, instant()),
        vec((select(&RECIPIENTS[..]), instant()), 0..2),
    )
        .prop_map(
            |(general, own, objection, opt_out, opt_in, opt_ins)| Record {
                general,
                recipients: own
                    .into_iter()
                    .map(|(to, choice)| (to.to_owned(), choice))
                    .collect(),
                objection,
                opt_out,
                opt_in,
                opt_ins: opt_ins
                    .into_iter()
                    .map(|(to, since)| (to.to_owned(), since))
                    .collect(),
            },
        )
}

/// A situation; ages below, at and above every threshold that clauses ask for.
pub(crate) fn situation() -> impl Strategy<Value = Situation> {
    let heard = select(
        &[
            Heard::Grants,
            Heard::Refuses,
            Heard::Unreadable,
            Heard::Unreadable,
        ][..],
    );
    let code = select(&["DE", "GB", "US", "US-CA", "US-NY", "BR", "NO"][..]);
    let place = weighted(0.8, code.prop_map(|code| Place::parse(code).unwrap()));
    let known = select(&[12_u8, 13, 15, 16, 17, 18, 40][..]);
    let age = (
        weighted(0.5, known),
        weighted(0.2, select(&[13_u8, 16, 17, 18, 30][..])),
    )
        .prop_map(|(years, may_be_under)| Age {
            years,
            may_be_under,
        });
    let gates = (weighted(0.7, instant()), weighted(0.7, instant())).prop_map(|(dpia, audit)| {
        let fed = [(DPIA, dpia), ("bias audit", audit)];
        let fed = fed
            .into_iter()
            .filter_map(|(gate, at)| Some((gate.to_owned(), at?)));
        fed.collect::<BTreeMap<_, _>>()
    });
    let records = vec((select(&PURPOSES[..]), record()), 0..4);
    (
        instant(),
        place,
        age,
        records,
        vec((signal(), heard), 0..4),
        btree_set(list(), 0..2),
        gates,
        subsequence(&CATEGORIES[..], 0..=CATEGORIES.len()),
    )
        .prop_map(
            |(at, place, age, records, signals, lists, gates, present)| Situation {
                at,
                place,
                age,
                records: records
                    .into_iter()
                    .map(|((purpose, _), kept)| (purpose.to_owned(), kept))
                    .collect(),
                signals: signals.into_iter().collect(),
                lists,
                gates,
                present: present
                    .into_iter()
                    .map(str::to_owned)
                    .collect::<BTreeSet<_>>(),
            },
        )
}

/// When it happened and now: often the same facts a little later, sometimes two worlds.
pub(super) fn pair() -> impl Strategy<Value = (Situation, Situation)> {
    prop_oneof![
        2 => situation().prop_map(|only| (only.clone(), only)),
        1 => (situation(), instant())
            .prop_map(|(happened, at)| (happened.clone(), Situation { at, ..happened })),
        1 => (situation(), situation()),
    ]
}
