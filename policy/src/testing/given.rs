//! From what a test supposes to a situation.

use super::Supposed;
use crate::ast::{ChoiceAct, Day, Gate, Given, SignalSays, Test};
use crate::calendar;
use crate::policy::Policy;
use crate::situation::{Choice, ChoiceState, Heard, Millis, Place, Record, Situation};
use crate::text::Spanned;

/// The day of tests that name none, in a policy without `in force from`.
const DEFAULT_DAY: Day = Day {
    year: 2026,
    month: 1,
    day: 1,
};

/// fideslang's word for a birth date: `born 1990-04-02` is a fact about the person and, in an
/// event, this category.
const BIRTH_DATE: &str = "user.demographic.date_of_birth";

/// Everything a test supposes, or in words what it cannot suppose.
pub(super) fn suppose(policy: &Policy, test: &Test) -> Result<Supposed, String> {
    let from = policy
        .tree()
        .header
        .as_ref()
        .and_then(|header| header.from.as_ref());
    let day = test
        .when
        .on
        .or_else(|| from.map(|from| from.node))
        .unwrap_or(DEFAULT_DAY);
    let at = start_of(day)?;
    let situation = Situation {
        at,
        ..Situation::default()
    };
    let mut supposed = Supposed {
        situation,
        day,
        data: Vec::new(),
    };
    for given in &test.given {
        supposed.add(policy, &given.node)?;
    }
    for Spanned { node, .. } in &test.given {
        if let Given::Born(birth) = node {
            supposed.add_birth_date(policy, *birth);
        }
    }
    let present = supposed.data.iter().map(|(category, _)| category.clone());
    supposed.situation.present = present.collect();
    Ok(supposed)
}

impl Supposed {
    fn add(&mut self, policy: &Policy, given: &Given) -> Result<(), String> {
        let situation = &mut self.situation;
        match given {
            Given::In(word) => {
                let place =
                    Place::parse(&word.0).filter(|_| !crate::places::GROUPS.contains(&&*word.0));
                let place = place
                    .ok_or_else(|| format!("`{}` is not one place a person can be in", word.0))?;
                situation.place = Some(place);
            }
            Given::Aged(years) => situation.age.years = Some(*years),
            Given::Born(birth) => {
                let years = calendar::years_between(*birth, self.day)
                    .ok_or("the person is born after the event")?;
                situation.age.years = Some(u8::try_from(years).unwrap_or(u8::MAX));
            }
            Given::Choice {
                act,
                purpose,
                recipient,
                on,
            } => {
                let record = situation.records.entry(purpose.node.clone()).or_default();
                let recipient = recipient.as_ref().map(|name| name.node.as_str());
                choose(record, *act, recipient, start_of(*on)?);
            }
            Given::Signal(name, says) => {
                let heard = match says {
                    SignalSays::Grants => Heard::Grants,
                    SignalSays::Refuses => Heard::Refuses,
                    SignalSays::Unreadable => Heard::Unreadable,
                };
                situation.signals.insert(name.clone(), heard);
            }
            Given::OnList(list) => {
                situation.lists.insert(list.clone());
            }
            Given::Gate(Gate::Dpia(id), until) => {
                let until = calendar::end_of(*until).ok_or("no calendar has that day")?;
                situation.gates.insert(id.clone(), until);
            }
            Given::Gate(Gate::BiasAudit(_), since) => {
                situation
                    .gates
                    .insert(crate::facts::BIAS_AUDIT.to_owned(), start_of(*since)?);
            }
            Given::Data { category, value } => self.add_data(policy, &category.node, value)?,
        }
        Ok(())
    }

    fn add_data(&mut self, policy: &Policy, name: &str, value: &str) -> Result<(), String> {
        if !policy
            .categories()
            .iter()
            .any(|category| *category.name == *name)
        {
            return Err(format!("the policy knows no category `{name}`"));
        }
        self.data.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// The event holds the birth date of the person it is about, unless the test says what it
    /// holds.
    fn add_birth_date(&mut self, policy: &Policy, birth: Day) {
        let categories = policy
            .categories()
            .iter()
            .filter(|category| *category.word == *BIRTH_DATE);
        for category in categories {
            if !self.data.iter().any(|(name, _)| **name == *category.name) {
                self.data
                    .push((category.name.to_string(), birth.to_string()));
            }
        }
    }
}

/// Keeps an act as the consent records would: of two about the same thing the later counts.
fn choose(record: &mut Record, act: ChoiceAct, recipient: Option<&str>, since: Millis) {
    let state = match act {
        ChoiceAct::Consented => ChoiceState::Given,
        ChoiceAct::Refused => ChoiceState::Refused,
        ChoiceAct::Withdrew => ChoiceState::Withdrawn,
        ChoiceAct::OptedOut => {
            record.opt_out = record.opt_out.max(Some(since));
            return;
        }
        ChoiceAct::OptedIn => {
            opt_in(record, recipient, since);
            return;
        }
        ChoiceAct::Objected => {
            record.objection = record.objection.max(Some(since));
            return;
        }
    };
    let choice = Choice { state, since };
    let is_later = |kept: &Choice| kept.since <= since;
    match recipient {
        Some(recipient) => {
            let kept = record
                .recipients
                .entry(recipient.to_owned())
                .or_insert(choice);
            if is_later(kept) {
                *kept = choice;
            }
        }
        None => {
            if record.general.as_ref().is_none_or(is_later) {
                record.general = Some(choice);
            }
        }
    }
}

fn opt_in(record: &mut Record, recipient: Option<&str>, since: Millis) {
    match recipient {
        Some(recipient) => {
            let kept = record.opt_ins.entry(recipient.to_owned()).or_insert(since);
            *kept = since.max(*kept);
        }
        None => record.opt_in = record.opt_in.max(Some(since)),
    }
}

fn start_of(day: Day) -> Result<Millis, String> {
    calendar::start_of(day).ok_or_else(|| "no calendar has that day".to_owned())
}
