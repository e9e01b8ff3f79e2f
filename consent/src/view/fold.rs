//! What a history of acts says at an instant: first of one identifier, then of all of an event.
//!
//! Between identifiers the most protective answer wins, purpose by purpose and recipient by
//! recipient: a known identifier never launders a refused one. One of which nothing is kept says
//! nothing; absence is not refusal.

use std::collections::{BTreeMap, BTreeSet};

use policy::situation::{Choice, ChoiceState, Millis};

use super::Kept;
use super::names::Name;
use crate::act::{ActKind, protectiveness};

/// A [`policy::situation::Record`] by numbers of names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) general: Option<Choice>,
    pub(crate) recipients: BTreeMap<Name, Choice>,
    pub(crate) objection: Option<Millis>,
    pub(crate) opt_out: Option<Millis>,
}

/// What all identifiers together say at an instant, by purpose. Later acts are not in `people`.
pub(crate) fn records(people: &[Vec<Kept>], at: Millis) -> BTreeMap<Name, Folded> {
    let purposes: BTreeSet<Name> = people.iter().flatten().map(|act| act.purpose).collect();
    let fold = |purpose: Name| {
        let histories: Vec<History> = people
            .iter()
            .map(|acts| History {
                acts: acts
                    .iter()
                    .filter(|act| act.purpose == purpose)
                    .copied()
                    .collect(),
                at,
            })
            .collect();
        (purpose, together(&histories))
    };
    purposes.into_iter().map(fold).collect()
}

fn together(people: &[History]) -> Folded {
    let general = people
        .iter()
        .filter_map(|person| person.choice(None))
        .reduce(worst);
    let opt_out = people.iter().filter_map(History::opt_out).max();
    let acts = || people.iter().flat_map(|person| &person.acts);
    let named: BTreeSet<Name> = acts()
        .filter(|act| act.kind.is_choice() || act.kind == ActKind::OptedIn)
        .filter_map(|act| act.recipient)
        .collect();
    let one = |recipient: Name| {
        let choice = people
            .iter()
            .filter_map(|person| person.choice(Some(recipient)));
        let choice = choice.reduce(worst);
        let opted_in = opted_in_again(people, recipient);
        Some((
            recipient,
            for_recipient(choice, general, opt_out, opted_in)?,
        ))
    };
    Folded {
        recipients: named.into_iter().filter_map(one).collect(),
        objection: people.iter().filter_map(History::objection).max(),
        general,
        opt_out,
    }
}

/// Words a choice so that the policy's rules (the later of general and recipient-level act counts;
/// a consent for the recipient after an opt-out is an opt-in) read out of it what is meant.
fn for_recipient(
    choice: Option<Choice>,
    general: Option<Choice>,
    opt_out: Option<Millis>,
    opted_in: Option<Millis>,
) -> Option<Choice> {
    let consents = choice.is_none_or(|choice| choice.state == ChoiceState::Given);
    match (choice, opted_in) {
        // Opting in lifts the opt-out (11 CCR 7028(a)), never a refusal of consent.
        (_, Some(since)) if consents => Some(Choice {
            state: ChoiceState::Given,
            since,
        }),
        // And a consent is no opt-in: it must not look later than the opt-out.
        (Some(choice), _) if consents => Some(Choice {
            since: opt_out.map_or(choice.since, |out| choice.since.min(out)),
            ..choice
        }),
        // A refusal under one identifier must not look older than a consent under another.
        (Some(choice), _) => {
            let general = general.map_or(choice.since, |general| general.since);
            Some(Choice {
                since: choice.since.max(general),
                ..choice
            })
        }
        (None, _) => None,
    }
}

/// When everybody with a standing opt-out had opted in again to this recipient, if they have.
fn opted_in_again(people: &[History], recipient: Name) -> Option<Millis> {
    let mut latest = None;
    for person in people {
        if let Some(out) = person.opt_out() {
            latest = latest.max(Some(
                person.opted_in(recipient).filter(|since| *since > out)?,
            ));
        }
    }
    latest
}

/// The more protective of two identifiers' choices; of equals the one that permits less: the older
/// consent, the younger refusal.
fn worst(one: Choice, other: Choice) -> Choice {
    let key = |choice: &Choice| {
        let Millis(since) = choice.since;
        let age = if choice.state == ChoiceState::Given {
            since.saturating_neg()
        } else {
            since
        };
        (protectiveness(choice.state), age)
    };
    if key(&other) > key(&one) { other } else { one }
}

/// The acts under one identifier about one purpose, up to an instant.
struct History {
    acts: Vec<Kept>,
    at: Millis,
}

impl History {
    /// The act of choice that counts: the latest that is general, or for this recipient if one is
    /// named. Of two at one instant the more protective counts.
    fn choice(&self, recipient: Option<Name>) -> Option<Choice> {
        self.acts
            .iter()
            .filter(|act| act.recipient.is_none() || act.recipient == recipient)
            .filter_map(|act| Some((act.since, act.choice_state()?, act.expires)))
            .max_by_key(|(since, state, _)| (*since, protectiveness(*state)))
            .map(|(since, state, expires)| {
                let expired = expires.is_some_and(|expires| expires <= self.at);
                Choice {
                    state: if expired { ChoiceState::Expired } else { state },
                    since,
                }
            })
    }

    /// The latest objection that no consent of the same scope, still in force, came after.
    fn objection(&self) -> Option<Millis> {
        let lifted = |objected: &Kept| {
            self.choice(objected.recipient).is_some_and(|choice| {
                choice.state == ChoiceState::Given && choice.since > objected.since
            })
        };
        self.of(ActKind::Objected)
            .filter(|objected| !lifted(objected))
            .map(|act| act.since)
            .max()
    }

    /// The latest opt-out that was not taken back altogether. The policy cannot say "opted out of
    /// one recipient", so an opt-out of one counts as an opt-out of all: it blocks too much.
    fn opt_out(&self) -> Option<Millis> {
        let taken_back = |out: &Kept| {
            self.of(ActKind::OptedIn).any(|back| {
                back.since > out.since
                    && (back.recipient.is_none() || back.recipient == out.recipient)
            })
        };
        self.of(ActKind::OptedOut)
            .filter(|out| !taken_back(out))
            .map(|act| act.since)
            .max()
    }

    fn opted_in(&self, recipient: Name) -> Option<Millis> {
        let to_it = self
            .of(ActKind::OptedIn)
            .filter(|act| act.recipient == Some(recipient));
        to_it.map(|act| act.since).max()
    }

    fn of(&self, kind: ActKind) -> impl Iterator<Item = &Kept> {
        self.acts.iter().filter(move |act| act.kind == kind)
    }
}

impl Kept {
    fn choice_state(&self) -> Option<ChoiceState> {
        match self.kind {
            ActKind::Given => Some(ChoiceState::Given),
            ActKind::Refused => Some(ChoiceState::Refused),
            ActKind::Withdrawn => Some(ChoiceState::Withdrawn),
            ActKind::OptedOut | ActKind::OptedIn | ActKind::Objected => None,
        }
    }
}

impl ActKind {
    fn is_choice(self) -> bool {
        match self {
            Self::Given | Self::Refused | Self::Withdrawn => true,
            Self::OptedOut | Self::OptedIn | Self::Objected => false,
        }
    }
}
