//! `keep only the path of page address`: no scheme, user, host, port, query or fragment (RFC 3986,
//! section 3).
//!
//! Percent-encodings and path parameters (`;v=1`) stay as they are, and so does an `@`: a path is
//! kept or it is not, and guessing which of its segments name a person would promise more than it
//! holds. A shop that puts addresses of people into paths must not list the category.

/// The path of a URL, or of a reference that starts with `/`. None for anything without such a
/// path: a `mailto:`, a relative reference, text with blanks or backslashes (which browsers read as
/// slashes).
pub(super) fn path(text: &str) -> Option<&str> {
    let is_odd = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\';
    if text.contains(is_odd) {
        return None;
    }
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let text = text.get(..end)?;
    let after_scheme = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        Some(_) | None => text,
    };
    match after_scheme.strip_prefix("//") {
        Some(from_host) => Some(
            from_host
                .find('/')
                .and_then(|slash| from_host.get(slash..))
                .unwrap_or("/"),
        ),
        None => text.starts_with('/').then_some(text),
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_path_only() {
        for (text, kept) in [
            (
                "https://shop.example/cart/42?email=a@b.example#top",
                "/cart/42",
            ),
            (
                "https://user:pass@shop.example:8443/a%20b;v=1",
                "/a%20b;v=1",
            ),
            ("https://shop.example", "/"),
            ("https://shop.example?next=/secret", "/"),
            ("https://shop.example#/secret", "/"),
            ("//shop.example/a", "/a"),
            ("/a/b?c", "/a/b"),
            ("/user/a@b.example", "/user/a@b.example"),
            ("/a:b", "/a:b"),
            ("https://shop.example//double//slash", "//double//slash"),
        ] {
            assert_eq!(path(text), Some(kept), "{text}");
        }
    }

    #[test]
    fn what_has_no_path_of_its_own_does_not_leave() {
        for text in [
            "",
            "mailto:a@b.example",
            "a@b.example",
            "cart/42",
            "https:/one",
            "/a b",
            "https:\\\\shop.example\\a",
            "/\\shop.example/a",
            "https://a\n/b",
            "javascript:alert(1)",
        ] {
            assert_eq!(path(text), None, "{text}");
        }
    }
}
