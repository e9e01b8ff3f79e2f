//! Keys of edits, and the key from which recipients' message ids come.

use std::collections::BTreeMap;
use std::fmt;

use ring::hmac;

use crate::error::GatewayError;

/// What `cli` read from key files. `Debug` shows names only.
pub struct Keys {
    named: BTreeMap<String, Vec<u8>>,
    message_ids: hmac::Key,
}

impl Keys {
    /// Takes the keys that edits name, and the master key of message ids (32 random bytes).
    #[must_use]
    pub fn new(named: BTreeMap<String, Vec<u8>>, master: &[u8; 32]) -> Self {
        Self {
            named,
            message_ids: hmac::Key::new(hmac::HMAC_SHA256, master),
        }
    }

    /// Whether every key that the policy's edits need is here.
    ///
    /// # Errors
    /// [`GatewayError::Key`], the first that is missing.
    pub fn serve(&self, policy: &policy::Policy) -> Result<(), GatewayError> {
        match policy
            .keys()
            .iter()
            .find(|name| !self.named.contains_key(&***name))
        {
            Some(name) => Err(GatewayError::Key(name.to_string())),
            None => Ok(()),
        }
    }

    /// The message id that a recipient gets: the same for each retry of the client, another one for
    /// each recipient, so that no two of them can join on it. 32 hexadecimal digits.
    pub(crate) fn message_id(&self, recipient: &str, original: &[u8]) -> String {
        let own = hmac::sign(&self.message_ids, recipient.as_bytes());
        let own = hmac::Key::new(hmac::HMAC_SHA256, own.as_ref());
        let tag = hmac::sign(&own, original);
        let half = tag.as_ref().iter().take(16);
        half.map(|byte| format!("{byte:02x}")).collect()
    }
}

impl policy::edit::Keys for Keys {
    fn key(&self, name: &str) -> Option<&[u8]> {
        self.named.get(name).map(Vec::as_slice)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.named.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn a_message_id_is_stable_and_each_recipients_own() {
        let keys = Keys::new(std::collections::BTreeMap::new(), &[7; 32]);
        let id = keys.message_id("Meta Ads", b"m-1");
        assert_eq!(id.len(), 32);
        assert_eq!(id, keys.message_id("Meta Ads", b"m-1"));
        assert_ne!(id, keys.message_id("Mailer", b"m-1"));
        assert_ne!(id, keys.message_id("Meta Ads", b"m-2"));
        let others = Keys::new(std::collections::BTreeMap::new(), &[8; 32]);
        assert_ne!(id, others.message_id("Meta Ads", b"m-1"));
    }
}
