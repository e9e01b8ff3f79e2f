//! `hash email as SHA-256`: of the trimmed, lower-case text, as recipients that match on it ask for
//! (Meta, Google).
//!
//! Anybody who guesses the value can check the guess: this is for matching, and hides little.

use ring::digest;

use super::hex;

/// None for blank text: every blank value would match every other.
pub(super) fn hash(text: &str) -> Option<String> {
    let normal = text.trim().to_lowercase();
    if normal.is_empty() {
        return None;
    }
    Some(hex(
        digest::digest(&digest::SHA256, normal.as_bytes()).as_ref()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_hash_that_a_matching_recipient_publishes() {
        let expected = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";
        for form in ["John_Smith@gmail.com", " john_smith@gmail.com\n"] {
            assert_eq!(hash(form).as_deref(), Some(expected));
        }
    }

    #[test]
    fn has_none_of_nothing() {
        assert_eq!(hash(" \t"), None);
    }
}
