//! Connections of clients: one hyper server each, within limits and times of our own.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, TRANSFER_ENCODING};
use http::{HeaderValue, Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::answer::{self, Answered};
use crate::gateway::Shared;
use crate::ingest;
use raw::{Heads, Inward};

mod raw;
mod shape;

/// How long connections may go on after the gateway was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Accepts connections until told to stop, and waits for those that are open.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
) {
    let connections_max = shared.config.limits.connections;
    let seats = Arc::new(Semaphore::new(connections_max));
    loop {
        // Without a seat nothing is accepted: the kernel's queue is the first back-pressure.
        let seat = tokio::select! {
            seat = Arc::clone(&seats).acquire_owned() => seat,
            _ = stop.changed() => break,
        };
        let Ok(seat) = seat else {
            break;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, or the client is gone already.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (shared, stop) = (Arc::clone(&shared), stop.clone());
        tokio::spawn(async move {
            connection(shared, stream, stop).await;
            drop(seat);
        });
    }
    drop(listener);
    let all = u32::try_from(connections_max).unwrap_or(u32::MAX);
    drop(tokio::time::timeout(GRACE, seats.acquire_many(all)).await);
}

async fn connection(shared: Arc<Shared>, stream: TcpStream, mut stop: watch::Receiver<bool>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let limits = &shared.config.limits;
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head_bytes)
        .max_headers(limits.headers)
        .keep_alive(true);
    let (stream, heads) = Inward::new(stream);
    let service = service_fn(|request| one(Arc::clone(&shared), heads.clone(), request));
    let connection = server.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        // What is wrong with the client's bytes, never the bytes.
        tracing::debug!(
            parse = error.is_parse(),
            timeout = error.is_timeout(),
            incomplete = error.is_incomplete_message(),
            "a connection ended early"
        );
    }
}

async fn one(
    shared: Arc<Shared>,
    heads: Heads,
    request: Request<Incoming>,
) -> Result<Answered, Infallible> {
    let has_coding = request.headers().contains_key(TRANSFER_ENCODING);
    let checked = if heads.next_is_plain(request.headers()) {
        shape::check(&request, &shared.config.limits)
    } else {
        Err(StatusCode::BAD_REQUEST)
    };
    let mut answered = match checked {
        Ok(()) => ingest::serve(&shared, request).await,
        Err(status) => answer::close(status),
    };
    if has_coding {
        // Where a chunked body ends only hyper knows, and so where the next head would begin.
        let close = HeaderValue::from_static("close");
        answered.headers_mut().insert(CONNECTION, close);
    }
    shared.counters.answered(answered.status().as_u16());
    Ok(answered)
}
