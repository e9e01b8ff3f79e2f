//! The bytes that are written, and copying into them.

use std::borrow::Cow;
use std::fmt;

use super::Edit;
use crate::json::document::{Children, Kind, Members, Node};
use crate::json::number;

/// The body so far. Its `Debug` form tells its size only.
pub(super) struct Out<'w>(pub(super) &'w mut Vec<u8>);

impl Out<'_> {
    /// A comma, unless this is the first in its array or object. No value ends with an opening
    /// bracket, so the last byte tells.
    pub(super) fn comma(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[')) {
            self.0.push(b',');
        }
    }

    pub(super) fn string(&mut self, text: &str) {
        self.0.push(b'"');
        let mut plain = text.as_bytes();
        while let Some(at) = plain
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))
        {
            let (before, rest) = plain.split_at(at);
            self.0.extend_from_slice(before);
            if let Some((byte, rest)) = rest.split_first() {
                self.escape(*byte);
                plain = rest;
            }
        }
        self.0.extend_from_slice(plain);
        self.0.push(b'"');
    }

    pub(super) fn number(&mut self, text: &str) {
        let walked = number::walk(text.as_bytes(), 0);
        if walked.is_ok_and(|walked| walked.end == text.len() && walked.flaw.is_none()) {
            self.0.extend_from_slice(text.as_bytes());
        } else {
            self.string(text);
        }
    }

    pub(super) fn integer(&mut self, integer: i64) {
        self.0.extend_from_slice(integer.to_string().as_bytes());
    }

    /// Copies `node` as `edit` says of it and of what is in it. Depth costs no stack.
    pub(super) fn copy<'d, 'e>(
        &mut self,
        node: Node<'d>,
        first: Edit<'e>,
        mut edit: impl FnMut(Node<'d>) -> Edit<'e>,
    ) {
        let mut open = Vec::new();
        open.extend(self.put(node, first));
        while let Some(innermost) = open.last_mut() {
            let Some((name, node)) = innermost.rest.next() else {
                self.0.push(innermost.rest.closing());
                open.pop();
                continue;
            };
            let choice = if innermost.asks {
                edit(node)
            } else {
                Edit::Keep
            };
            if matches!(choice, Edit::Omit) {
                continue;
            }
            self.comma();
            if let Some(name) = name {
                self.literal(name);
                self.0.push(b':');
            }
            open.extend(self.put(node, choice));
        }
    }

    /// Writes a value, or, of an array or object, only its beginning.
    fn put<'d>(&mut self, node: Node<'d>, choice: Edit<'_>) -> Option<Open<'d>> {
        let asks = match choice {
            Edit::Keep => false,
            Edit::Enter => true,
            Edit::Omit => return None,
            Edit::Text(text) => {
                self.string(&text);
                return None;
            }
            Edit::Integer(integer) => {
                self.integer(integer);
                return None;
            }
            Edit::Number(text) => {
                self.number(&text);
                return None;
            }
        };
        match node.kind() {
            Kind::Object => {
                self.0.push(b'{');
                return Some(Open {
                    rest: Rest::Object(node.members()),
                    asks,
                });
            }
            Kind::Array => {
                self.0.push(b'[');
                return Some(Open {
                    rest: Rest::Array(node.children()),
                    asks,
                });
            }
            Kind::String => self.literal(node),
            Kind::Number | Kind::True | Kind::False | Kind::Null => {
                self.0.extend_from_slice(node.raw());
            }
        }
        None
    }

    /// Copies a string: one without escapes is in our spelling already.
    fn literal(&mut self, string: Node<'_>) {
        if string.has_escapes() {
            self.string(&string.text().unwrap_or(Cow::Borrowed("")));
        } else {
            self.0.extend_from_slice(string.raw());
        }
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => {
                self.0
                    .extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                return;
            }
        };
        self.0.extend_from_slice(&[b'\\', short]);
    }
}

impl fmt::Debug for Out<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// An array or object whose end is not yet written.
struct Open<'d> {
    rest: Rest<'d>,
    /// Whether `edit` is asked about what is in it.
    asks: bool,
}

enum Rest<'d> {
    Object(Members<'d>),
    Array(Children<'d>),
}

impl<'d> Rest<'d> {
    fn next(&mut self) -> Option<(Option<Node<'d>>, Node<'d>)> {
        match self {
            Self::Object(members) => members
                .next()
                .map(|member| (Some(member.name_node()), member.value)),
            Self::Array(elements) => elements.next().map(|element| (None, element)),
        }
    }

    fn closing(&self) -> u8 {
        match self {
            Self::Object(_) => b'}',
            Self::Array(_) => b']',
        }
    }
}
