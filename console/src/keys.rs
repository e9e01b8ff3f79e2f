//! Who may use the admin API: keys with an owner each.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use ring::digest::{SHA256, digest};

/// A key and whose it is. Only its SHA-256 is kept.
#[derive(Clone)]
pub struct AdminKey {
    owner: Arc<str>,
    sha256: [u8; 32],
}

/// The owner of the key a request came with; recorded with what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner(pub(crate) Arc<str>);

impl AdminKey {
    /// The key that `token` is, and who owns it.
    #[must_use]
    pub fn new(owner: impl Into<Arc<str>>, token: &str) -> Self {
        Self {
            owner: owner.into(),
            sha256: sha256(token.as_bytes()),
        }
    }
}

impl fmt::Debug for AdminKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdminKey({})", self.owner)
    }
}

/// The owner of the key that a request presents, if it presents one of ours: as a bearer token
/// (RFC 6750), or as the password of basic authentication (RFC 7617), for browsers.
pub(crate) fn owner(keys: &[AdminKey], headers: &HeaderMap) -> Option<Owner> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return None;
    };
    let (scheme, rest) = field.to_str().ok()?.split_once(' ')?;
    let token = if scheme.eq_ignore_ascii_case("bearer") {
        rest.trim().to_owned()
    } else if scheme.eq_ignore_ascii_case("basic") {
        let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
        pair.split_once(':')?.1.to_owned()
    } else {
        return None;
    };
    let presented = sha256(token.as_bytes());
    // Every key is compared, to its last byte: the time taken tells nothing.
    let mut found = None;
    for key in keys {
        if equal(&key.sha256, &presented) {
            found = Some(Owner(Arc::clone(&key.owner)));
        }
    }
    found
}

fn equal(left: &[u8; 32], right: &[u8; 32]) -> bool {
    left.iter()
        .zip(right)
        .fold(0, |differing, (left, right)| differing | (left ^ right))
        == 0
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    // SHA-256 always yields 32 bytes.
    hash.iter_mut()
        .zip(digest(&SHA256, bytes).as_ref())
        .for_each(|(to, from)| *to = *from);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(field: &str) -> Option<Owner> {
        let keys = [
            AdminKey::new("ann", "token-a"),
            AdminKey::new("bob", "token-b"),
        ];
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, field.parse().unwrap());
        owner(&keys, &headers)
    }

    #[test]
    fn a_key_names_its_owner() {
        assert_eq!(asked("Bearer token-a"), Some(Owner("ann".into())));
        assert_eq!(asked("bearer token-b"), Some(Owner("bob".into())));
        let basic = format!("Basic {}", STANDARD.encode("anyone:token-b"));
        assert_eq!(asked(&basic), Some(Owner("bob".into())));
    }

    #[test]
    fn nothing_else_opens() {
        for field in [
            "Bearer token-c",
            "Bearer ",
            "Bearer",
            "token-a",
            "Basic token-a",
            "Digest a",
        ] {
            assert_eq!(asked(field), None, "{field}");
        }
        assert_eq!(owner(&[AdminKey::new("ann", "a")], &HeaderMap::new()), None);
    }

    #[test]
    fn two_fields_are_no_key() {
        let keys = [AdminKey::new("ann", "token-a")];
        let mut headers = HeaderMap::new();
        headers.append(AUTHORIZATION, "Bearer token-a".parse().unwrap());
        headers.append(AUTHORIZATION, "Bearer other".parse().unwrap());
        assert_eq!(owner(&keys, &headers), None);
    }

    #[test]
    fn debug_shows_the_owner_only() {
        assert_eq!(
            format!("{:?}", AdminKey::new("ann", "token")),
            "AdminKey(ann)"
        );
    }
}
