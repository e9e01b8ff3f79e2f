//! The shop's traffic: Segment-shaped requests over real connections, one event or many, plain or
//! gzip, with `Sec-GPC` where the browser sends it.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::Full;
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};

use super::random::Random;
use super::shop::{Event, Shop};
use crate::client::Connection;
use crate::exit::{Blame as _, Failure};

/// The shop's end of the wire.
#[derive(Debug)]
pub(super) struct Traffic {
    connection: Connection,
    authorization: String,
    random: Random,
    held: Vec<Value>,
    batch: usize,
}

/// How events go out together.
const BATCHES: [usize; 4] = [4, 8, 12, 20];

impl Traffic {
    /// Connects with a write key.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside).
    pub(super) async fn open(authority: &str, key: &str, seed: u64) -> Result<Self, Failure> {
        // Segment's SDKs send the write key as the name, and no password.
        let authorization = format!("Basic {}", STANDARD.encode(format!("{key}:")));
        Ok(Self {
            connection: Connection::open(authority).await?,
            authorization,
            random: Random::new(seed),
            held: Vec::new(),
            batch: 8,
        })
    }

    /// Sends the next event of the shop: alone, or with the batch it waits for.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if the gateway does not answer as Segment
    /// does.
    pub(super) async fn next(&mut self, shop: &mut Shop, now_ms: i64) -> Result<(), Failure> {
        let Event { gpc, body } = shop.event(now_ms);
        if gpc || self.random.percent(15) {
            return self.post("/v1/track", &body, gpc, false).await;
        }
        self.held.push(body);
        if self.held.len() < self.batch {
            return Ok(());
        }
        self.flush().await
    }

    /// Sends one event by itself.
    ///
    /// # Errors
    /// As [`Traffic::next`].
    pub(super) async fn alone(&mut self, body: &Value) -> Result<(), Failure> {
        self.post("/v1/track", body, false, false).await
    }

    /// Sends what waits for its batch.
    ///
    /// # Errors
    /// As [`Traffic::next`].
    pub(super) async fn flush(&mut self) -> Result<(), Failure> {
        if self.held.is_empty() {
            return Ok(());
        }
        let batch = json!({ "batch": std::mem::take(&mut self.held) });
        self.batch = self.random.pick(&BATCHES).copied().unwrap_or(8);
        let gzip = self.random.percent(50);
        self.post("/v1/batch", &batch, false, gzip).await
    }

    async fn post(
        &mut self,
        path: &str,
        body: &Value,
        gpc: bool,
        gzip: bool,
    ) -> Result<(), Failure> {
        let text = body.to_string();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(AUTHORIZATION, &self.authorization)
            .header(CONTENT_TYPE, "application/json");
        if gpc {
            request = request.header("sec-gpc", "1");
        }
        let bytes = if gzip {
            request = request.header(CONTENT_ENCODING, "gzip");
            packed(text.as_bytes()).or_outside("packing a batch")?
        } else {
            text.into_bytes()
        };
        let request = request
            .body(Full::new(Bytes::from(bytes)))
            .or_outside("writing a request")?;
        let (status, _) = self.connection.send(request).await?;
        if status == StatusCode::OK {
            return Ok(());
        }
        Err(Failure::outside(format!(
            "the gateway answered the shop with HTTP {}",
            status.as_u16()
        )))
    }
}

fn packed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}
