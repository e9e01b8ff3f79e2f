//! Batches, in which one faulty event does not sink the others.

use super::Limits;
use super::document::{Document, Kind, Member, Node};
use super::fault::Fault;
use super::scanner::{self, Scanned};

/// How a body holds its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The body is one event.
    Single,
    /// The body is an array of events.
    Array,
    /// The body is an object, one member of which is an array of events.
    Keyed,
}

/// A body that was scanned, and each event in it: readable, or at fault.
///
/// Of a faulty event nothing can be reached but its [`Fault`].
#[derive(Debug)]
pub struct Batch<'a> {
    document: Document<'a>,
    shape: Shape,
    /// The index of each event's entry.
    elements: Vec<Result<u32, Fault>>,
    /// The index of the array of events.
    array: Option<u32>,
}

/// Scans a body and finds its events: the elements of an array, those of the array that is the
/// member `batch_key` of an object, or else the body itself.
///
/// [`Limits::depth`] counts from each event. What is around the events counts from the body.
///
/// # Errors
/// A [`Fault`] that lies in no event - the body is not JSON, is too large, or its envelope is at
/// fault.
pub fn scan_batch<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    batch_key: Option<&str>,
) -> Result<Batch<'a>, Fault> {
    let scanned = scanner::scan(bytes, limits)?;
    let root = scanned.document.root();
    let keyed = batch_key
        .and_then(|key| root.get(key))
        .filter(|node| node.kind() == Kind::Array);
    let (shape, array) = match (root.kind(), keyed) {
        (Kind::Array, _) => (Shape::Array, Some(root)),
        (_, Some(array)) => (Shape::Keyed, Some(array)),
        (_, None) => (Shape::Single, None),
    };
    let elements = judge(&scanned, limits, shape, array)?;
    let array = array.map(Node::index);
    Ok(Batch {
        shape,
        elements,
        array,
        document: scanned.document,
    })
}

/// Which events are readable.
///
/// # Errors
/// A fault that lies in none.
fn judge(
    scanned: &Scanned<'_>,
    limits: &Limits,
    shape: Shape,
    array: Option<Node<'_>>,
) -> Result<Vec<Result<u32, Fault>>, Fault> {
    let around = match shape {
        Shape::Single => 0,
        Shape::Array => 1,
        Shape::Keyed => 2,
    };
    let event_depth_max = limits.depth.saturating_add(around);
    let judged = |node: Node<'_>| match scanned.first_flaw_within(node.span(), event_depth_max) {
        Some(fault) => Err(fault),
        None => Ok(node.index()),
    };
    let Some(array) = array else {
        return Ok(vec![judged(scanned.document.root())]);
    };
    // Between events there are only commas and space, so that the envelope is what is before and
    // after the array.
    let (body, span) = (scanned.document.root().span(), array.span());
    for outside in [body.start..span.start, span.end..body.end] {
        if let Some(fault) = scanned.first_flaw_within(outside, limits.depth) {
            return Err(fault);
        }
    }
    Ok(array.children().map(judged).collect())
}

impl Batch<'_> {
    /// How the body holds its events.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// How many events there are, faulty ones included.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no event.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The events in order: each readable, or its first fault.
    pub fn elements(&self) -> Elements<'_> {
        Elements {
            document: &self.document,
            rest: self.elements.iter(),
        }
    }

    /// The object around the events, for [`Shape::Keyed`].
    pub fn around(&self) -> Option<Node<'_>> {
        (self.shape == Shape::Keyed).then(|| self.document.root())
    }

    /// What is said once for all events: the members beside the array, for [`Shape::Keyed`].
    pub fn envelope(&self) -> impl Iterator<Item = Member<'_>> {
        let root = (self.shape == Shape::Keyed).then(|| self.document.root());
        let members = root.into_iter().flat_map(Node::members);
        members.filter(|member| Some(member.value.index()) != self.array)
    }
}

/// See [`Batch::elements`].
#[derive(Clone, Debug)]
pub struct Elements<'d> {
    document: &'d Document<'d>,
    rest: std::slice::Iter<'d, Result<u32, Fault>>,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Result<Node<'d>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let element = *self.rest.next()?;
        Some(element.map(|index| self.document.node(index)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Elements<'_> {}
