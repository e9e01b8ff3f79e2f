//! Random histories: what the policy reads out of a filled situation, against the rules spelt out
//! one identifier and one recipient at a time.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::act::protectiveness;

const PEOPLE: [SubjectId; 3] = [ADA, BOB, SubjectId::from_bytes([3; 16])];
/// The last one is in no act.
const RECIPIENTS: [&str; 3] = ["Meta", "Google", "Other"];

#[derive(Clone, Debug)]
struct Op {
    person: usize,
    kind: ActKind,
    recipient: Option<&'static str>,
    since: i64,
    expires: Option<i64>,
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let recipient = prop_oneof![Just(None), Just(Some("Meta")), Just(Some("Google"))];
    let kind = proptest::sample::select(ActKind::ALL.to_vec());
    let op = (
        0..3_usize,
        kind,
        recipient,
        0..8_i64,
        proptest::option::of(1..6_i64),
    )
        .prop_map(|(person, kind, recipient, since, lasts)| {
            let expires = lasts
                .filter(|_| kind == ActKind::Given)
                .map(|lasts| since + lasts);
            Op {
                person,
                kind,
                recipient,
                since,
                expires,
            }
        });
    proptest::collection::vec(op, 0..12)
}

/// What one identifier's acts mean for one recipient, or (none) in general.
struct Naive<'a> {
    acts: Vec<&'a Op>,
    at: i64,
}

impl Naive<'_> {
    /// The state that counts and its instant.
    fn choice(&self, recipient: Option<&str>) -> Option<(u8, i64)> {
        let mut best: Option<(i64, u8)> = None;
        for act in &self.acts {
            let expired = act.expires.is_some_and(|expires| expires <= self.at);
            let rank = match act.kind {
                ActKind::Given => u8::from(expired),
                ActKind::Refused => 2,
                ActKind::Withdrawn => 3,
                ActKind::OptedOut | ActKind::OptedIn | ActKind::Objected => continue,
            };
            let meant = act.recipient.is_none() || act.recipient == recipient;
            if meant && best.is_none_or(|best| (act.since, rank) >= best) {
                best = Some((act.since, rank));
            }
        }
        best.map(|(since, rank)| (rank, since))
    }

    fn objects(&self) -> bool {
        self.of(ActKind::Objected)
            .any(|objection| match self.choice(objection.recipient) {
                Some((0, since)) => since <= objection.since,
                _ => true,
            })
    }

    fn standing_opt_outs(&self) -> Vec<i64> {
        let taken_back = |out: &&&Op| {
            self.of(ActKind::OptedIn).any(|back| {
                back.since > out.since
                    && (back.recipient.is_none() || back.recipient == out.recipient)
            })
        };
        self.of(ActKind::OptedOut)
            .filter(|out| !taken_back(out))
            .map(|out| out.since)
            .collect()
    }

    /// Every no that was said to a recipient and not taken back by a consent.
    fn noes(&self, recipient: &str) -> Vec<i64> {
        let mut noes = self.standing_opt_outs();
        if let Some((2 | 3, since)) = self.choice(Some(recipient)) {
            noes.push(since);
        }
        noes
    }

    fn is_out_of(&self, recipient: &str) -> bool {
        let noes = self.noes(recipient);
        let lifts = |back: &&Op| {
            let is_meant = back.recipient.is_none_or(|named| named == recipient);
            is_meant && noes.iter().all(|no| back.since > *no)
        };
        !noes.is_empty() && !self.of(ActKind::OptedIn).copied().any(|back| lifts(&back))
    }

    fn of(&self, kind: ActKind) -> impl Iterator<Item = &&Op> {
        self.acts.iter().filter(move |act| act.kind == kind)
    }
}

/// The policy's reading of a record: see `for_recipient` and `opts_out` there.
fn in_force(record: &Record, recipient: &str) -> Option<Choice> {
    let own = record.recipients.get(recipient).into_iter();
    own.chain(record.general.as_ref())
        .max_by_key(|choice| (choice.since, protectiveness(choice.state)))
        .copied()
}

fn reads_opt_out(record: &Record, recipient: &str) -> bool {
    let refuses =
        |act: &Choice| [ChoiceState::Refused, ChoiceState::Withdrawn].contains(&act.state);
    let refusal = in_force(record, recipient).filter(refuses);
    let said_no = record.opt_out.max(refusal.map(|act| act.since));
    let back = record.opt_in.max(record.opt_ins.get(recipient).copied());
    said_no.is_some() && back <= said_no
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn a_filled_situation_says_what_the_naive_rules_say(ops in ops(), at in 0..10_i64) {
        let view = View::new();
        for op in &ops {
            let kept = Act {
                expires: op.expires.map(Millis),
                ..act(PEOPLE[op.person], op.kind, op.recipient)
            };
            view.keep(&kept, Millis(op.since));
        }
        let record = record(&view, &PEOPLE, at);

        let people: Vec<Naive> = (0..PEOPLE.len())
            .map(|person| {
                let visible = |op: &&Op| op.person == person && op.since <= at;
                Naive { acts: ops.iter().filter(visible).collect(), at }
            })
            .collect();
        prop_assert_eq!(record.objection.is_some(), people.iter().any(Naive::objects));
        let outs = people.iter().flat_map(Naive::standing_opt_outs).max();
        prop_assert_eq!(record.opt_out, outs.map(Millis));

        // Where nobody else is involved, nothing is rounded to the safe side.
        let involved: BTreeSet<_> = ops.iter().map(|op| op.person).collect();
        let exact = involved.len() == 1;
        let noes = [ActKind::Refused, ActKind::Withdrawn, ActKind::OptedOut];
        let said_no = ops.iter().any(|op| op.since <= at && noes.contains(&op.kind));
        for recipient in RECIPIENTS {
            let choices = people.iter().filter_map(|person| person.choice(Some(recipient)));
            let worst = choices.map(|(rank, _)| rank).max();
            let out = people.iter().any(|person| person.is_out_of(recipient));
            let reads_out = reads_opt_out(&record, recipient);
            prop_assert!(reads_out || !out, "{recipient}: {record:?}");
            if exact {
                prop_assert_eq!(reads_out, out, "{}", recipient);
            }
            prop_assert!(said_no || !reads_out, "{recipient}: {record:?}");

            let consents = in_force(&record, recipient);
            let consents = consents.map(|choice| choice.state == ChoiceState::Given);
            match worst {
                Some(0) if exact => prop_assert_eq!(consents, Some(true)),
                Some(0) => prop_assert!(consents.is_some()),
                Some(_) => prop_assert_eq!(consents, Some(false)),
                None => prop_assert_eq!(consents, None),
            }
        }
    }
}
