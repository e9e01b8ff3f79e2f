//! Fake marketing tools: real servers on real sockets that take Segment-shaped batches, and look at
//! every byte they are sent for what must never reach them.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::exit::{Blame as _, Failure};

/// A running fake tool.
#[derive(Clone, Debug)]
pub(super) struct Tool {
    /// Its name in the policy.
    pub name: &'static str,
    /// Where it listens.
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

/// What a tool may be sent, and what it waits for.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// Texts that must not be anywhere in a body.
    pub forbidden: BTreeSet<String>,
    /// The only places of a body that may hold something, as `context.ip`.
    pub places: &'static [&'static str],
    /// The event that holds this text is kept, to be shown.
    pub story: Option<String>,
}

#[derive(Debug, Default)]
struct Seen {
    rules: Rules,
    events: u64,
    hits: Vec<String>,
    story: Option<Value>,
}

impl Tool {
    /// Starts a tool on a free port of the loopback interface.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if there is none.
    pub(super) async fn start(name: &'static str, rules: Rules) -> Result<Self, Failure> {
        let doing = "starting a fake marketing tool";
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.or_outside(doing)?;
        let address = listener.local_addr().or_outside(doing)?;
        let seen = Arc::new(Mutex::new(Seen {
            rules,
            ..Seen::default()
        }));
        tokio::spawn(accept(listener, Arc::clone(&seen)));
        Ok(Self {
            name,
            address,
            seen,
        })
    }

    /// How many events it was sent.
    pub(super) fn events(&self) -> u64 {
        lock(&self.seen).events
    }

    /// What it was sent and should not have been: the rule that was broken, never the value.
    pub(super) fn hits(&self) -> Vec<String> {
        lock(&self.seen).hits.clone()
    }

    /// The event of the story, as it arrived.
    pub(super) fn story(&self) -> Option<Value> {
        lock(&self.seen).story.clone()
    }

    /// From now on, this text must not arrive either.
    pub(super) fn forbid(&self, text: String) {
        lock(&self.seen).rules.forbidden.insert(text);
    }
}

impl Seen {
    fn take(&mut self, body: &[u8]) {
        let Ok(text) = std::str::from_utf8(body) else {
            return self.hits.push("a body that is not UTF-8".to_owned());
        };
        // Numbered, not quoted: a forbidden value must not end up on the screen either.
        for (at, _) in self
            .rules
            .forbidden
            .iter()
            .enumerate()
            .filter(|(_, one)| text.contains(*one))
        {
            self.hits.push(format!("forbidden value number {at}"));
        }
        let Ok(parsed) = serde_json::from_str::<Value>(text) else {
            return self.hits.push("a body that is not JSON".to_owned());
        };
        let events = parsed.get("batch").and_then(Value::as_array).cloned();
        for event in events.unwrap_or_else(|| vec![parsed]) {
            self.events += 1;
            let mut unlisted = Vec::new();
            leaves(&event, "", &mut |place| {
                if !self.rules.places.contains(&place) {
                    unlisted.push(format!("something at `{place}`, which no clause lists"));
                }
            });
            self.hits.append(&mut unlisted);
            let told = self.rules.story.as_ref().is_some_and(|mark| {
                self.story.is_none() && event.to_string().contains(mark.as_str())
            });
            if told {
                self.story = Some(event);
            }
        }
    }
}

/// Names every place of a value that holds something.
fn leaves(value: &Value, place: &str, tell: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let below = if place.is_empty() {
                    name.clone()
                } else {
                    format!("{place}.{name}")
                };
                leaves(value, &below, tell);
            }
        }
        Value::Array(items) => {
            for item in items {
                leaves(item, &format!("{place}[]"), tell);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => tell(place),
    }
}

async fn accept(listener: TcpListener, seen: Arc<Mutex<Seen>>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let seen = Arc::clone(&seen);
        let service = service_fn(move |request| answer(request, Arc::clone(&seen)));
        tokio::spawn(async move {
            let io = TokioIo::new(stream);
            // A connection that breaks is the gateway's to notice and to mend.
            drop(
                http1::Builder::new()
                    .timer(TokioTimer::new())
                    .serve_connection(io, service)
                    .await,
            );
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    seen: Arc<Mutex<Seen>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match request.into_body().collect().await {
        Ok(body) => {
            lock(&seen).take(&body.to_bytes());
            (StatusCode::OK, r#"{"success":true}"#)
        }
        Err(_) => (StatusCode::BAD_REQUEST, r#"{"success":false}"#),
    };
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    let json = hyper::header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}

/// A task that panicked while it held the lock left at worst an event uncounted.
fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(body: &str) -> Seen {
        let rules = Rules {
            forbidden: BTreeSet::from(["asthma".to_owned()]),
            places: &["type", "context.ip", "items[]"],
            story: Some("203.0.113.0".to_owned()),
        };
        let mut seen = Seen {
            rules,
            ..Seen::default()
        };
        seen.take(body.as_bytes());
        seen
    }

    #[test]
    fn what_is_listed_passes_and_is_counted() {
        let seen =
            seen(r#"{"batch":[{"type":"track","context":{"ip":"203.0.113.0"}},{"items":[1]}]}"#);
        assert_eq!((seen.events, seen.hits.len()), (2, 0), "{:?}", seen.hits);
        assert!(seen.story.is_some());
    }

    #[test]
    fn forbidden_values_and_unlisted_places_are_hits_and_are_not_shown() {
        for body in [
            r#"{"batch":[{"type":"asthma"}]}"#,
            r#"{"batch":[{"asthma":{}}]}"#,
            r#"{"batch":[{"other":1}]}"#,
            "not json",
        ] {
            let seen = seen(body);
            assert!(!seen.hits.is_empty(), "{body}");
            assert!(!seen.hits.concat().contains("asthma"), "{body}");
        }
    }
}
