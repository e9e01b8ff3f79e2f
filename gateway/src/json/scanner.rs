//! The scan: one pass, no recursion, strict.

use super::document::{Document, Entry, Kind, Spelling};
use super::fault::{Fault, FaultKind};
use super::keys::Keys;
use super::{Limits, number, text};

/// What a scan found: an index, and what is wrong inside it.
pub(super) struct Scanned<'a> {
    pub(super) document: Document<'a>,
    /// In the order of their places in the body.
    flaws: Vec<Flaw>,
}

/// A fault that leaves it clear where the value at fault ends.
struct Flaw {
    fault: Fault,
    /// For [`FaultKind::Depth`] the depth reached, counted from the root.
    depth: u32,
}

impl Flaw {
    /// Whether this is a fault where `depth_max` is the deepest nesting, counted from the root.
    fn counts(&self, depth_max: u32) -> bool {
        self.fault.kind != FaultKind::Depth || self.depth > depth_max
    }
}

impl Scanned<'_> {
    /// The first flaw, where the root may be `depth_max` deep.
    pub(super) fn first_flaw(&self, depth_max: u32) -> Option<Fault> {
        self.first_flaw_within(0..usize::MAX, depth_max)
    }

    /// The first flaw within `span`. Depths count from the root of the body.
    pub(super) fn first_flaw_within(
        &self,
        span: std::ops::Range<usize>,
        depth_max: u32,
    ) -> Option<Fault> {
        let from = self
            .flaws
            .partition_point(|flaw| flaw.fault.at < span.start);
        let within = self
            .flaws
            .iter()
            .skip(from)
            .take_while(|flaw| flaw.fault.at < span.end);
        within
            .filter(|flaw| flaw.counts(depth_max))
            .map(|flaw| flaw.fault)
            .next()
    }
}

/// Scans one value and nothing after it; flaws are noted, and are for the caller to judge.
///
/// # Errors
/// What leaves it unclear where values begin and end, and what is past the limits for a body.
pub(super) fn scan<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Scanned<'a>, Fault> {
    // INVARIANT: offsets fit `u32` from here on.
    let bytes_max = limits.bytes.min(u32::MAX as usize - 1);
    if bytes.len() > bytes_max {
        return Err(Fault::new(bytes_max, FaultKind::TooLarge));
    }
    if [b"\xEF\xBB\xBF".as_slice(), b"\xFE\xFF", b"\xFF\xFE"]
        .iter()
        .any(|bom| bytes.starts_with(bom))
    {
        return Err(Fault::new(0, FaultKind::Bom));
    }
    let mut scanner = Scanner::new(bytes, limits);
    scanner.run()?;
    let Scanner {
        tape, mut flaws, ..
    } = scanner;
    flaws.sort_by_key(|flaw| flaw.fault.at);
    Ok(Scanned {
        document: Document::new(bytes, tape),
        flaws,
    })
}

/// What the grammar allows next.
enum Expect {
    Value,
    ElementOrEnd,
    NameOrEnd,
    Name,
    CommaOrEnd,
    Nothing,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    tape: Vec<Entry>,
    flaws: Vec<Flaw>,
    values_max: usize,
    depth_max: u32,
    /// Arrays and objects open here.
    depth: u32,
    /// The innermost of them; its [`Entry::next`] holds the one around it until it is closed, so
    /// that nesting needs neither recursion nor a stack.
    innermost: u32,
    keys: Keys,
}

/// Stands for "no array or object is open". No entry has this index: there are fewer than bytes.
const OUTSIDE: u32 = u32::MAX;

impl<'a> Scanner<'a> {
    fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        // Events have a value or a name about every 12 bytes; a long text reserves no more than
        // this.
        let entries = (bytes.len() / 12 + 4).min(4096);
        Self {
            bytes,
            at: 0,
            tape: Vec::with_capacity(entries),
            flaws: Vec::new(),
            values_max: limits.values,
            depth_max: limits.depth,
            depth: 0,
            innermost: OUTSIDE,
            keys: Keys::default(),
        }
    }

    fn run(&mut self) -> Result<(), Fault> {
        let mut expect = Expect::Value;
        loop {
            self.skip_space();
            let byte = self.bytes.get(self.at).copied();
            expect = match (expect, byte) {
                (Expect::Nothing, None) => return Ok(()),
                (Expect::Nothing, Some(_)) => return Err(self.fault(FaultKind::Trailing)),
                (_, None) => return Err(self.fault(FaultKind::Syntax)),
                (Expect::ElementOrEnd, Some(b']')) => self.close(),
                (Expect::Value | Expect::ElementOrEnd, Some(byte)) => self.value(byte)?,
                (Expect::NameOrEnd, Some(b'}')) => self.close(),
                (Expect::Name | Expect::NameOrEnd, Some(b'"')) => self.name()?,
                (Expect::CommaOrEnd, Some(byte)) => self.comma_or_end(byte)?,
                (Expect::Name | Expect::NameOrEnd, Some(_)) => {
                    return Err(self.fault(FaultKind::Syntax));
                }
            };
        }
    }

    fn value(&mut self, byte: u8) -> Result<Expect, Fault> {
        match byte {
            b'"' => self.string()?,
            b'{' => return self.open(Kind::Object),
            b'[' => return self.open(Kind::Array),
            b'-' | b'0'..=b'9' => {
                let walked = number::walk(self.bytes, self.at)?;
                self.note(walked.flaw);
                self.scalar(Kind::Number, walked.end, Spelling::Usual)?;
            }
            b't' => self.literal(Kind::True, b"true")?,
            b'f' => self.literal(Kind::False, b"false")?,
            b'n' => self.literal(Kind::Null, b"null")?,
            _ => return Err(self.fault(FaultKind::Syntax)),
        }
        Ok(self.after_value())
    }

    fn name(&mut self) -> Result<Expect, Fault> {
        self.string()?;
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b':') {
            return Err(self.fault(FaultKind::Syntax));
        }
        self.at += 1;
        Ok(Expect::Value)
    }

    fn string(&mut self) -> Result<(), Fault> {
        if let Some(end) = text::usual_end(self.bytes, self.at + 1) {
            return self.scalar(Kind::String, end, Spelling::Usual);
        }
        let literal = text::walk(self.bytes, self.at + 1)?;
        self.note(literal.flaw);
        self.scalar(Kind::String, literal.end, literal.spelling)
    }

    fn literal(&mut self, kind: Kind, word: &[u8]) -> Result<(), Fault> {
        if !self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word))
        {
            return Err(self.fault(FaultKind::Syntax));
        }
        self.scalar(kind, self.at + word.len(), Spelling::Usual)
    }

    fn scalar(&mut self, kind: Kind, end: usize, spelling: Spelling) -> Result<(), Fault> {
        let (start, next) = (narrow(self.at), narrow(self.tape.len() + 1));
        self.push(Entry {
            start,
            end: narrow(end),
            next,
            kind,
            spelling,
        })?;
        self.at = end;
        Ok(())
    }

    fn open(&mut self, kind: Kind) -> Result<Expect, Fault> {
        let (start, index) = (narrow(self.at), narrow(self.tape.len()));
        self.push(Entry {
            start,
            end: start,
            next: self.innermost,
            kind,
            spelling: Spelling::Usual,
        })?;
        self.innermost = index;
        self.depth += 1;
        if self.depth > self.depth_max {
            let fault = self.fault(FaultKind::Depth);
            self.flaws.push(Flaw {
                fault,
                depth: self.depth,
            });
        }
        self.at += 1;
        Ok(if kind == Kind::Object {
            Expect::NameOrEnd
        } else {
            Expect::ElementOrEnd
        })
    }

    fn close(&mut self) -> Expect {
        self.at += 1;
        let (end, next) = (narrow(self.at), narrow(self.tape.len()));
        if let Some(entry) = self.tape.get_mut(self.innermost as usize) {
            let around = entry.next;
            entry.end = end;
            entry.next = next;
            if entry.kind == Kind::Object {
                let repeated = self.keys.repeated(self.bytes, &self.tape, self.innermost);
                self.note(repeated.map(|at| Fault::new(at, FaultKind::DuplicateKey)));
            }
            self.innermost = around;
        }
        self.depth -= 1;
        self.after_value()
    }

    fn comma_or_end(&mut self, byte: u8) -> Result<Expect, Fault> {
        let in_object = self
            .tape
            .get(self.innermost as usize)
            .is_some_and(|entry| entry.kind == Kind::Object);
        match (byte, in_object) {
            (b',', true) => {
                self.at += 1;
                Ok(Expect::Name)
            }
            (b',', false) => {
                self.at += 1;
                Ok(Expect::Value)
            }
            (b'}', true) | (b']', false) => Ok(self.close()),
            _ => Err(self.fault(FaultKind::Syntax)),
        }
    }

    fn after_value(&self) -> Expect {
        if self.innermost == OUTSIDE {
            Expect::Nothing
        } else {
            Expect::CommaOrEnd
        }
    }

    fn push(&mut self, entry: Entry) -> Result<(), Fault> {
        if self.tape.len() >= self.values_max {
            return Err(self.fault(FaultKind::TooManyValues));
        }
        self.tape.push(entry);
        Ok(())
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn note(&mut self, fault: Option<Fault>) {
        self.flaws
            .extend(fault.map(|fault| Flaw { fault, depth: 0 }));
    }

    fn fault(&self, kind: FaultKind) -> Fault {
        Fault::new(self.at, kind)
    }
}

/// An offset or an index as the tape keeps it. It fits: a body is shorter than `u32::MAX`.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
