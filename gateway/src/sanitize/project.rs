//! What becomes of each value of an event, given an edit program: asked in document order, answered
//! without a tree.

use std::borrow::Cow;
use std::sync::Arc;

use policy::ast;
use policy::edit::Edited;
use policy::verdict::EditProgram;

use super::kept::Written;
use crate::event::Event;
use crate::json::{Edit, Kind, Node};
use crate::plan::Plan;

/// The fate of every value at a category's path, and where the asking has got to.
pub(super) struct Projection {
    /// By where they begin; no two begin at one place.
    targets: Vec<Target>,
    /// How many of the targets before each one leave.
    leaving: Vec<usize>,
    cursor: usize,
    /// Values that were entered and are not yet over, innermost last.
    open: Vec<Open>,
    edited: Vec<Arc<str>>,
    written: Vec<Written>,
}

struct Target {
    start: usize,
    fate: Fate,
}

/// What becomes of a value at a category's path.
enum Fate {
    Keep,
    Omit,
    Text(String),
    Number(String),
}

struct Open {
    end: usize,
    /// Whether what is in it leaves unless something says otherwise.
    keep: bool,
}

/// What the categories at one place say together.
struct Place<'d, 'p> {
    node: Node<'d>,
    /// Each with its own edit, if it has one.
    categories: Vec<(&'p Arc<str>, Option<&'p ast::Edit>)>,
    /// Whether every one of them is listed.
    listed: bool,
    /// The strictest.
    edit: Option<ast::Edit>,
}

impl Projection {
    pub(super) fn of(
        event: &Event<'_>,
        program: &EditProgram,
        plan: &Plan,
        mut apply: impl FnMut(&ast::Edit, Node<'_>) -> Option<Edited>,
    ) -> Self {
        let mut projection = Self {
            targets: Vec::new(),
            leaving: vec![0],
            cursor: 0,
            open: Vec::new(),
            edited: Vec::new(),
            written: Vec::new(),
        };
        let mut leaving = 0;
        for place in places(event, program, plan) {
            let fate = place.fate(&mut apply);
            projection.note(&place, &fate);
            leaving += usize::from(!matches!(fate, Fate::Omit));
            projection.leaving.push(leaving);
            projection.targets.push(Target {
                start: place.node.span().start,
                fate,
            });
        }
        // A category may be the whole event.
        let root = event.node().span();
        if let Some(whole) = projection
            .targets
            .first()
            .filter(|first| first.start == root.start)
        {
            let keep = matches!(whole.fate, Fate::Keep);
            projection.open.push(Open {
                end: root.end,
                keep,
            });
        }
        projection
    }

    /// Names what was changed and what is in the body.
    fn note(&mut self, place: &Place<'_, '_>, fate: &Fate) {
        if place.node.is_null() {
            return;
        }
        let leaves_changed = !matches!(fate, Fate::Keep);
        for (category, edit) in &place.categories {
            if leaves_changed && !self.edited.contains(*category) {
                self.edited.push(Arc::clone(category));
            }
            let is_written = self
                .written
                .iter()
                .any(|written| *written.category == ***category);
            if !matches!(fate, Fate::Omit) && !is_written {
                self.written.push(Written {
                    category: category.to_string(),
                    edit: format!("{edit:?}"),
                });
            }
        }
    }

    /// What becomes of the next value.
    pub(super) fn choose<'e>(&mut self, node: Node<'_>) -> Edit<'e> {
        let span = node.span();
        while self.open.last().is_some_and(|open| open.end <= span.start) {
            self.open.pop();
        }
        // Those before lie in what was left out as a whole.
        while self
            .targets
            .get(self.cursor)
            .is_some_and(|target| target.start < span.start)
        {
            self.cursor += 1;
        }
        let own = self
            .targets
            .get(self.cursor)
            .filter(|target| target.start == span.start);
        let keep = match own.map(|target| &target.fate) {
            Some(Fate::Text(text)) => return Edit::Text(Cow::Owned(text.clone())),
            Some(Fate::Number(number)) => return Edit::Number(Cow::Owned(number.clone())),
            Some(Fate::Keep) => true,
            Some(Fate::Omit) => false,
            None => self.open.last().is_some_and(|open| open.keep),
        };
        let inner = self.cursor + usize::from(own.is_some());
        let after = self
            .targets
            .partition_point(|target| target.start < span.end);
        let leaves_inside = self.leaving.get(after) > self.leaving.get(inner);
        if (keep && after > inner) || (!keep && leaves_inside) {
            self.open.push(Open {
                end: span.end,
                keep,
            });
            return Edit::Enter;
        }
        if keep { Edit::Keep } else { Edit::Omit }
    }

    /// The categories that were changed, and those that are in the body.
    pub(super) fn finish(self) -> (Vec<Arc<str>>, Vec<Written>) {
        (self.edited, self.written)
    }
}

impl Place<'_, '_> {
    fn fate(&self, apply: &mut impl FnMut(&ast::Edit, Node<'_>) -> Option<Edited>) -> Fate {
        if !self.listed {
            return Fate::Omit;
        }
        let Some(edit) = &self.edit else {
            // A clause lets a value go, not whatever a client puts inside one: what has parts leaves
            // only by paths that name the parts.
            let has_parts = matches!(self.node.kind(), Kind::Array | Kind::Object);
            return if has_parts { Fate::Omit } else { Fate::Keep };
        };
        // What has no text (an object where an address was expected) cannot be edited, and stays.
        match apply(edit, self.node) {
            Some(Edited::Unchanged) => Fate::Keep,
            Some(Edited::Text(text)) => Fate::Text(text),
            Some(Edited::Number(number)) => Fate::Number(number),
            Some(Edited::Removed) | None => Fate::Omit,
        }
    }
}

/// Every place of the event at which some category stands, in document order.
fn places<'d, 'p>(
    event: &Event<'d>,
    program: &'p EditProgram,
    plan: &'p Plan,
) -> Vec<Place<'d, 'p>> {
    let mut found: Vec<Place<'d, 'p>> = Vec::new();
    for category in &plan.categories {
        let step = program
            .steps
            .iter()
            .find(|step| step.category == category.name);
        for node in category
            .paths
            .iter()
            .flat_map(|path| path.find(event.node()))
        {
            found.push(Place {
                node,
                categories: vec![(&category.name, step.and_then(|step| step.edit.as_ref()))],
                listed: step.is_some(),
                edit: step.and_then(|step| step.edit.clone()),
            });
        }
    }
    found.sort_by_key(|place| place.node.span().start);
    found.dedup_by(|later, first| {
        if later.node != first.node {
            return false;
        }
        first.listed &= later.listed;
        first.edit = match (first.edit.take(), later.edit.take()) {
            (Some(one), Some(other)) => Some(one.strictest(other)),
            (one, other) => one.or(other),
        };
        for category in later.categories.drain(..) {
            if !first.categories.contains(&category) {
                first.categories.push(category);
            }
        }
        true
    });
    found
}
