//! From the flags of `policy why` to a situation. What is not said is unknown, as everywhere.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use policy::Policy;
use policy::ast::SignalName;
use policy::situation::{Age, Choice, ChoiceState, Heard, Millis, Place, Record, Situation};

use crate::args::FactArgs;
use crate::exit::{Blame as _, Failure};

/// The situation that the flags describe.
///
/// # Errors
/// [`Exit::Malformed`](crate::exit::Exit::Malformed), with the flag that cannot be read.
pub(super) fn situation(
    args: &FactArgs,
    policy: &Policy,
    purpose: &str,
) -> Result<Situation, Failure> {
    let mut situation = Situation {
        at: match &args.on {
            // The last instant of the day: whatever was done on that day counts.
            Some(day) => Millis(day_start("--on", day)?.0 + DAY_MS - 1),
            None => Millis(crate::clock::now_ms()),
        },
        age: Age {
            years: args.age,
            may_be_under: args.may_be_under,
        },
        lists: args.list.iter().cloned().collect(),
        ..Situation::default()
    };
    if let Some(code) = &args.place {
        let place = Place::parse(code);
        let wrong = || format!("`--place {code}` is not a place; write it like `DE` or `US-CA`");
        situation.place = Some(place.ok_or_else(|| Failure::malformed(wrong()))?);
    }
    let record = record(args)?;
    if record != Record::default() {
        situation.records.insert(purpose.to_owned(), record);
    }
    if args.gpc {
        situation
            .signals
            .insert(SignalName::GlobalPrivacyControl, Heard::Refuses);
    }
    for stamp in &args.stamp {
        let (name, says) = pair("--stamp", stamp)?;
        let heard = match says {
            "grants" => Heard::Grants,
            "refuses" => Heard::Refuses,
            "unreadable" => Heard::Unreadable,
            _ => {
                let known = "a stamp says `grants`, `refuses` or `unreadable`";
                return Err(Failure::malformed(format!("`--stamp {stamp}`: {known}")));
            }
        };
        situation
            .signals
            .insert(SignalName::Segment(name.to_owned()), heard);
    }
    for gate in &args.gate {
        let (name, date) = pair("--gate", gate)?;
        situation
            .gates
            .insert(name.to_owned(), day_start("--gate", date)?);
    }
    let known: Vec<&str> = policy.categories().iter().map(|one| &*one.name).collect();
    for name in &args.with {
        must_be_known("category", name, &known)?;
    }
    let present = if args.with.is_empty() {
        known
    } else {
        args.with.iter().map(String::as_str).collect()
    };
    situation.present = present.into_iter().map(str::to_owned).collect();
    Ok(situation)
}

/// Says which names there are where one is unknown.
///
/// # Errors
/// [`Exit::Malformed`](crate::exit::Exit::Malformed).
pub(super) fn must_be_known(what: &str, name: &str, known: &[&str]) -> Result<(), Failure> {
    if known.contains(&name) {
        return Ok(());
    }
    let help = match policy::vocabulary::closest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has: {}", known.join(", ")),
    };
    Err(Failure::malformed(format!(
        "the policy has no {what} `{name}`; {help}"
    )))
}

fn record(args: &FactArgs) -> Result<Record, Failure> {
    let choices = [
        ("--consented", &args.consented, ChoiceState::Given),
        ("--refused", &args.refused, ChoiceState::Refused),
        ("--withdrew", &args.withdrew, ChoiceState::Withdrawn),
    ];
    let mut record = Record::default();
    for (flag, day, state) in choices {
        if let Some(day) = day {
            record.general = Some(Choice {
                state,
                since: day_start(flag, day)?,
            });
        }
    }
    let since =
        |flag, day: &Option<String>| day.as_ref().map(|day| day_start(flag, day)).transpose();
    record.opt_out = since("--opted-out", &args.opted_out)?;
    record.objection = since("--objected", &args.objected)?;
    Ok(record)
}

fn pair<'t>(flag: &str, text: &'t str) -> Result<(&'t str, &'t str), Failure> {
    let parts = text
        .split_once('=')
        .filter(|(name, value)| !name.is_empty() && !value.is_empty());
    parts.ok_or_else(|| Failure::malformed(format!("`{flag} {text}`: write it as NAME=VALUE")))
}

fn day_start(flag: &str, text: &str) -> Result<Millis, Failure> {
    let doing = || format!("`{flag} {text}` is not a day; write it like `2026-12-05`");
    let date: Date = text.parse().or_malformed(doing())?;
    let start: Timestamp = date
        .to_zoned(TimeZone::UTC)
        .or_malformed(doing())?
        .timestamp();
    Ok(Millis(start.as_millisecond()))
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_first_instant_in_utc() {
        assert_eq!(day_start("--on", "1970-01-02").unwrap(), Millis(DAY_MS));
        let told = format!("{:#}", day_start("--on", "2026-02-30").unwrap_err().error);
        assert!(told.contains("`--on 2026-02-30` is not a day"), "{told}");
    }

    #[test]
    fn a_name_that_is_nearly_right_is_suggested() {
        let told = must_be_known("purpose", "personalized ads", &["personalised ads"]).unwrap_err();
        assert!(
            told.error
                .to_string()
                .contains("did you mean `personalised ads`?")
        );
        let told = must_be_known("purpose", "x", &["a", "b"]).unwrap_err();
        assert!(
            told.error.to_string().ends_with("it has: a, b")
                || told.error.to_string().contains("did you mean")
        );
    }
}
