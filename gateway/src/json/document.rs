//! What was read: a flat index over the bytes, and handles into it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::number::Number;
use super::text;

/// One JSON value that was scanned: its bytes, and where in them every value begins and ends.
///
/// Its `Debug` form, like that of [`Node`], tells sizes and places and never content.
pub struct Document<'a> {
    bytes: &'a [u8],
    /// In document order; a member is its name's entry, then its value's.
    tape: Vec<Entry>,
}

impl<'a> Document<'a> {
    pub(super) fn new(bytes: &'a [u8], tape: Vec<Entry>) -> Self {
        Self { bytes, tape }
    }

    /// The value itself.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    pub(super) fn node(&self, index: u32) -> Node<'_> {
        Node {
            bytes: self.bytes,
            tape: &self.tape,
            index,
        }
    }
}

impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, values) = (self.bytes.len(), self.tape.len());
        f.debug_struct("Document")
            .field("bytes", &bytes)
            .field("values", &values)
            .finish()
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `{..}`
    Object,
    /// `[..]`
    Array,
    /// `".."`
    String,
    /// A number, kept as text.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// A value in a [`Document`], or a member's name.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    bytes: &'d [u8],
    tape: &'d [Entry],
    index: u32,
}

impl<'d> Node<'d> {
    /// What it is.
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// Where it is in the body, quotes and brackets included.
    pub fn span(self) -> Range<usize> {
        let entry = self.entry();
        entry.start as usize..entry.end as usize
    }

    /// Its bytes as they came. For measuring and hashing: what is sent on goes through
    /// [`JsonWriter`](super::JsonWriter), which leaves no unusual spelling in it.
    pub fn raw(self) -> &'d [u8] {
        self.bytes.get(self.span()).unwrap_or_default()
    }

    /// What a string says, unescaped; `None` for other kinds.
    pub fn text(self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| self.decoded())
    }

    /// A number; `None` for other kinds.
    pub fn number(self) -> Option<Number<'d>> {
        if self.kind() != Kind::Number {
            return None;
        }
        std::str::from_utf8(self.raw()).ok().map(Number::new)
    }

    /// `true` or `false`; `None` for other kinds.
    pub fn boolean(self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Null => None,
        }
    }

    /// Whether it is `null`, which is not the same as a member that is not there.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The elements of an array or the values of an object, in order; nothing for other kinds.
    pub fn children(self) -> Children<'d> {
        Children {
            rest: self.rest(),
            named: self.kind() == Kind::Object,
        }
    }

    /// The members of an object, in order; nothing for other kinds.
    pub fn members(self) -> Members<'d> {
        let is_object = self.kind() == Kind::Object;
        Members {
            rest: if is_object {
                self.rest()
            } else {
                Rest {
                    next: 0,
                    end: 0,
                    of: self,
                }
            },
        }
    }

    /// The value of the member whose name, unescaped, is `name`.
    pub fn get(self, name: &str) -> Option<Node<'d>> {
        self.members()
            .find(|member| member.is_named(name))
            .map(|member| member.value)
    }

    /// The element of an array at `index`, counted from 0; `None` for other kinds.
    pub fn element(self, index: usize) -> Option<Node<'d>> {
        if self.kind() == Kind::Array {
            self.children().nth(index)
        } else {
            None
        }
    }

    /// Its place in the index.
    pub(super) fn index(self) -> u32 {
        self.index
    }

    pub(super) fn has_escapes(self) -> bool {
        self.entry().spelling == Spelling::Escaped
    }

    fn decoded(self) -> Cow<'d, str> {
        self.entry().decoded(self.bytes)
    }

    fn rest(self) -> Rest<'d> {
        let end = match self.kind() {
            Kind::Object | Kind::Array => self.entry().next,
            Kind::String | Kind::Number | Kind::True | Kind::False | Kind::Null => 0,
        };
        Rest {
            next: self.index + 1,
            end,
            of: self,
        }
    }

    fn entry(self) -> Entry {
        // INVARIANT: an index comes from the tape it is used on, and a tape is never empty.
        self.tape
            .get(self.index as usize)
            .copied()
            .unwrap_or(Entry::NOTHING)
    }
}

/// Two nodes are equal if they are the same place of the same document, not if they say the same.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tape, other.tape) && self.index == other.index
    }
}

impl Eq for Node<'_> {}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("kind", &self.kind())
            .field("span", &self.span())
            .finish()
    }
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'d> {
    name: Node<'d>,
    /// Its value.
    pub value: Node<'d>,
}

impl<'d> Member<'d> {
    /// Its name, unescaped.
    pub fn name(self) -> Cow<'d, str> {
        self.name.decoded()
    }

    pub(super) fn name_node(self) -> Node<'d> {
        self.name
    }

    /// Whether that is its name.
    pub fn is_named(self, name: &str) -> bool {
        let entry = self.name.entry();
        if entry.spelling == Spelling::Escaped {
            return self.name.decoded() == name;
        }
        entry.content(self.name.bytes) == name.as_bytes()
    }
}

/// See [`Node::children`].
#[derive(Clone, Debug)]
pub struct Children<'d> {
    rest: Rest<'d>,
    named: bool,
}

impl<'d> Iterator for Children<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.named {
            self.rest.step()?;
        }
        self.rest.step()
    }
}

/// See [`Node::members`].
#[derive(Clone, Debug)]
pub struct Members<'d> {
    rest: Rest<'d>,
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    fn next(&mut self) -> Option<Member<'d>> {
        Some(Member {
            name: self.rest.step()?,
            value: self.rest.step()?,
        })
    }
}

/// The children of a value that were not yet visited.
#[derive(Clone, Debug)]
struct Rest<'d> {
    next: u32,
    end: u32,
    of: Node<'d>,
}

impl<'d> Rest<'d> {
    fn step(&mut self) -> Option<Node<'d>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node {
            index: self.next,
            ..self.of
        };
        self.next = node.entry().next;
        Some(node)
    }
}

/// How a string is spelled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// In ASCII, without escapes.
    Usual,
    /// Without escapes, and perhaps beyond ASCII.
    Direct,
    /// With escapes: it must be decoded before it is compared or copied.
    Escaped,
}

/// One value, or one name, in the index.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// The offset of its first byte.
    pub(super) start: u32,
    /// The offset after its last byte.
    pub(super) end: u32,
    /// The index of the entry after it and all inside it.
    pub(super) next: u32,
    pub(super) kind: Kind,
    /// Of a string; `Usual` for other kinds.
    pub(super) spelling: Spelling,
}

impl Entry {
    const NOTHING: Self = Self {
        start: 0,
        end: 0,
        next: u32::MAX,
        kind: Kind::Null,
        spelling: Spelling::Usual,
    };

    /// The bytes of a string between its quotes, as they came.
    pub(super) fn content(self, bytes: &[u8]) -> &[u8] {
        let (start, end) = (self.start as usize, self.end as usize);
        bytes
            .get(start + 1..end.saturating_sub(1))
            .unwrap_or_default()
    }

    /// What a string says.
    pub(super) fn decoded(self, bytes: &[u8]) -> Cow<'_, str> {
        text::decode(self.content(bytes), self.spelling)
    }
}

/// The names of the object at index `object`, in order.
pub(super) fn name_entries(tape: &[Entry], object: u32) -> impl Iterator<Item = Entry> {
    let mut index = object as usize + 1;
    std::iter::from_fn(move || {
        let name = *tape.get(index)?;
        let value = tape.get(index + 1)?;
        index = value.next as usize;
        Some(name)
    })
}
