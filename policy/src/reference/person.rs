//! What a situation says of one condition, read literally.

use super::Flow;
use crate::ast::{Basis, Condition, Ground, Join, PlaceWord, Reading, SignalName};
use crate::calendar;
use crate::places::{self, Within};
use crate::situation::{Choice, ChoiceState, Heard, Millis, Record, Situation};

/// What is said of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Yes,
    No,
    Unknown,
    Unreadable,
}

fn yes_if(holds: bool) -> Says {
    if holds { Says::Yes } else { Says::No }
}

pub(super) fn says(flow: Flow<'_>, condition: &Condition, situation: &Situation) -> Says {
    let (years, said) = (situation.age.years, situation.age.may_be_under);
    let record = situation.records.get(&flow.purpose.name.node);
    match condition {
        Condition::LawfulBasisMet => lawful_basis(flow, situation),
        Condition::NotKnownUnder(limit) => yes_if(years.is_none_or(|known| known >= *limit)),
        Condition::KnownAtLeast(limit) => yes_if(
            years.is_some_and(|known| known >= *limit) && said.is_none_or(|said| said > *limit),
        ),
        Condition::MayBeUnder(limit) => yes_if(
            years.is_some_and(|known| known < *limit) || said.is_some_and(|said| said <= *limit),
        ),
        Condition::In(words) => is_in(words, situation),
        Condition::OptsOut => opts_out(flow, situation),
        Condition::Objects => yes_if(record.is_some_and(|record| record.objection.is_some())),
        Condition::OnList(list) => yes_if(situation.lists.contains(list)),
        Condition::OptsInAfter(recipient) => {
            let is_this_flow = flow.recipient.name.node == *recipient;
            let after = |record| opted_in_after(record, recipient, situation);
            yes_if(is_this_flow && record.is_some_and(after))
        }
    }
}

pub(super) fn is_in(words: &[PlaceWord], situation: &Situation) -> Says {
    let Some(place) = &situation.place else {
        return Says::Unknown;
    };
    let Some(day) = calendar::day_of(situation.at) else {
        return Says::Unknown;
    };
    let answers: Vec<Within> = words
        .iter()
        .map(|word| places::within(word, place, day))
        .collect();
    if answers.contains(&Within::In) {
        Says::Yes
    } else if answers.contains(&Within::CannotTell) {
        Says::Unknown
    } else {
        Says::No
    }
}

fn lawful_basis(flow: Flow<'_>, situation: &Situation) -> Says {
    let due = |basis: &Basis| {
        let words: Vec<PlaceWord> = basis
            .places
            .iter()
            .map(|place| place.node.clone())
            .collect();
        words.is_empty() || is_in(&words, situation) != Says::No
    };
    let mut said = Vec::new();
    for basis in &flow.purpose.bases {
        if due(&basis.node) {
            said.push(ground(flow, basis.node.ground, situation));
        }
    }
    if said.is_empty() || said.contains(&Says::No) {
        Says::No
    } else if said.contains(&Says::Unreadable) {
        Says::Unreadable
    } else {
        Says::Yes
    }
}

fn ground(flow: Flow<'_>, ground: Ground, situation: &Situation) -> Says {
    let word = &flow.purpose.word.node;
    let is_marketing = word == "marketing" || word.starts_with("marketing.");
    let record = situation.records.get(&flow.purpose.name.node);
    let objects = record.is_some_and(|record| record.objection.is_some());
    match ground {
        Ground::Consent => consents(flow, situation),
        Ground::NoticeAndOptOut => match opts_out(flow, situation) {
            Says::Yes => Says::No,
            Says::No => Says::Yes,
            Says::Unknown => Says::Unknown,
            Says::Unreadable => Says::Unreadable,
        },
        Ground::LegitimateInterest | Ground::PublicInterest => yes_if(!objects),
        Ground::Contract | Ground::LegalObligation | Ground::VitalInterests => {
            yes_if(!(objects && is_marketing))
        }
    }
}

fn consents(flow: Flow<'_>, situation: &Situation) -> Says {
    let Some(reading) = &flow.purpose.consent else {
        return Says::No;
    };
    let (mut grants, mut refuses, mut unreadable) = (0, 0, 0);
    for source in &reading.sources {
        let heard = if source.node == SignalName::OurRecords {
            recorded_consent(flow, reading, situation)
        } else {
            situation.signals.get(&source.node).copied()
        };
        match heard {
            None => {}
            Some(Heard::Grants) => grants += 1,
            Some(Heard::Refuses) => refuses += 1,
            Some(Heard::Unreadable) => unreadable += 1,
        }
    }
    if unreadable > 0 {
        return Says::Unreadable;
    }
    match reading.join {
        Join::AllPresent => yes_if(grants > 0 && refuses == 0),
        Join::One => yes_if(grants > 0),
    }
}

fn recorded_consent(flow: Flow<'_>, reading: &Reading, situation: &Situation) -> Option<Heard> {
    let record = situation.records.get(&flow.purpose.name.node)?;
    let act = latest(record, &flow.recipient.name.node)?;
    let expired =
        reading
            .lasts
            .as_ref()
            .is_some_and(|lasts| match calendar::plus(act.since, lasts.node) {
                Some(end) => situation.at >= end,
                None => true,
            });
    let given = act.state == ChoiceState::Given && act.since <= situation.at && !expired;
    Some(if given { Heard::Grants } else { Heard::Refuses })
}

/// The act for the recipient if it is later than the general one; at the same instant, the one that
/// does not consent.
fn latest(record: &Record, recipient: &str) -> Option<Choice> {
    match (record.general, record.recipients.get(recipient).copied()) {
        (None, only) | (only, None) => only,
        (Some(general), Some(own)) if own.since > general.since => Some(own),
        (Some(general), Some(own)) if own.since < general.since => Some(general),
        (Some(general), Some(own)) if general.state == ChoiceState::Given => Some(own),
        (Some(general), Some(_)) => Some(general),
    }
}

fn opts_out(flow: Flow<'_>, situation: &Situation) -> Says {
    let record = situation.records.get(&flow.purpose.name.node);
    let recorded = record
        .filter(|record| no_since(record, &flow.recipient.name.node, situation).is_some())
        .map(|record| {
            let back_in = opted_in_after(record, &flow.recipient.name.node, situation);
            if back_in {
                Heard::Grants
            } else {
                Heard::Refuses
            }
        });
    let (heard, join) = match &flow.purpose.opt_out {
        None => (Vec::from_iter(recorded), Join::One),
        Some(reading) => {
            let heard = reading.sources.iter().filter_map(|source| {
                if source.node == SignalName::OurRecords {
                    recorded
                } else {
                    situation.signals.get(&source.node).copied()
                }
            });
            (heard.collect(), reading.join)
        }
    };
    let refuses = heard.contains(&Heard::Refuses);
    let all_refuse = refuses && heard.iter().all(|heard| *heard == Heard::Refuses);
    let enough = match join {
        Join::One => refuses,
        Join::AllPresent => all_refuse,
    };
    if enough {
        Says::Yes
    } else if heard.contains(&Heard::Unreadable) {
        Says::Unreadable
    } else {
        Says::No
    }
}

/// Since when our own records say no: opted out, or the last thing said so far is a no.
fn no_since(record: &Record, recipient: &str, situation: &Situation) -> Option<Millis> {
    let mut said: Vec<Choice> = Vec::from_iter(record.general);
    said.extend(record.recipients.get(recipient));
    said.retain(|act| act.state != ChoiceState::Given || act.since <= situation.at);
    let last = said.iter().map(|act| act.since).max();
    let mut at_last = said.iter().filter(|act| Some(act.since) == last);
    // At one instant a no outweighs a yes, and a lapse is neither.
    let is_no = |act: &Choice| [ChoiceState::Refused, ChoiceState::Withdrawn].contains(&act.state);
    let refused = last.filter(|_| at_last.any(is_no));
    match (record.opt_out, refused) {
        (Some(out), Some(no)) if no > out => Some(no),
        (Some(out), _) => Some(out),
        (None, no) => no,
    }
}

fn opted_in_after(record: &Record, recipient: &str, situation: &Situation) -> bool {
    let Some(no) = no_since(record, recipient, situation) else {
        return false;
    };
    let in_time = |back: Millis| back > no && back <= situation.at;
    record.opt_in.is_some_and(in_time)
        || record
            .opt_ins
            .get(recipient)
            .is_some_and(|back| in_time(*back))
}
