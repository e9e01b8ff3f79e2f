//! Addresses of recipients, as they are written: `http://host[:port]/path`.

use thiserror::Error;

/// A recipient's address, taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Upstream {
    /// The host, in lower case.
    pub host: String,
    /// The port; 80 unless stated.
    pub port: u16,
    /// The path, beginning with `/`; no query, because a query would end up in logs.
    pub path: String,
}

/// Why a text is not the address of a recipient.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpstreamError {
    /// It asks for TLS.
    #[error("`https` is not spoken yet")]
    Https,
    /// It is not of the form `http://host[:port]/path`.
    #[error("this is not of the form `http://host[:port]/path`")]
    Form,
}

impl Upstream {
    /// Takes an address apart.
    ///
    /// # Errors
    /// [`UpstreamError`].
    pub fn parse(text: &str) -> Result<Self, UpstreamError> {
        if text
            .get(..8)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
        {
            return Err(UpstreamError::Https);
        }
        let rest = text.strip_prefix("http://").ok_or(UpstreamError::Form)?;
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| UpstreamError::Form)?),
            None => (authority, 80),
        };
        let is_host = !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        let is_path = path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"?#\"\\".contains(&byte));
        if !is_host || !is_path {
            return Err(UpstreamError::Form);
        }
        Ok(Self {
            host: host.to_ascii_lowercase(),
            port,
            path: path.to_owned(),
        })
    }

    /// What the `Host` field says.
    #[must_use]
    pub fn authority(&self) -> String {
        match self.port {
            80 => self.host.clone(),
            port => format!("{}:{port}", self.host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Upstream, UpstreamError};

    #[test]
    fn an_address_is_taken_apart() {
        let upstream = Upstream::parse("http://Ads.Example:8080/v1/batch").unwrap();
        assert_eq!(upstream.authority(), "ads.example:8080");
        assert_eq!(upstream.path, "/v1/batch");
        assert_eq!(Upstream::parse("http://ads.example").unwrap().path, "/");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(
            Upstream::parse("https://ads.example/"),
            Err(UpstreamError::Https)
        );
        for text in [
            "ads.example",
            "http://",
            "http://u@h/",
            "http://h:x/",
            "http://h/?k=1",
        ] {
            assert_eq!(Upstream::parse(text), Err(UpstreamError::Form), "{text}");
        }
    }
}
