//! Random policies, written as text and read through the front door, and random situations: the
//! compiled policy says what the slow oracle reads off the tree.

use std::collections::BTreeMap;
use std::path::Path;

use policy::ast::SignalName;
use policy::reference::{Opinion, judge};
use policy::situation::{Age, Choice, ChoiceState, Heard, Millis, Place, Record};
use policy::{Policy, Situation};

const POLICIES: u64 = 1_000;
const SITUATIONS_PER_POLICY: u64 = 200;

const SOURCES: [&str; 2] = ["web shop", "till"];
const RECIPIENTS: [&str; 2] = ["Meta Ads", "Letters"];
const PURPOSES: [&str; 3] = ["targeted ads", "news letters", "shop reports"];
const CATEGORIES: [&str; 4] = ["email", "health", "order value", "event time"];
const PLACES: [&str; 6] = ["EEA", "UK", "DE", "US", "US-CA", "BR"];
const GROUNDS: [&str; 4] = [
    "lawful basis is consent",
    "ground is notice and opt-out",
    "lawful basis is legitimate interest",
    "lawful basis is contract",
];
/// 2026-06-15T12:00:00Z.
const NOON: i64 = 1_781_524_800_000;
const DAY: i64 = 86_400_000;

#[test]
fn the_compiled_policy_says_what_the_oracle_says() {
    let (mut compared, mut permitted) = (0_u64, 0_u64);
    let mut unusable = Vec::new();
    for seed in 1..=POLICIES {
        let mut dice = Dice::new(seed);
        let text = policy_text(&mut dice);
        // Some generated policies contradict themselves; the checker stops those, as it should.
        let policy = match Policy::compile(Path::new("generated.policy"), &text) {
            Ok(policy) => policy,
            Err(report) => {
                unusable.push(report);
                continue;
            }
        };
        for at in 0..SITUATIONS_PER_POLICY {
            let names = (
                dice.pick(&SOURCES),
                dice.pick(&RECIPIENTS),
                dice.pick(&PURPOSES),
            );
            let flow = policy
                .flow(names.0, names.1, names.2)
                .expect("a generated policy has every name");
            let happened = situation(&mut dice);
            let now = if dice.one_in(3) {
                situation(&mut dice)
            } else {
                happened.clone()
            };
            let compiled = Opinion::from(&policy.answer(flow, &happened, &now));
            let oracle = judge(policy.tree(), names, &happened, &now);
            assert_eq!(
                Some(&compiled),
                oracle.as_ref(),
                "seed {seed}, situation {at}, flow {names:?}\n{happened:#?}\n{now:#?}\n{text}",
            );
            compared += 1;
            permitted += u64::from(matches!(compiled, Opinion::Permitted { .. }));
        }
    }
    let first = unusable.first().map(|report| &report.diagnostics);
    assert!(
        compared >= 100_000,
        "{} of {POLICIES} policies do not compile: {first:#?}",
        unusable.len()
    );
    assert!(
        permitted * 50 >= compared,
        "only {permitted} of {compared} permitted: agreement on refusals proves little"
    );
}

/// The control: a compiler that drops every block clause is seen.
#[test]
fn the_oracle_sees_a_compiler_that_forgets_the_blocks() {
    let mut differences = 0_u64;
    for seed in 1..=50 {
        let mut dice = Dice::new(seed);
        let text = policy_text(&mut dice);
        let is_block = |line: &&str| line.starts_with('B');
        let rest: Vec<&str> = text.lines().filter(|line| !is_block(line)).collect();
        let path = Path::new("generated.policy");
        let compiled = (
            Policy::compile(path, &text),
            Policy::compile(path, &rest.join("\n")),
        );
        let (Ok(whole), Ok(forgetful)) = compiled else {
            continue;
        };
        for _ in 0..SITUATIONS_PER_POLICY {
            let names = (SOURCES[0], dice.pick(&RECIPIENTS), dice.pick(&PURPOSES));
            let flow = forgetful
                .flow(names.0, names.1, names.2)
                .expect("a generated policy has every name");
            let now = situation(&mut dice);
            let compiled = Opinion::from(&forgetful.answer(flow, &now, &now));
            let oracle = judge(whole.tree(), names, &now, &now);
            differences += u64::from(Some(&compiled) != oracle.as_ref());
        }
    }
    assert!(differences > 0, "the planted bug was not seen");
}

fn policy_text(dice: &mut Dice) -> String {
    let mut text = String::from(
        "policy \"Generated\" version 1.\n\
         category email is user.contact.email at $.email.\n\
         category health is user.health_and_medical at $.health;\n\
           special category under GDPR Art. 9(1).\n\
         category order value is user.behavior.purchase_history at $.total.\n\
         category event time is user.behavior at $.time.\n\
         source web shop is host \"shop.example\".\n\
         source till is host \"till.example\".\n\
         recipient Meta Ads is host \"ads.example\"; independent controller; \
           in US by certification \"EU-US DPF\" until 2027-06-30.\n\
         recipient Letters is host \"letters.example\"; processor; in IE.\n",
    );
    let words = [
        "marketing.advertising.third_party.targeted",
        "marketing.communications.email",
        "analytics.reporting",
    ];
    // Its key says that health is special, whether or not somebody marked it.
    if dice.one_in(2) {
        text = text.replace(";\nspecial category under GDPR Art. 9(1).", ".");
    }
    for (name, word) in PURPOSES.iter().zip(words) {
        purpose(dice, &mut text, name, word);
    }
    for number in 1..=2 + dice.below(6) {
        allow(dice, &mut text, number);
    }
    for number in 1..=dice.below(4) {
        block(dice, &mut text, number);
    }
    for number in 1..=dice.below(3) {
        never(dice, &mut text, number);
    }
    text
}

fn purpose(dice: &mut Dice, text: &mut String, name: &str, word: &str) {
    let mut add = |sentence: String| text.push_str(&sentence);
    add(format!("purpose {name} is {word}.\n"));
    let first = dice.pick(&GROUNDS);
    match dice.below(3) {
        0 => add(format!("  {first}.\n")),
        1 => add(format!("  {first} in EEA and UK.\n")),
        _ => add(format!(
            "  {first} in EEA and UK; {} in US-CA.\n",
            dice.pick(&GROUNDS)
        )),
    }
    let signals = [
        "our records",
        "our records, Segment consent \"ads\"",
        "Segment consent \"ads\"",
    ];
    let joins = ["all that are present must agree", "one is enough"];
    add(format!(
        "  consent is read from {}; {}.\n",
        dice.pick(&signals),
        dice.pick(&joins)
    ));
    if dice.one_in(2) {
        add(format!("  consent lasts {} months.\n", 1 + dice.below(14)));
    }
    let signals = [
        "our records",
        "Global Privacy Control",
        "our records, Global Privacy Control",
    ];
    add(format!(
        "  opt-out is read from {}; one is enough.\n",
        dice.pick(&signals)
    ));
    if dice.one_in(4) {
        add("  needs DPIA \"D1\".\n".to_owned());
    }
    if dice.one_in(6) {
        add("  needs bias audit every 90 days.\n".to_owned());
    }
}

fn allow(dice: &mut Dice, text: &mut String, number: u64) {
    let conditions = [
        "",
        "if the lawful basis is met",
        "if the lawful basis is met, unless known to be under 18",
        "if known to be 18 or older",
        "if the lawful basis is met and the person is in EEA or US",
    ];
    // Health seldom: the checker stops policies that list it where a never forbids it.
    let categories = if dice.one_in(8) {
        "email and health"
    } else {
        "email, order value and event time"
    };
    let edits = [
        "first hash email as SHA-256.",
        "first hash email with key \"k\".",
        "first hash email as SHA-256; at most 20 events per person per day.",
        "at most 5 events per person per week.",
        "",
    ];
    *text += &format!(
        "A{number}. allow {} to send {categories} to {} for {} {}.\n  {}\n",
        dice.pick(&["web shop", "till", "web shop and till"]),
        dice.pick(&["Meta Ads", "Letters", "Meta Ads and Letters"]),
        dice.pick(&PURPOSES),
        dice.pick(&conditions),
        dice.pick(&edits),
    );
}

fn block(dice: &mut Dice, text: &mut String, number: u64) {
    let conditions = [
        "the person opts out",
        "the person objects",
        "the person opts out and the person is in US-CA",
        "the person is on list \"bereavement\"",
        "the person may be under 16",
        "the person is in BR or DE",
    ];
    let exceptions = [
        "",
        ", except when the person opts in to Meta Ads after that opt-out",
        ", except when the person is known to be 18 or older and the person is in UK",
    ];
    *text += &format!(
        "B{number}. block {}{} when {}{}.\n",
        dice.pick(&["advertising", "all marketing", "everything", "shop reports"]),
        place(dice),
        dice.pick(&conditions),
        dice.pick(&exceptions),
    );
}

fn never(dice: &mut Dice, text: &mut String, number: u64) {
    let what = [
        "use special category data",
        "profile a person who is or may be under 18",
        "use data of a person on list \"staff\"",
        "use health",
    ];
    let uses = dice.pick(&["advertising", "all marketing"]);
    *text += &format!(
        "N{number}. never {} for {uses}{}.\n",
        dice.pick(&what),
        place(dice)
    );
}

fn place(dice: &mut Dice) -> String {
    if dice.one_in(2) {
        String::new()
    } else {
        format!(" in {}", dice.pick(&PLACES))
    }
}

fn situation(dice: &mut Dice) -> Situation {
    let mut situation = Situation {
        at: instant(dice),
        ..Situation::default()
    };
    situation.place =
        Place::parse(dice.pick(&["", "DE", "GB", "US", "US-CA", "US-NY", "BR", "DE", "DE"]));
    situation.age = Age {
        years: dice.pick(&[None, None, Some(15), Some(17), Some(18), Some(40)]),
        may_be_under: dice.pick(&[None, None, None, Some(16), Some(18)]),
    };
    for purpose in PURPOSES {
        if !dice.one_in(4) {
            situation.records.insert(purpose.to_owned(), record(dice));
        }
    }
    let heard = [Heard::Grants, Heard::Refuses, Heard::Unreadable];
    for signal in [
        SignalName::GlobalPrivacyControl,
        SignalName::Segment("ads".to_owned()),
    ] {
        if dice.one_in(4) {
            situation.signals.insert(signal, dice.pick(&heard));
        }
    }
    for list in ["bereavement", "staff"] {
        if dice.one_in(8) {
            situation.lists.insert(list.to_owned());
        }
    }
    if !dice.one_in(3) {
        let fed = [("D1", NOON + 400 * DAY), ("bias audit", NOON - 20 * DAY)];
        situation.gates = fed.map(|(gate, at)| (gate.to_owned(), Millis(at))).into();
    }
    situation.present = CATEGORIES
        .iter()
        .filter(|_| dice.one_in(2))
        .map(|&name| name.to_owned())
        .collect();
    situation
}

fn record(dice: &mut Dice) -> Record {
    let mut recipients = BTreeMap::new();
    if dice.one_in(3) {
        recipients.insert(dice.pick(&RECIPIENTS).to_owned(), choice(dice));
    }
    let mut opt_ins = BTreeMap::new();
    if dice.one_in(4) {
        opt_ins.insert(dice.pick(&RECIPIENTS).to_owned(), instant(dice));
    }
    Record {
        general: (!dice.one_in(4)).then(|| choice(dice)),
        recipients,
        objection: dice.one_in(8).then(|| instant(dice)),
        opt_out: dice.one_in(4).then(|| instant(dice)),
        opt_in: dice.one_in(6).then(|| instant(dice)),
        opt_ins,
    }
}

fn choice(dice: &mut Dice) -> Choice {
    use ChoiceState::{Expired, Given, Refused, Withdrawn};
    let state = dice.pick(&[Given, Given, Given, Given, Refused, Withdrawn, Expired]);
    Choice {
        state,
        since: instant(dice),
    }
}

/// Within two months of noon, on whole days, so that instants often meet.
fn instant(dice: &mut Dice) -> Millis {
    let days = i64::try_from(dice.below(120)).expect("small") - 60;
    Millis(NOON + days * DAY)
}

/// xorshift64*: a seed gives the same policy on every machine.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let at = self.below(from.len() as u64);
        from[usize::try_from(at).expect("small")]
    }
}
