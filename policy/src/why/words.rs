//! Facts in words.

use crate::ast::{Condition, Period, PlaceWord, Unit};
use crate::calendar;
use crate::compile::{Atom, Compiled};
use crate::facts::{Known, Truth};
use crate::situation::Millis;

/// A fact as the sentence of a policy that asks for it.
pub(super) fn of(compiled: &Compiled, atom: &Atom) -> String {
    match atom {
        Atom::Person(condition) => of_person(condition),
        Atom::Present(category) => {
            let name = compiled
                .categories
                .get(*category)
                .map_or("?", |category| &category.name);
            format!("{name} would leave")
        }
        Atom::InForce(from, until) => {
            let from = from
                .and_then(calendar::day_of)
                .map(|day| format!(" from {day}"));
            let until = until.and_then(last_day).map(|day| format!(" until {day}"));
            let joined: String = from.into_iter().chain(until).collect();
            format!("the policy is in force{joined}")
        }
        Atom::DpiaOnFile(id) => format!("DPIA \"{id}\" is on file and not past its date"),
        Atom::AuditFresh(every) => format!("the last bias audit is at most {} old", period(*every)),
        Atom::TransferUntil(until) => match last_day(*until) {
            Some(day) => format!("the transfer tool holds until {day}"),
            None => "the transfer tool holds".to_owned(),
        },
    }
}

/// How a fact stands, and on what that rests.
pub(super) fn truth(known: Known) -> &'static str {
    match (known.truth, known.by_own_record) {
        (Truth::Yes, false) => "yes",
        (Truth::Yes, true) => "yes, by the person's own record",
        (Truth::No, false) => "no",
        (Truth::No, true) => "no, by the person's own record",
        (Truth::Unknown, _) => "cannot tell",
        (Truth::Unreadable, _) => "cannot be read",
    }
}

fn of_person(condition: &Condition) -> String {
    match condition {
        Condition::LawfulBasisMet => "the lawful basis is met".to_owned(),
        Condition::NotKnownUnder(years) => format!("the person is not known to be under {years}"),
        Condition::KnownAtLeast(years) => format!("the person is known to be {years} or older"),
        Condition::MayBeUnder(years) => format!("the person is or may be under {years}"),
        Condition::In(words) => format!("the person is in {}", places(words)),
        Condition::OptsOut => "the person opts out".to_owned(),
        Condition::Objects => "the person objects".to_owned(),
        Condition::OnList(list) => format!("the person is on list \"{list}\""),
        Condition::OptsInAfter(to) => format!("the person opts in to {to} after that opt-out"),
    }
}

fn places(words: &[PlaceWord]) -> String {
    words
        .iter()
        .map(|word| word.0.as_str())
        .collect::<Vec<_>>()
        .join(" or ")
}

fn last_day(end: Millis) -> Option<crate::ast::Day> {
    calendar::day_of(Millis(end.0.checked_sub(1)?))
}

fn period(period: Period) -> String {
    let unit = match period.unit {
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    };
    let plural = if period.count == 1 { "" } else { "s" };
    format!("{} {unit}{plural}", period.count)
}
