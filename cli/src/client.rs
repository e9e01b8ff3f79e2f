//! A small HTTP client: for the admin API of a running gateway, and for the sample shop.
//!
//! Identifiers travel in bodies only; an answer's text is shown only where it is a problem document
//! of ours, which echoes no value.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::args::AdminArgs;
use crate::exit::{Blame as _, Exit, Failure};
use crate::keys::Secret;

/// One kept connection.
#[derive(Debug)]
pub(crate) struct Connection {
    authority: String,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// [`Exit::Outside`] if nobody listens there.
    pub(crate) async fn open(authority: &str) -> Result<Self, Failure> {
        let doing = || format!("connecting to {authority}");
        let stream = TcpStream::connect(authority).await.or_outside(doing())?;
        stream.set_nodelay(true).or_outside(doing())?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.or_outside(doing())?;
        // The task ends with the connection; what went wrong is told by the next request.
        tokio::spawn(connection);
        Ok(Self {
            authority: authority.to_owned(),
            sender,
        })
    }

    /// Sends a request and reads the whole answer. `Host` is added.
    ///
    /// # Errors
    /// [`Exit::Outside`] if the connection breaks.
    pub(crate) async fn send(
        &mut self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let doing = "waiting for an answer";
        let host = self.authority.parse().or_malformed("reading the address")?;
        request.headers_mut().insert(HOST, host);
        self.sender.ready().await.or_outside(doing)?;
        let answer = self.sender.send_request(request).await.or_outside(doing)?;
        let status = answer.status();
        let body = answer
            .into_body()
            .collect()
            .await
            .or_outside(doing)?
            .to_bytes();
        Ok((status, body))
    }
}

/// The admin API of a running gateway.
#[derive(Debug)]
pub(crate) struct Admin {
    connection: Connection,
    key: String,
}

impl Admin {
    /// Connects with the key the person named.
    ///
    /// # Errors
    /// [`Exit::Malformed`] for a bad URL or key file, [`Exit::Outside`] if nobody listens there.
    pub(crate) async fn connect(args: &AdminArgs) -> Result<Self, Failure> {
        let authority = authority(&args.admin)?;
        let key = Secret::read(&args.key).or_malformed("reading the admin key")?;
        Self::open(authority, key.token()).await
    }

    /// Connects to `host:port` with a bearer key.
    ///
    /// # Errors
    /// [`Exit::Outside`] if nobody listens there.
    pub(crate) async fn open(authority: &str, key: String) -> Result<Self, Failure> {
        Ok(Self {
            connection: Connection::open(authority).await?,
            key,
        })
    }

    /// Asks, and returns the answer's JSON.
    ///
    /// # Errors
    /// [`Exit::Malformed`] if the gateway says that what was sent is wrong, [`Exit::Outside`] if it
    /// cannot serve.
    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let bytes = body.map(ToString::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {}", self.key))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(bytes)))
            .or_malformed("writing the request")?;
        let (status, body) = self.connection.send(request).await?;
        if status.is_success() {
            return if body.is_empty() {
                Ok(Value::Null)
            } else {
                serde_json::from_slice(&body).or_outside("reading the gateway's answer")
            };
        }
        Err(refused(status, &body))
    }
}

/// `host:port` of an `http://` URL.
fn authority(url: &str) -> Result<&str, Failure> {
    url.strip_prefix("http://")
        .map(|rest| rest.trim_end_matches('/'))
        .filter(|rest| !rest.is_empty() && !rest.contains('/'))
        .ok_or_else(|| {
            Failure::malformed(format!(
                "`--admin {url}` is not the address of an admin listener; \
                 write it like `http://127.0.0.1:8081`"
            ))
        })
}

/// What the gateway says is wrong (RFC 9457).
fn refused(status: StatusCode, body: &[u8]) -> Failure {
    let problem: Value = serde_json::from_slice(body).unwrap_or_default();
    let said = |key: &str| problem.get(key).and_then(Value::as_str);
    let title = said("title").unwrap_or("the gateway refused");
    let message = match said("detail") {
        Some(detail) => format!("{title}: {detail} (HTTP {})", status.as_u16()),
        None => format!("{title} (HTTP {})", status.as_u16()),
    };
    let exit = if status.is_client_error() {
        Exit::Malformed
    } else {
        Exit::Outside
    };
    Failure {
        exit,
        error: anyhow::anyhow!(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_listener_is_an_admin_address() {
        assert_eq!(
            authority("http://127.0.0.1:8081/").unwrap(),
            "127.0.0.1:8081"
        );
        for wrong in [
            "127.0.0.1:8081",
            "https://a.example",
            "http://",
            "http://a/b",
        ] {
            assert_eq!(
                authority(wrong).unwrap_err().exit,
                Exit::Malformed,
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_problem_document_decides_the_exit_code() {
        let body = br#"{"title":"unknown purpose","detail":"did you mean `ads`?"}"#;
        let failure = refused(StatusCode::BAD_REQUEST, body);
        assert_eq!(failure.exit, Exit::Malformed);
        let told = failure.error.to_string();
        assert_eq!(told, "unknown purpose: did you mean `ads`? (HTTP 400)");
        assert_eq!(
            refused(StatusCode::SERVICE_UNAVAILABLE, b"<html>").exit,
            Exit::Outside
        );
    }
}
