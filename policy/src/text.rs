//! Where something stands in a policy file.

/// A half-open range of bytes in the text of one policy file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A piece of the syntax tree with the place it was written at.
///
/// Equality and hashing look at the place too: two clauses that say the same are two clauses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub node: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins what was written with where.
    pub fn new(node: T, span: Span) -> Self {
        Self { node, span }
    }
}
