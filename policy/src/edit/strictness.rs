//! Which of two edits hides more. A total order, so that merging clauses does not depend on their
//! order in the text.

use crate::ast::{Edit, TimeUnit};

/// How much an edit hides, least first. Leaving a value out hides more than any of these, passing
/// it on less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strictness {
    /// A part of the value is left: shortened, rounded, truncated, only the path.
    Part,
    /// One of a few labels is left.
    Band,
    /// A hash that the recipient can compute too.
    Hash,
    /// A hash that the recipient cannot compute.
    KeyedHash,
}

impl Edit {
    /// How much it hides.
    #[must_use]
    pub fn strictness(&self) -> Strictness {
        match self {
            Self::KeyedHash(_) => Strictness::KeyedHash,
            Self::Sha256 => Strictness::Hash,
            Self::Band(_) => Strictness::Band,
            Self::ShortenIp { .. } | Self::OnlyPath | Self::Round(_) | Self::TruncateTime(_) => {
                Strictness::Part
            }
        }
    }

    /// The edit that hides at least as much as both.
    ///
    /// Of two lengths of an address the fewer bits of each family, of two steps or units the
    /// coarser, of two sets of bands the fewer. Two that cannot be compared (two keys, two ways to
    /// keep a part) are settled by a fixed order.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        match (&self, &other) {
            (
                Self::ShortenIp { v4, v6 },
                Self::ShortenIp {
                    v4: other_v4,
                    v6: other_v6,
                },
            ) => Self::ShortenIp {
                v4: *v4.min(other_v4),
                v6: *v6.min(other_v6),
            },
            _ if rank(&self) >= rank(&other) => self,
            _ => other,
        }
    }
}

/// Strictness first, then what tells two of the same apart.
fn rank(edit: &Edit) -> (Strictness, u8, usize, String) {
    let (kind, coarseness, rest) = match edit {
        Edit::KeyedHash(key) => (0, 0, key.clone()),
        Edit::Sha256 => (0, 0, String::new()),
        Edit::Band(bands) => (0, usize::MAX - bands.len(), format!("{bands:?}")),
        Edit::OnlyPath => (0, 0, String::new()),
        Edit::Round(step) => {
            // Steps compare as numbers: more places before the point first, then digit by digit.
            let shown = super::decimal::Decimal::parse(step).map(|step| step.to_string());
            let shown = shown.unwrap_or_default();
            (1, shown.split('.').next().map_or(0, str::len), shown)
        }
        Edit::TruncateTime(unit) => (2, coarseness(*unit), String::new()),
        Edit::ShortenIp { v4, v6 } => (3, 0, format!("{v4:03}/{v6:03}")),
    };
    (edit.strictness(), kind, coarseness, rest)
}

fn coarseness(unit: TimeUnit) -> usize {
    match unit {
        TimeUnit::Minute => 0,
        TimeUnit::Hour => 1,
        TimeUnit::Day => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Band;

    fn all() -> Vec<Edit> {
        let bands = |count: u32| (0..count).map(|from| Band { from, to: None }).collect();
        vec![
            Edit::OnlyPath,
            Edit::Round("0.5".into()),
            Edit::Round("9".into()),
            Edit::Round("10".into()),
            Edit::TruncateTime(TimeUnit::Minute),
            Edit::TruncateTime(TimeUnit::Day),
            Edit::ShortenIp { v4: 24, v6: 48 },
            Edit::Band(bands(5)),
            Edit::Band(bands(2)),
            Edit::Sha256,
            Edit::KeyedHash("a".into()),
            Edit::KeyedHash("b".into()),
        ]
    }

    #[test]
    fn the_stricter_wins_whichever_comes_first() {
        let all = all();
        for (at, weaker) in all.iter().enumerate() {
            for stricter in all.iter().skip(at) {
                assert_eq!(weaker.clone().strictest(stricter.clone()), *stricter);
                assert_eq!(stricter.clone().strictest(weaker.clone()), *stricter);
            }
        }
    }

    #[test]
    fn addresses_lose_what_either_clause_takes() {
        let left = Edit::ShortenIp { v4: 24, v6: 32 };
        let right = Edit::ShortenIp { v4: 16, v6: 48 };
        assert_eq!(left.strictest(right), Edit::ShortenIp { v4: 16, v6: 32 });
    }
}
