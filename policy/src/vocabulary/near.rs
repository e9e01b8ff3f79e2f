//! `did you mean ...?`

/// The known word nearest to what was written, where it is near enough to be meant.
///
/// Near is at most a third of the letters mistyped (and at least one may be), capitals aside.
pub fn closest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let letters: Vec<char> = written.to_lowercase().chars().take(LONGEST + 1).collect();
    if letters.len() > LONGEST {
        return None;
    }
    let allowed = (letters.len() / 3).max(1);
    known
        .into_iter()
        .filter(|word| *word != written)
        .filter(|word| word.chars().count().abs_diff(letters.len()) <= allowed)
        .map(|word| (distance(&letters, word), word))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, word)| word)
}

/// Longer words are nobody's typing error, and comparing them costs.
const LONGEST: usize = 80;

/// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbors.
fn distance(left: &[char], right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().take(LONGEST + 1).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, own) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(above.len());
        current.push(row + 1);
        for (column, other) in right.iter().enumerate() {
            let at =
                |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let replaced = at(&above, column) + usize::from(own != other);
            let mut best = replaced
                .min(at(&above, column + 1) + 1)
                .min(at(&current, column) + 1);
            let swapped = row > 0
                && column > 0
                && left.get(row - 1) == Some(other)
                && right.get(column - 1) == Some(own);
            if swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_slips_are_found_and_strangers_are_not() {
        let known = ["email", "IP address", "order value", "US-CA"];
        assert_eq!(closest("emial", known), Some("email"));
        assert_eq!(closest("ip adress", known), Some("IP address"));
        assert_eq!(closest("phone", known), None);
        assert_eq!(
            closest("email", ["email"]),
            None,
            "it is written right already"
        );
        assert_eq!(closest("Email", ["email"]), Some("email"));
        assert_eq!(closest(&"x".repeat(5000), known), None);
    }
}
