//! Random histories: what the policy reads out of a filled situation, against the rules spelt out
//! one identifier and one recipient at a time.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

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
        let mut best: Option<(i64, u8, bool)> = None;
        for act in &self.acts {
            let rank = match act.kind {
                ActKind::Given => 0,
                ActKind::Refused => 2,
                ActKind::Withdrawn => 3,
                ActKind::OptedOut | ActKind::OptedIn | ActKind::Objected => continue,
            };
            let expired = act.expires.is_some_and(|expires| expires <= self.at);
            let meant = act.recipient.is_none() || act.recipient == recipient;
            if meant && best.is_none_or(|(since, worst, _)| (act.since, rank) >= (since, worst)) {
                best = Some((act.since, rank, expired));
            }
        }
        best.map(|(since, rank, expired)| (if rank == 0 && expired { 1 } else { rank }, since))
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

    fn is_out_of(&self, recipient: &str) -> bool {
        let outs = self.standing_opt_outs();
        let back = |since: i64| outs.iter().all(|out| since > *out);
        !outs.is_empty()
            && !self
                .of(ActKind::OptedIn)
                .any(|act| act.recipient == Some(recipient) && back(act.since))
    }

    fn of(&self, kind: ActKind) -> impl Iterator<Item = &&Op> {
        self.acts.iter().filter(move |act| act.kind == kind)
    }
}

/// The policy's reading of a record: see `for_recipient` and `opted_in_again` there.
fn reads_consent(record: &Record, recipient: &str) -> Option<bool> {
    let own = record.recipients.get(recipient).into_iter();
    let choice = own
        .chain(record.general.as_ref())
        .max_by_key(|choice| (choice.since, choice.state != ChoiceState::Given));
    choice.map(|choice| choice.state == ChoiceState::Given)
}

fn reads_opt_out(record: &Record, recipient: &str) -> bool {
    let again = record.recipients.get(recipient);
    record.opt_out.is_some_and(|out| {
        !again.is_some_and(|again| again.state == ChoiceState::Given && out < again.since)
    })
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

        // Where nobody else and no opt-out is involved, nothing is rounded to the safe side.
        let involved: BTreeSet<_> = ops.iter().map(|op| op.person).collect();
        let exact = involved.len() == 1 && outs.is_none();
        for recipient in RECIPIENTS {
            let choices = people.iter().filter_map(|person| person.choice(Some(recipient)));
            let worst = choices.map(|(rank, _)| rank).max();
            let out = people.iter().any(|person| person.is_out_of(recipient));
            let back_in = outs.is_some() && !out;
            let refuses = worst.is_some_and(|rank| rank > 0);

            prop_assert_eq!(reads_opt_out(&record, recipient), outs.is_some() && (out || refuses));
            let consents = reads_consent(&record, recipient);
            match worst {
                Some(0) if exact => prop_assert_eq!(consents, Some(true)),
                Some(0) => prop_assert!(consents.is_some()),
                Some(_) => prop_assert_eq!(consents, Some(false)),
                None => prop_assert_eq!(consents, back_in.then_some(true)),
            }
        }
    }
}
