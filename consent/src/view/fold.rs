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
    pub(crate) opt_in: Option<Millis>,
    pub(crate) opt_ins: BTreeMap<Name, Millis>,
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
    let opt_in = opted_in_again(people, None);
    let acts = || people.iter().flat_map(|person| &person.acts);
    let chosen: BTreeSet<Name> = acts()
        .filter(|act| act.kind.is_choice())
        .filter_map(|act| act.recipient)
        .collect();
    let choice = |recipient: Name| {
        let choices = people
            .iter()
            .filter_map(|person| person.choice(Some(recipient)));
        let choice = choices.reduce(worst)?;
        let is_out = |person: &History| person.is_out(Some(recipient));
        let opt_in = opt_in.filter(|_| people.iter().any(is_out));
        let general = general.map(|general| general.since);
        Some((recipient, not_older_than(choice, general.max(opt_in))))
    };
    let named: BTreeSet<Name> = acts().filter_map(|act| act.recipient).collect();
    let own_opt_in = |recipient: Name| Some((recipient, opted_in_again(people, Some(recipient))?));
    Folded {
        recipients: chosen.into_iter().filter_map(choice).collect(),
        objection: people.iter().filter_map(History::objection).max(),
        opt_out: people.iter().filter_map(History::opt_out).max(),
        opt_ins: named.into_iter().filter_map(own_opt_in).collect(),
        general,
        opt_in,
    }
}

/// The policy lets the later act win: a refusal under one identifier must not look older than a
/// general consent, or opting in to all, under another.
fn not_older_than(choice: Choice, others: Option<Millis>) -> Choice {
    let since = match choice.state {
        ChoiceState::Given => choice.since,
        ChoiceState::Expired | ChoiceState::Refused | ChoiceState::Withdrawn => {
            others.map_or(choice.since, |others| others.max(choice.since))
        }
    };
    Choice { since, ..choice }
}

/// When everybody who said no to this recipient (none: in general) had opted in again, if they have
/// and somebody did.
fn opted_in_again(people: &[History], recipient: Option<Name>) -> Option<Millis> {
    if people.iter().any(|person| person.is_out(recipient)) {
        return None;
    }
    let said_no = people
        .iter()
        .filter(|person| person.said_no(recipient).is_some());
    said_no
        .filter_map(|person| person.opted_in(recipient))
        .max()
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
    /// named. Of two at one instant the more protective counts, and one that has expired is.
    fn choice(&self, recipient: Option<Name>) -> Option<Choice> {
        self.acts
            .iter()
            .filter(|act| act.recipient.is_none() || act.recipient == recipient)
            .filter_map(|act| {
                let state = act.choice_state()?;
                let expired = act.expires.is_some_and(|expires| expires <= self.at);
                Some(Choice {
                    state: if expired { ChoiceState::Expired } else { state },
                    since: act.since,
                })
            })
            .max_by_key(|choice| (choice.since, protectiveness(choice.state)))
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

    /// The latest no to a recipient, or in general, whatever was opted in to later: an opt-out, or
    /// a refusal or withdrawal that is the choice that counts.
    fn said_no(&self, recipient: Option<Name>) -> Option<Millis> {
        let choice = self.choice(recipient);
        let refusal = choice.filter(|choice| match choice.state {
            ChoiceState::Refused | ChoiceState::Withdrawn => true,
            ChoiceState::Given | ChoiceState::Expired => false,
        });
        self.opt_out().max(refusal.map(|refusal| refusal.since))
    }

    /// Whether a no stands: nothing was opted in to after it.
    fn is_out(&self, recipient: Option<Name>) -> bool {
        let said_no = self.said_no(recipient);
        said_no.is_some() && self.opted_in(recipient) <= said_no
    }

    /// The latest act of opting in to a recipient, or to all.
    fn opted_in(&self, recipient: Option<Name>) -> Option<Millis> {
        self.of(ActKind::OptedIn)
            .filter(|act| act.recipient.is_none() || act.recipient == recipient)
            .map(|act| act.since)
            .max()
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
    /// Acts of one sort replace each other: choices, objections, opt-outs, opt-ins.
    pub(super) fn sort(self) -> u8 {
        match self {
            Self::Given | Self::Refused | Self::Withdrawn => 0,
            Self::Objected => 1,
            Self::OptedOut => 2,
            Self::OptedIn => 3,
        }
    }

    fn is_choice(self) -> bool {
        match self {
            Self::Given | Self::Refused | Self::Withdrawn => true,
            Self::OptedOut | Self::OptedIn | Self::Objected => false,
        }
    }
}
