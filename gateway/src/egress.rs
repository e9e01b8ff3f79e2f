//! The way out: requests built from scratch, over one connection a recipient.
//!
//! [`Egress::send`] takes [`ledger::Released`] and nothing else, so that no body leaves which is
//! not recorded and was not decided again. Nothing of the client's request is copied here: method,
//! path, fields and framing are ours. What a recipient answers is read for its status and thrown
//! away.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use ledger::Released;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use crate::config::{Format, Secret, Upstream};
use crate::sanitize::Sanitized;
use wire::{Outward, Watch};

#[cfg(test)]
mod tests;
mod wire;

/// The most of a recipient's answer that is read, in bytes, to keep its connection.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// Where a recipient is.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Its address as the policy knows it.
    pub upstream: Upstream,
    /// Overrides the address to connect to, and only that.
    pub connect: Option<SocketAddr>,
    /// Our own key there.
    pub write_key: Option<Secret>,
    /// What it is spoken to in.
    pub format: Format,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The recipient took it.
    Taken,
    /// It may take the same later; not before this time has passed, if it said so.
    Later(Option<Duration>),
    /// It will never take this.
    Never,
}

/// A recipient's connection, opened when it is needed.
#[derive(Debug, Default)]
pub struct Egress {
    line: Option<Line>,
}

/// An open connection. Dropping it closes it, whatever is under way.
#[derive(Debug)]
struct Line {
    target: Arc<Target>,
    sender: SendRequest<Full<Bytes>>,
    watch: Watch,
    task: JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Egress {
    /// Sends events in one request and waits so long for the answer; after that the connection is
    /// dropped, so that nothing of it is under way once this returns.
    pub async fn send(
        &mut self,
        target: &Arc<Target>,
        events: &[Released<Sanitized>],
        patience: Duration,
    ) -> Sent {
        let bodies: Vec<&[u8]> = events.iter().map(|event| event.body()).collect();
        self.post(target, target.format.wire().join(&bodies).into(), patience)
            .await
    }

    /// Sends bytes that nobody decided about. Exists so that tests can be seen to fail.
    #[cfg(feature = "controls")]
    pub(crate) async fn send_undecided(
        &mut self,
        target: &Arc<Target>,
        body: &[u8],
        patience: Duration,
    ) {
        let body = target.format.wire().join(&[body]);
        self.post(target, body.into(), patience).await;
    }

    async fn post(&mut self, target: &Arc<Target>, body: Bytes, patience: Duration) -> Sent {
        let due = Instant::now() + patience;
        // Whoever waited for this send has stopped waiting: a withdrawal may be acknowledged.
        if patience.is_zero() {
            return Sent::Later(None);
        }
        let Some(request) = request(target, body) else {
            return Sent::Never;
        };
        let open = self.line.take();
        let line = match open.filter(|line| line.target == *target && !line.sender.is_closed()) {
            Some(line) => Some(line),
            None => timeout_at(due, connect(target)).await.ok().flatten(),
        };
        let Some(mut line) = line else {
            return Sent::Later(None);
        };
        let mut sent = Sent::Later(None);
        let is_over = timeout_at(due, line.exchange(request, &mut sent)).await;
        if matches!(is_over, Ok(true)) && line.watch.is_all_written() {
            self.line = Some(line);
        } else {
            line.cut().await;
        }
        sent
    }
}

impl Line {
    /// Sends one request. Notes the verdict as soon as it is there; says whether the answer was
    /// read to its end, so that the connection is good for another request.
    async fn exchange(&mut self, request: Request<Full<Bytes>>, sent: &mut Sent) -> bool {
        if self.sender.ready().await.is_err() {
            return false;
        }
        let Ok(response) = self.sender.send_request(request).await else {
            return false;
        };
        *sent = judge(&response);
        let answer = Limited::new(response.into_body(), ANSWER_BYTES_MAX);
        answer.collect().await.is_ok()
    }

    /// Resets the connection. When this returns, nothing more leaves: neither from us, nor out of
    /// what the kernel still held because the recipient was not reading.
    async fn cut(mut self) {
        self.watch.cut();
        self.task.abort();
        // Aborting only asks; the task may be writing at this very moment.
        drop((&mut self.task).await);
    }
}

async fn connect(target: &Arc<Target>) -> Option<Line> {
    let stream = match target.connect {
        Some(address) => TcpStream::connect(address).await,
        None => TcpStream::connect((target.upstream.host.as_str(), target.upstream.port)).await,
    };
    let stream = stream.ok()?;
    stream.set_nodelay(true).ok()?;
    let (stream, watch) = Outward::new(stream);
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    // Errors of the connection reach the request that waits on it; their text may quote the
    // recipient.
    let task = tokio::spawn(async move { drop(connection.await) });
    Some(Line {
        target: Arc::clone(target),
        sender,
        watch,
        task,
    })
}

/// `None` only where a name in the configuration cannot stand in a header field.
fn request(target: &Target, body: Bytes) -> Option<Request<Full<Bytes>>> {
    let request = Request::post(&target.upstream.path)
        .header(HOST, target.upstream.authority())
        .header(USER_AGENT, "sluice")
        .header(CONTENT_TYPE, "application/json");
    let request = match &target.write_key {
        None => request,
        Some(key) => {
            let value = target.format.wire().authorization(key.expose());
            let mut value = HeaderValue::try_from(value).ok()?;
            value.set_sensitive(true);
            request.header(AUTHORIZATION, value)
        }
    };
    request.body(Full::new(body)).ok()
}

fn judge(response: &Response<Incoming>) -> Sent {
    let status = response.status();
    if status.is_success() {
        return Sent::Taken;
    }
    let may_pass_later = status.is_server_error()
        || status.is_informational()
        || [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::TOO_EARLY,
            StatusCode::TOO_MANY_REQUESTS,
            // A wrong key or address of ours is mended by our operators, not by losing events.
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::NOT_FOUND,
        ]
        .contains(&status)
        || status.is_redirection();
    if !may_pass_later {
        return Sent::Never;
    }
    let after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    Sent::Later(
        after
            .and_then(|text| text.trim().parse().ok())
            .map(Duration::from_secs),
    )
}
