//! One request's journey: collect, judge each event, record all at once, answer, hand over.
//!
//! Clients resend what was answered with 5xx, or not at all. It is decided and recorded again, and goes
//! out under the same message id, by which a recipient knows it; nothing is remembered for that here.
//!
//! From the whole body on, the journey is a task of its own: hyper drops a handler when its client
//! leaves, and a request must not end half way.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Request};
use hyper::body::Incoming;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::answer::{Answered, say};
use crate::collect::{self, CollectFault};
use crate::config::{Format, KeyDigest, Limits, Route};
use crate::formats::{Endpoint, Said};
use crate::gateway::Shared;
use crate::hear;

pub(crate) use judge::Judged;

mod judge;
mod keep;
mod row;

/// Everything about a request but its body.
#[derive(Debug)]
pub(crate) struct Head {
    format: Format,
    endpoint: Endpoint,
    /// Routes at this path; which one it is, the write key says.
    routes: Vec<usize>,
    key: Option<KeyDigest>,
    said: hear::Said,
}

/// Serves one request.
pub(crate) async fn serve(shared: &Arc<Shared>, request: Request<Incoming>) -> Answered {
    let (parts, body) = request.into_parts();
    let Some(head) = Head::of(
        &shared.config.routes,
        parts.uri.path(),
        &parts.headers,
        &parts.uri,
    ) else {
        return say(Format::Json, Said::NotFound);
    };
    let format = head.format;
    if parts.method != Method::POST {
        return say(format, Said::NotPosted);
    }
    let limits = head.limits(&shared.config.limits);
    let Some(room) = room(shared, &body, &limits).await else {
        return say(format, Said::Busy);
    };
    let body = match collect::read(body, &limits).await {
        Ok(body) => body,
        Err(fault) => return say(format, fault.said()),
    };
    let task = tokio::spawn(journey(Arc::clone(shared), head, body, limits, room));
    // A journey that panicked has recorded nothing that was acknowledged.
    task.await.unwrap_or_else(|_| say(format, Said::Busy))
}

async fn journey(
    shared: Arc<Shared>,
    head: Head,
    body: Bytes,
    limits: Limits,
    room: OwnedSemaphorePermit,
) -> Answered {
    let _ingesting = shared.ingesting.one();
    let format = head.format;
    let plan = shared.plan();
    let judged = collect::expand(body, &limits)
        .map_err(CollectFault::said)
        .and_then(|body| judge::body(&shared, &plan, &head, &body, &limits));
    let judged = match judged {
        Ok(judged) => judged,
        #[cfg(feature = "controls")]
        Err(said) if shared.controls.leak_error.is_on() => {
            return crate::controls::leaky(say(format, said), &shared);
        }
        Err(said) => return say(format, said),
    };
    let answered = finish(&shared, judged, format).await;
    drop(room);
    answered
}

/// Records, counts and hands over; only then is the client told.
async fn finish(shared: &Arc<Shared>, judged: Judged, format: Format) -> Answered {
    #[cfg(feature = "controls")]
    let planted = judged.planted.clone();
    #[cfg(feature = "controls")]
    crate::controls::send_before_record(shared, &judged).await;
    let said = match keep::record(shared, judged).await {
        Ok(()) => Said::Accepted,
        Err(error) => {
            // The text of the ledger's errors names tables and files, never values.
            tracing::warn!(%error, "a request could not be recorded and was turned away");
            Said::Busy
        }
    };
    let answered = say(format, said);
    #[cfg(feature = "controls")]
    let answered = crate::controls::planted_answer(shared, &planted, answered);
    answered
}

/// Waits a little for room; first reading stops, then requests are turned away.
async fn room(shared: &Shared, body: &Incoming, limits: &Limits) -> Option<OwnedSemaphorePermit> {
    let room = Arc::clone(&shared.room).acquire_many_owned(collect::room(body, limits));
    timeout(limits.room_wait, room).await.ok()?.ok()
}

impl Head {
    /// Finds the routes with the longest path that serve this one.
    fn of(routes: &[Route], path: &str, headers: &HeaderMap, uri: &http::Uri) -> Option<Self> {
        let serving = routes.iter().enumerate().filter_map(|(index, route)| {
            let rest = path.strip_prefix(route.path.trim_end_matches('/'))?;
            let endpoint = route.format.wire().endpoint(rest)?;
            Some((index, route, endpoint))
        });
        let serving: Vec<_> = serving.collect();
        let (_, first, endpoint) = serving
            .iter()
            .max_by_key(|(_, route, _)| route.path.len())?;
        let same = serving
            .iter()
            .filter(|(_, route, _)| route.path == first.path);
        Some(Self {
            format: first.format,
            endpoint: *endpoint,
            routes: same.map(|(index, _, _)| *index).collect(),
            key: presented_key(headers),
            said: hear::Said::of(headers, uri),
        })
    }

    /// Ours, or the protocol's where that is tighter.
    fn limits(&self, ours: &Limits) -> Limits {
        let body_bytes = ours.body_bytes.min(self.format.wire().limits().body_bytes);
        Limits {
            body_bytes,
            ..ours.clone()
        }
    }

    /// The route that takes a key; one without keys takes any.
    fn route<'r>(&self, routes: &'r [Route], key: Option<KeyDigest>) -> Option<&'r Route> {
        let mut here = self.routes.iter().filter_map(|index| routes.get(*index));
        here.find(|route| {
            route.write_keys.is_empty() || key.is_some_and(|key| route.write_keys.contains(&key))
        })
    }
}

/// The key in `Authorization`: the user of Basic, or a Bearer token.
fn presented_key(headers: &HeaderMap) -> Option<KeyDigest> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(KeyDigest::of(value.trim().as_bytes()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = STANDARD.decode(value.trim()).ok()?;
    pair.split(|byte| *byte == b':').next().map(KeyDigest::of)
}

impl CollectFault {
    fn said(self) -> Said {
        match self {
            Self::TooLarge => Said::TooLarge,
            Self::TooSlow => Said::TooSlow,
            Self::Broken | Self::NotGzip => Said::Malformed,
        }
    }
}

#[cfg(test)]
mod tests;
