//! Sets of facts, as the bits a clause looks at.

/// One 64-bit word of a set of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// Which word of the facts.
    pub(crate) word: usize,
    /// Which bits of that word.
    pub(crate) bits: u64,
}

/// A set of facts. Holds only the words that are not zero: a clause looks at few facts, however
/// many a flow has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask {
    /// In ascending order of word.
    pub(crate) terms: Box<[Term]>,
}

impl Mask {
    /// The set of these facts, by number.
    pub(crate) fn of(facts: impl IntoIterator<Item = usize>) -> Self {
        let mut words = std::collections::BTreeMap::new();
        for fact in facts {
            *words.entry(fact / 64).or_insert(0) |= 1_u64 << (fact % 64);
        }
        Self {
            terms: words
                .into_iter()
                .map(|(word, bits)| Term { word, bits })
                .collect(),
        }
    }

    /// The numbers of the facts in it.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.terms
            .iter()
            .flat_map(|term| Bits(term.bits).map(|bit| term.word * 64 + bit))
    }
}

/// The numbers of the bits set in a word, lowest first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bits(pub(crate) u64);

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let lowest = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        usize::try_from(lowest).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_fact_and_no_empty_word() {
        let mask = Mask::of([200, 3, 63, 64, 3]);
        assert_eq!(mask.iter().collect::<Vec<_>>(), [3, 63, 64, 200]);
        assert_eq!(mask.terms.len(), 3);
        assert_eq!(Mask::of([]).terms.len(), 0);
    }
}
