//! Facts for two instants: when it happened, and now. Both must be permitted.
//!
//! Place and age come from where the policy says. Origins that disagree, and values that cannot be
//! read, leave them unknown, which protects: an unknown place means that every regime applies.
//!
//! When it happened is what the event says. Silence means now; a time in the future counts as now,
//! because a clock that is fast must not reach a consent that does not exist yet; a time that
//! cannot be read makes the event unreadable (I1), for it may hide that it came before the consent.

use consent::{Consent, SubjectId};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use policy::Situation;
use policy::ast::Day;
use policy::situation::{Age, Millis, Place};

use crate::event::{Event, Stated, scalar_text};
use crate::hear::{self, Said};
use crate::json::{Node, Path};
use crate::plan::{AgeOrigin, Origins, PlaceOrigin, Plan};

/// What is known about one event, for all its flows.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// When it happened.
    pub(crate) happened: Situation,
    /// When it is decided.
    pub(crate) now: Situation,
}

/// Gathers what is known. `None` where the event states a time that cannot be read.
pub(crate) fn gather(
    event: &Event<'_>,
    subjects: &[SubjectId],
    said: &Said,
    source: &str,
    plan: &Plan,
    consent: &Consent,
) -> Option<Facts> {
    let now = consent.now();
    let happened = match event.stated_time() {
        Stated::Nothing => now,
        Stated::At(at) => at.min(now),
        Stated::Unreadable => return None,
    };
    let known = consent.known(subjects);
    let fallback = Origins::default();
    let origins = plan.origins(source).unwrap_or(&fallback);
    let present = plan.categories.iter().filter(|category| {
        category
            .paths
            .iter()
            .any(|path| path.find(event.node()).any(|node| !node.is_null()))
    });
    let bare = Situation {
        place: place(event, &origins.place, known.place.as_ref()),
        signals: hear::signals(said, event, plan),
        present: present.map(|category| category.name.to_string()).collect(),
        ..Situation::default()
    };
    let at = |at: Millis| {
        let mut situation = bare.clone();
        situation.age = age(event, &origins.age, known.age, at);
        consent.fill(subjects, at, &mut situation);
        situation
    };
    Some(Facts {
        happened: at(happened),
        now: at(now),
    })
}

/// Facts of an event that waited: what it was about is kept, what people chose is asked again.
pub(crate) fn again(kept: &Situation, subjects: &[SubjectId], consent: &Consent) -> Facts {
    let bare = Situation {
        place: kept.place.clone(),
        age: kept.age,
        signals: kept.signals.clone(),
        present: kept.present.clone(),
        ..Situation::default()
    };
    let at = |at: Millis| {
        let mut situation = bare.clone();
        consent.fill(subjects, at, &mut situation);
        situation
    };
    Facts {
        happened: at(kept.at),
        now: at(consent.now().max(kept.at)),
    }
}

/// The UTC day of an instant.
pub(crate) fn day(at: Millis) -> Option<Day> {
    let date = date(at)?;
    Some(Day {
        year: date.year(),
        month: date.month(),
        day: date.day(),
    })
}

fn date(at: Millis) -> Option<civil::Date> {
    let timestamp = Timestamp::from_millisecond(at.0).ok()?;
    Some(timestamp.to_zoned(TimeZone::UTC).date())
}

/// The one place that all origins which say something agree on.
fn place(event: &Event<'_>, origins: &[PlaceOrigin], recorded: Option<&Place>) -> Option<Place> {
    let mut agreed: Option<Place> = None;
    for origin in origins {
        let stated = match origin {
            PlaceOrigin::OurRecords => recorded.cloned().map(Some),
            PlaceOrigin::At { country, region } => place_at(event, country, region.as_ref()),
        };
        let Some(stated) = stated else {
            continue;
        };
        agreed = Some(join(agreed, stated?)?);
    }
    agreed
}

/// What one origin in the event says: nothing, something unreadable, or a place.
fn place_at(event: &Event<'_>, country: &Path, region: Option<&Path>) -> Option<Option<Place>> {
    let country = event.find(country).find(|node| !node.is_null())?;
    let Some(country) = scalar_text(country) else {
        return Some(None);
    };
    let region = region.and_then(|path| event.find(path).find(|node| !node.is_null()));
    let Some(region) = region else {
        return Some(Place::parse(&country));
    };
    let whole = scalar_text(region).map(|region| {
        // Some send `CA`, some the whole `US-CA`.
        let is_whole = region.contains('-');
        if is_whole {
            region.into_owned()
        } else {
            format!("{}-{region}", country.trim())
        }
    });
    let whole = whole.and_then(|whole| Place::parse(&whole));
    Some(whole.and_then(|whole| join(Place::parse(&country), whole)))
}

/// The narrower of two places, if one lies in the other.
fn join(agreed: Option<Place>, stated: Place) -> Option<Place> {
    let Some(agreed) = agreed else {
        return Some(stated);
    };
    if agreed.country() != stated.country() {
        return None;
    }
    match (agreed.region(), stated.region()) {
        (None, _) => Some(stated),
        (Some(_), None) => Some(agreed),
        (Some(one), Some(other)) => (one == other).then_some(agreed),
    }
}

/// What `directed to children` warns of: the lowest age that clauses ask for, so that those under
/// 13, 16 and 18 all fire.
const CHILDREN_UNDER: u8 = 13;

/// How old the person is at an instant, as far as the origins agree; the youngest anything says.
fn age(event: &Event<'_>, origins: &[AgeOrigin], recorded: Age, at: Millis) -> Age {
    let mut stated: Vec<Option<u8>> = Vec::new();
    let mut may_be_under: Option<u8> = None;
    let mut warn = |years: u8| {
        may_be_under = Some(may_be_under.map_or(years, |before| before.min(years)));
    };
    for origin in origins {
        match origin {
            AgeOrigin::OurRecords => {
                stated.extend(recorded.years.map(Some));
                recorded.may_be_under.into_iter().for_each(&mut warn);
            }
            AgeOrigin::YearsAt(path) => stated.extend(years_at(event, path)),
            AgeOrigin::BirthDateAt(path) => stated.extend(born_at(event, path, at)),
            AgeOrigin::DirectedToChildren => warn(CHILDREN_UNDER),
        }
    }
    // What speaks and cannot be read may be hiding a child: unreadable blocks (I1).
    if stated.contains(&None) {
        warn(CHILDREN_UNDER);
    }
    let known: Vec<u8> = stated.iter().flatten().copied().collect();
    let youngest = known.iter().min().copied();
    let agree = stated.iter().all(|one| *one == youngest);
    if !agree {
        youngest
            .map(|years| years.saturating_add(1))
            .into_iter()
            .for_each(&mut warn);
    }
    Age {
        years: youngest.filter(|_| agree),
        may_be_under,
    }
}

fn years_at<'e>(event: &Event<'e>, path: &'e Path) -> impl Iterator<Item = Option<u8>> + use<'e> {
    let found = event.find(path).filter(|node| !says_nothing(*node));
    found.map(|node| {
        scalar_text(node)?
            .trim()
            .parse::<u8>()
            .ok()
            .filter(|years| *years <= 130)
    })
}

fn born_at<'e>(
    event: &Event<'e>,
    path: &'e Path,
    at: Millis,
) -> impl Iterator<Item = Option<u8>> + use<'e> {
    let found = event.find(path).filter(|node| !says_nothing(*node));
    found.map(move |node| {
        let text = scalar_text(node)?;
        // A birth date may come as an instant; its day is the part that counts.
        let day = text.trim().get(..10)?;
        let born = Day::parse(day)?;
        let born = civil::Date::new(born.year, born.month, born.day).ok()?;
        years_between(born, date(at)?)
    })
}

/// Null and blank text are silence, not speech.
fn says_nothing(node: Node<'_>) -> bool {
    node.is_null() || scalar_text(node).is_some_and(|text| text.trim().is_empty())
}

/// Whole years; a 29 February comes round on 1 March. None for somebody not yet born.
fn years_between(born: civil::Date, on: civil::Date) -> Option<u8> {
    let still_to_come = (on.month(), on.day()) < (born.month(), born.day());
    let years = i32::from(on.year()) - i32::from(born.year()) - i32::from(still_to_come);
    u8::try_from(years).ok().filter(|years| *years <= 130)
}

#[cfg(test)]
mod tests;
