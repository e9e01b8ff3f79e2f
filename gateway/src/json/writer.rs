//! Writing a new body, in one spelling: no space, members in the order given, only the escapes that
//! RFC 8259 section 7 requires, in their short form.

use std::borrow::Cow;
use std::fmt;

use super::document::Node;
use super::number::Number;

mod out;

use out::Out;

/// A place for one value at the end of some bytes.
///
/// What is written is JSON by construction: a place takes one value, arrays and objects close
/// themselves, a member's name is written only with its value. It is for the caller to give each
/// name once.
///
/// ```
/// use gateway::json::JsonWriter;
///
/// let mut out = Vec::new();
/// let mut event = JsonWriter::new(&mut out).object();
/// event.member("type").string("track");
/// event.member("count").integer(3);
/// event.end();
/// assert_eq!(out, br#"{"type":"track","count":3}"#);
/// ```
#[must_use = "nothing is written until a value is given"]
pub struct JsonWriter<'w> {
    out: Out<'w>,
    lead: Lead<'w>,
}

/// What goes before the value.
enum Lead<'w> {
    Nothing,
    Comma,
    Name(&'w str),
}

/// What becomes of a value that is copied with [`JsonWriter::edited`].
#[derive(Clone, PartialEq, Eq)]
pub enum Edit<'e> {
    /// It is copied with all that is in it.
    Keep,
    /// It is opened, and each value directly in it is asked about. Kinds with nothing in them are
    /// kept.
    Enter,
    /// It is left out, with its name. Later elements of an array move up.
    Omit,
    /// This string takes its place.
    Text(Cow<'e, str>),
    /// This integer takes its place.
    Integer(i64),
    /// This number takes its place, spelled like this; text that is no JSON number, as a string.
    Number(Cow<'e, str>),
}

impl<'w> JsonWriter<'w> {
    /// A place at the end of `out`.
    pub fn new(out: &'w mut Vec<u8>) -> Self {
        Self {
            out: Out(out),
            lead: Lead::Nothing,
        }
    }

    /// Writes `{`; the rest follows when the object ends.
    pub fn object(self) -> ObjectWriter<'w> {
        let out = self.begin();
        out.0.push(b'{');
        ObjectWriter { out }
    }

    /// Writes `[`; the rest follows when the array ends.
    pub fn array(self) -> ArrayWriter<'w> {
        let out = self.begin();
        out.0.push(b'[');
        ArrayWriter { out }
    }

    /// Writes a string.
    pub fn string(self, text: &str) {
        self.begin().string(text);
    }

    /// Writes a number as its sender spelled it.
    pub fn number(self, number: Number<'_>) {
        self.begin().0.extend_from_slice(number.as_str().as_bytes());
    }

    /// Writes an integer.
    pub fn integer(self, integer: i64) {
        self.begin().integer(integer);
    }

    /// Writes `true` or `false`.
    pub fn boolean(self, boolean: bool) {
        self.begin()
            .0
            .extend_from_slice(if boolean { b"true" } else { b"false" });
    }

    /// Writes `null`.
    pub fn null(self) {
        self.begin().0.extend_from_slice(b"null");
    }

    /// Copies a value with all that is in it, in our spelling.
    pub fn node(self, node: Node<'_>) {
        self.begin().copy(node, Edit::Keep, |_| Edit::Keep);
    }

    /// Copies a value and asks what becomes of it and, where the answer is [`Edit::Enter`], of what
    /// is directly in it. If the value itself is omitted, nothing is written.
    pub fn edited<'d, 'e>(self, node: Node<'d>, mut edit: impl FnMut(Node<'d>) -> Edit<'e>) {
        let first = edit(node);
        if !matches!(first, Edit::Omit) {
            self.begin().copy(node, first, edit);
        }
    }

    fn begin(mut self) -> Out<'w> {
        match self.lead {
            Lead::Nothing => {}
            Lead::Comma => self.out.comma(),
            Lead::Name(name) => {
                self.out.comma();
                self.out.string(name);
                self.out.0.push(b':');
            }
        }
        self.out
    }
}

impl fmt::Debug for JsonWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonWriter").field(&self.out).finish()
    }
}

/// Names what is done, and not with which value.
impl fmt::Debug for Edit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Enter => "Enter",
            Self::Omit => "Omit",
            Self::Text(_) => "Text(..)",
            Self::Integer(_) => "Integer(..)",
            Self::Number(_) => "Number(..)",
        })
    }
}

/// An object that is being written. It ends when this is dropped.
#[derive(Debug)]
pub struct ObjectWriter<'w> {
    out: Out<'w>,
}

impl ObjectWriter<'_> {
    /// A place for the value of the next member. If it stays empty, there is no such member.
    pub fn member<'s>(&'s mut self, name: &'s str) -> JsonWriter<'s> {
        JsonWriter {
            out: Out(self.out.0),
            lead: Lead::Name(name),
        }
    }

    /// Ends the object.
    pub fn end(self) {}
}

impl Drop for ObjectWriter<'_> {
    fn drop(&mut self) {
        self.out.0.push(b'}');
    }
}

/// An array that is being written. It ends when this is dropped.
#[derive(Debug)]
pub struct ArrayWriter<'w> {
    out: Out<'w>,
}

impl ArrayWriter<'_> {
    /// A place for the next element. If it stays empty, there is no such element.
    pub fn element(&mut self) -> JsonWriter<'_> {
        JsonWriter {
            out: Out(self.out.0),
            lead: Lead::Comma,
        }
    }

    /// Ends the array.
    pub fn end(self) {}
}

impl Drop for ArrayWriter<'_> {
    fn drop(&mut self) {
        self.out.0.push(b']');
    }
}
