//! How long a decision takes: facts ready, and facts resolved first. Prints nanoseconds; fails at a
//! microsecond.
//!
//! `cargo bench -p tests --bench decide`. Timed in batches of 64, since a clock reads coarser than
//! a decision takes.
#![expect(clippy::print_stdout, reason = "a measurement prints")]

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use policy::situation::{Choice, ChoiceState, Millis, Place, Record};
use policy::verdict::{Answer, EventId};
use policy::{Policy, Situation};

const BATCH: u32 = 64;
const BATCHES: usize = 20_000;
/// `decide` with facts ready stays under this, at the median, however many clauses a flow has.
const LIMIT_NANOSECONDS: u64 = 1_000;

fn main() -> ExitCode {
    println!(
        "{:>8} {:>16} {:>8} {:>8}",
        "clauses", "what", "p50 ns", "p99 ns"
    );
    let mut is_fast = true;
    for clauses in [10, 100, 1_000] {
        let Ok(policy) = Policy::compile(Path::new("bench.policy"), &policy_text(clauses)) else {
            println!("the benchmark's policy does not compile");
            return ExitCode::FAILURE;
        };
        is_fast &= measure(&policy, clauses);
    }
    if is_fast {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Measures one policy and says whether `decide` kept to the limit.
fn measure(policy: &Policy, clauses: usize) -> bool {
    let situation = situation();
    let flow = policy.flow("web shop", "Meta Ads", "ads");
    let Some((flow, facts)) = flow.and_then(|flow| Some((flow, policy.facts(flow, &situation)?)))
    else {
        println!("the benchmark's policy has no such flow");
        return false;
    };
    if matches!(
        policy.answer(flow, &situation, &situation),
        Answer::Refused(_)
    ) {
        println!("the benchmark's event is refused");
        return false;
    }
    let report = |what, (p50, p99): (u64, u64)| {
        println!("{clauses:>8} {what:>16} {p50:>8} {p99:>8}");
        p50
    };
    let decide = report("decide", percentiles(|| black_box(&facts).decide()));
    report(
        "facts",
        percentiles(|| policy.facts(flow, black_box(&situation))),
    );
    let event = EventId([0; 16]);
    report(
        "evaluate",
        percentiles(|| policy.evaluate(flow, event, &situation, &situation)),
    );
    decide < LIMIT_NANOSECONDS
}

/// Median and 99th percentile over batches, in nanoseconds a call.
fn percentiles<T>(mut call: impl FnMut() -> T) -> (u64, u64) {
    let mut batches: Vec<u64> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..BATCH {
                black_box(call());
            }
            u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX) / u64::from(BATCH)
        })
        .collect();
    batches.sort_unstable();
    let at = |share: usize| {
        batches
            .get(BATCHES * share / 100)
            .copied()
            .unwrap_or(u64::MAX)
    };
    (at(50), at(99))
}

/// So many clauses on one flow: one that allows, the others blocks that ask for a list each and do
/// not apply.
fn policy_text(clauses: usize) -> String {
    let mut text = String::from(
        "policy \"Bench\" version 1.\n\
         category email is user.contact.email at $.email.\n\
         purpose ads is marketing.advertising.third_party.targeted.\n\
           lawful basis is consent, GDPR Art. 6(1)(a), in EEA;\n\
             ground is notice and opt-out, CCPA 1798.120, in US-CA.\n\
           consent is read from our records. consent lasts 13 months.\n\
           opt-out is read from our records, Global Privacy Control; one is enough.\n\
         source web shop is host \"shop.example\".\n\
         recipient Meta Ads is host \"ads.example\"; processor; in IE.\n\
         A1. allow web shop to send email to Meta Ads for ads\n\
           if the lawful basis is met, unless known to be under 18.\n\
           first hash email as SHA-256.\n\
         N1. never profile a person who is or may be under 18 for advertising.\n\
         B1. block ads in US-CA when the person opts out.\n",
    );
    for number in 2..=clauses.saturating_sub(2) {
        let list = format!("a person on list \"list {number}\"");
        text += &format!("B{number}. block all marketing to {list}.\n");
    }
    text
}

/// A person in Germany who consented three months ago.
fn situation() -> Situation {
    let at = Millis(1_781_524_800_000);
    let choice = Choice {
        state: ChoiceState::Given,
        since: Millis(at.0 - 90 * 86_400_000),
    };
    let record = Record {
        general: Some(choice),
        ..Record::default()
    };
    Situation {
        at,
        place: Place::parse("DE"),
        records: [("ads".to_owned(), record)].into(),
        ..Situation::default()
    }
}
