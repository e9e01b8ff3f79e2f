//! The slow oracle: the resolution order read off the tree, sentence by sentence, for checking the
//! compiled policy.
//!
//! Written as literally as possible and sharing nothing with `compile`, `facts` and `evaluate` but
//! the calendar, the tables of places and of special keys, and the order of edits. It is not for use in the gateway: it
//! searches by name, allocates, and mints no permit.

mod person;

use std::collections::BTreeSet;

use crate::ast::{
    Allow, CapWindow, Category, Edit, File, Gate, Name, Never, NeverWhat, PlaceWord, Purpose,
    Recipient, Sensitivity, Uses,
};
use crate::calendar;
use crate::situation::Situation;
use crate::text::Spanned;
use crate::verdict::{Answer, Reason};
use crate::vocabulary::SPECIAL_CATEGORIES;
use person::{Says, says};

/// What the oracle says, in plain words, for comparing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// It may go.
    Permitted {
        /// Labels of the allow clauses.
        clauses: Vec<String>,
        /// What may leave, and how.
        steps: Vec<(String, Option<Edit>)>,
        /// The tightest cap a window: clause, events, window.
        caps: Vec<(String, u32, CapWindow)>,
    },
    /// It may not.
    Refused {
        /// Why.
        reason: Reason,
        /// Labels of the clauses of that step.
        clauses: Vec<String>,
    },
}

/// A flow by the nodes of the tree.
#[derive(Clone, Copy)]
struct Flow<'file> {
    file: &'file File,
    source: &'file str,
    recipient: &'file Recipient,
    purpose: &'file Purpose,
}

/// Judges an event at both instants. None where the policy does not know one of the names.
#[must_use]
pub fn judge(
    file: &File,
    (source, recipient, purpose): (&str, &str, &str),
    happened: &Situation,
    now: &Situation,
) -> Option<Opinion> {
    let flow = Flow {
        file,
        source: &file
            .sources
            .iter()
            .find(|known| known.name.node == source)?
            .name
            .node,
        recipient: file
            .recipients
            .iter()
            .find(|known| known.name.node == recipient)?,
        purpose: file
            .purposes
            .iter()
            .find(|known| known.name.node == purpose)?,
    };
    Some(match (at(flow, now), at(flow, happened)) {
        (refused @ Opinion::Refused { .. }, _) => refused,
        (_, refused @ Opinion::Refused { .. }) => refused,
        (
            Opinion::Permitted {
                clauses,
                steps: now,
                caps,
            },
            Opinion::Permitted { steps: then, .. },
        ) => {
            let both = now.into_iter().filter_map(|(category, edit)| {
                let (_, other) = then.iter().find(|(known, _)| *known == category)?;
                Some((category, strictest([other.clone(), edit])))
            });
            Opinion::Permitted {
                clauses,
                steps: both.collect(),
                caps,
            }
        }
    })
}

impl From<&Answer> for Opinion {
    fn from(answer: &Answer) -> Self {
        match answer {
            Answer::Permitted { clauses, program } => Self::Permitted {
                clauses: clauses.iter().map(|label| label.0.to_string()).collect(),
                steps: program
                    .steps
                    .iter()
                    .map(|step| (step.category.to_string(), step.edit.clone()))
                    .collect(),
                caps: program
                    .caps
                    .iter()
                    .map(|cap| (cap.clause.0.to_string(), cap.events, cap.per))
                    .collect(),
            },
            Answer::Refused(refusal) => Self::Refused {
                reason: refusal.reason,
                clauses: refusal
                    .clauses
                    .iter()
                    .map(|label| label.0.to_string())
                    .collect(),
            },
        }
    }
}

/// The resolution order, for one instant.
fn at(flow: Flow<'_>, situation: &Situation) -> Opinion {
    let refused = |reason, clauses| Opinion::Refused { reason, clauses };
    let on_flow: Vec<&Allow> = flow
        .file
        .allows
        .iter()
        .filter(|allow| is_on(flow, allow))
        .collect();
    let allowing: Vec<&Allow> = on_flow
        .iter()
        .copied()
        .filter(|allow| {
            allow
                .conditions
                .iter()
                .all(|known| says(flow, &known.node, situation) == Says::Yes)
        })
        .collect();
    // 2. never
    let nevers = never(flow, &allowing, situation);
    if !nevers.is_empty() {
        return refused(Reason::Never, nevers);
    }
    // 3. gates
    if !gates_open(flow, situation) {
        return refused(Reason::Gate, Vec::new());
    }
    // 4. block
    if let Some(blocked) = block(flow, situation) {
        return blocked;
    }
    // 5. allow
    if on_flow.is_empty() {
        return refused(Reason::NoClause, Vec::new());
    }
    if allowing.is_empty() {
        return refused(
            Reason::NotMet,
            labels(on_flow.iter().map(|allow| &allow.label)),
        );
    }
    // 6. edits, 7. caps
    let forbidden = forbidden_categories(flow, situation);
    Opinion::Permitted {
        clauses: labels(allowing.iter().map(|allow| &allow.label)),
        steps: steps(flow.file, &allowing, &forbidden),
        caps: caps(&allowing),
    }
}

fn is_on(flow: Flow<'_>, allow: &Allow) -> bool {
    named(&allow.sources, flow.source)
        && named(&allow.recipients, &flow.recipient.name.node)
        && allow.purpose.node == flow.purpose.name.node
}

fn never(flow: Flow<'_>, allowing: &[&Allow], situation: &Situation) -> Vec<String> {
    let mut fired = Vec::new();
    for never in nevers_here(flow, situation) {
        let fires = match &never.what.node {
            NeverWhat::PersonMayBeUnder(years) => {
                situation.age.years.is_some_and(|known| known < *years)
                    || situation
                        .age
                        .may_be_under
                        .is_some_and(|said| said <= *years)
            }
            NeverWhat::PersonOnList(list) => situation.lists.contains(list),
            NeverWhat::Categories(_) | NeverWhat::SpecialCategories | NeverWhat::SensitiveData => {
                let would_leave = |category: &Category| {
                    situation.present.contains(&category.name.node)
                        && allowing
                            .iter()
                            .any(|allow| named(&allow.categories, &category.name.node))
                };
                flow.file.categories.iter().any(|category| {
                    is_forbidden(&never.what.node, category) && would_leave(category)
                })
            }
        };
        if fires {
            fired.push(never.label.node.clone());
        }
    }
    fired
}

/// Never clauses that speak of this purpose, recipient and, possibly, place.
fn nevers_here<'file>(
    flow: Flow<'file>,
    situation: &'file Situation,
) -> impl Iterator<Item = &'file Never> {
    flow.file.nevers.iter().filter(move |never| {
        means(&never.uses.node, flow.purpose)
            && (never.recipients.is_empty() || named(&never.recipients, &flow.recipient.name.node))
            && may_be_in(&never.places, situation)
    })
}

fn forbidden_categories(flow: Flow<'_>, situation: &Situation) -> BTreeSet<String> {
    let mut forbidden = BTreeSet::new();
    for never in nevers_here(flow, situation) {
        for category in &flow.file.categories {
            if is_forbidden(&never.what.node, category) {
                forbidden.insert(category.name.node.clone());
            }
        }
    }
    forbidden
}

fn is_forbidden(what: &NeverWhat, category: &Category) -> bool {
    let mut kinds = category.sensitivity.iter().map(|kind| &kind.node);
    match what {
        NeverWhat::Categories(names) => named(names, &category.name.node),
        NeverWhat::SpecialCategories => {
            let key = format!("{}.", category.word.node);
            let by_key = |special: &&str| key.starts_with(&format!("{special}."));
            SPECIAL_CATEGORIES.iter().any(by_key)
                || kinds.any(|kind| matches!(kind, Sensitivity::Special(_)))
        }
        NeverWhat::SensitiveData => kinds.any(|kind| matches!(kind, Sensitivity::Sensitive(_))),
        NeverWhat::PersonMayBeUnder(_) | NeverWhat::PersonOnList(_) => false,
    }
}

fn gates_open(flow: Flow<'_>, situation: &Situation) -> bool {
    let at = situation.at;
    let header = flow.file.header.as_ref();
    let from = header.and_then(|header| header.from.as_ref());
    let until = header.and_then(|header| header.until.as_ref());
    let transfer = flow
        .recipient
        .transfer
        .as_ref()
        .and_then(|transfer| transfer.node.until);
    from.is_none_or(|day| calendar::start_of(day.node).is_some_and(|start| start <= at))
        && until.is_none_or(|day| calendar::end_of(day.node).is_some_and(|end| at < end))
        && transfer.is_none_or(|day| calendar::end_of(day).is_some_and(|end| at < end))
        && flow.purpose.gates.iter().all(|gate| match &gate.node {
            Gate::Dpia(id) => situation.gates.get(id).is_some_and(|until| at < *until),
            Gate::BiasAudit(every) => situation.gates.get("bias audit").is_some_and(|since| {
                *since <= at && calendar::plus(*since, *every).is_some_and(|end| at <= end)
            }),
        })
}

fn block(flow: Flow<'_>, situation: &Situation) -> Option<Opinion> {
    let (mut certain, mut clauses) = (false, Vec::new());
    for block in &flow.file.blocks {
        let is_about = means(&block.uses.node, flow.purpose)
            && (block.recipients.is_empty() || named(&block.recipients, &flow.recipient.name.node))
            && may_be_in(&block.places, situation);
        let said: Vec<Says> = block
            .when
            .iter()
            .map(|when| says(flow, &when.node, situation))
            .collect();
        let lifted = block.except.iter().any(|conditions| {
            conditions
                .iter()
                .all(|known| says(flow, &known.node, situation) == Says::Yes)
        });
        if is_about && !said.contains(&Says::No) && !lifted {
            certain |= !said.contains(&Says::Unreadable);
            clauses.push(block.label.node.clone());
        }
    }
    let reason = if certain {
        Reason::Block
    } else {
        Reason::Unreadable
    };
    (!clauses.is_empty()).then_some(Opinion::Refused { reason, clauses })
}

fn steps(
    file: &File,
    allowing: &[&Allow],
    forbidden: &BTreeSet<String>,
) -> Vec<(String, Option<Edit>)> {
    let mut steps = Vec::new();
    for category in &file.categories {
        let name = &category.name.node;
        let listing: Vec<_> = allowing
            .iter()
            .filter(|allow| named(&allow.categories, name))
            .collect();
        if listing.is_empty() || forbidden.contains(name) {
            continue;
        }
        let edits = listing.iter().flat_map(|allow| &allow.edits);
        let edits = edits
            .filter(|edit| edit.category.node == *name)
            .map(|edit| Some(edit.edit.node.clone()));
        steps.push((name.clone(), strictest(edits)));
    }
    steps
}

fn caps(allowing: &[&Allow]) -> Vec<(String, u32, CapWindow)> {
    let mut tightest: Vec<(String, u32, CapWindow)> = Vec::new();
    for window in [CapWindow::Day, CapWindow::Week] {
        let mut best: Option<(String, u32, CapWindow)> = None;
        for allow in allowing {
            for cap in allow.caps.iter().filter(|cap| cap.node.per == window) {
                if best
                    .as_ref()
                    .is_none_or(|(_, events, _)| cap.node.events < *events)
                {
                    best = Some((allow.label.node.clone(), cap.node.events, window));
                }
            }
        }
        tightest.extend(best);
    }
    tightest
}

/// From the last to the first: the compiled policy goes the other way, and must come out the same.
fn strictest(edits: impl IntoIterator<Item = Option<Edit>>) -> Option<Edit> {
    let mut edits: Vec<Edit> = edits.into_iter().flatten().collect();
    let mut strictest = edits.pop()?;
    while let Some(edit) = edits.pop() {
        strictest = strictest.strictest(edit);
    }
    Some(strictest)
}

fn means(uses: &Uses, purpose: &Purpose) -> bool {
    match uses {
        Uses::All => true,
        Uses::Named(name) => purpose.name.node == *name,
        Uses::Word(word) => format!("{}.", purpose.word.node).starts_with(&format!("{word}.")),
    }
}

fn may_be_in(places: &[Spanned<PlaceWord>], situation: &Situation) -> bool {
    let words: Vec<PlaceWord> = places.iter().map(|place| place.node.clone()).collect();
    words.is_empty() || person::is_in(&words, situation) != Says::No
}

fn named(names: &[Name], name: &str) -> bool {
    names.iter().any(|listed| listed.node == name)
}

fn labels<'file>(names: impl Iterator<Item = &'file Name>) -> Vec<String> {
    names.map(|name| name.node.clone()).collect()
}

#[cfg(test)]
pub(crate) mod tests;
