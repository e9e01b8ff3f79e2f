//! `hash email with key "meta-2026"`: HMAC-SHA-256 (RFC 2104, FIPS 198-1), for recipients that only
//! count.
//!
//! Of the text exactly as it stands, so that it never joins with a recipient's own hashes of a
//! normalized form.

use ring::hmac;

use super::hex;

/// None without a key: HMAC under an empty key is a plain hash in disguise.
pub(super) fn hash(key: &[u8], text: &str) -> Option<String> {
    if key.is_empty() {
        return None;
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    Some(hex(hmac::sign(&key, text.as_bytes()).as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_rfc_4231_case_2() {
        assert_eq!(
            hash(b"Jefe", "what do ya want for nothing?").as_deref(),
            Some("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        );
    }

    #[test]
    fn needs_a_key_and_depends_on_it() {
        assert_eq!(hash(b"", "a@b.example"), None);
        assert_ne!(hash(b"one", "a@b.example"), hash(b"two", "a@b.example"));
        assert_ne!(hash(b"one", "a@b.example"), hash(b"one", "A@b.example"));
    }
}
