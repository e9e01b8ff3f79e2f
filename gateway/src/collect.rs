//! The whole body, or nothing: read within limits and times of our own, gzip undone.
//!
//! hyper has no timeout for bodies, and reports a broken body only to who reads it. Until the last
//! byte is here, nothing is decided.

use std::io::Read;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use flate2::bufread::GzDecoder;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, timeout_at};

use crate::config::Limits;

/// Why there is no body to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CollectFault {
    /// It is longer than the limit, as it came or expanded.
    TooLarge,
    /// It took too long, or came too slowly.
    TooSlow,
    /// The connection broke, or the framing is wrong.
    Broken,
    /// It begins like gzip and is not one gzip member.
    NotGzip,
}

/// Reads a body to its end.
///
/// # Errors
/// [`CollectFault`], never a part of the body.
pub(crate) async fn read(mut body: Incoming, limits: &Limits) -> Result<Bytes, CollectFault> {
    let announced = body.size_hint().lower();
    let mut is_too_large = announced > limits.body_bytes as u64;
    let pace = Pace::begin(limits);
    let mut bytes = BytesMut::new();
    let mut read = 0;
    loop {
        let frame = match timeout_at(pace.due(read), body.frame()).await {
            Err(_) if is_too_large => return Err(CollectFault::TooLarge),
            Err(_) => return Err(CollectFault::TooSlow),
            Ok(None) if is_too_large => return Err(CollectFault::TooLarge),
            Ok(None) => return Ok(bytes.freeze()),
            Ok(Some(Err(_))) => return Err(CollectFault::Broken),
            Ok(Some(Ok(frame))) => frame,
        };
        // Trailers are read over: nothing is taken from them.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        read += data.len();
        is_too_large |= read > limits.body_bytes;
        // A client that is still writing sees a reset instead of the answer, so a little more is
        // read and thrown away.
        if read > limits.body_bytes.saturating_mul(2) {
            return Err(CollectFault::TooLarge);
        }
        if is_too_large {
            bytes.clear();
        } else {
            bytes.extend_from_slice(&data);
        }
    }
}

/// How many bytes to set aside for a body before it is read: what it announces, with room for what
/// is made of it, or else as much as it may have.
pub(crate) fn room(body: &Incoming, limits: &Limits) -> u32 {
    let announced = body
        .size_hint()
        .exact()
        .and_then(|bytes| usize::try_from(bytes).ok());
    let room = announced.map_or(limits.body_bytes, |bytes| {
        bytes.saturating_mul(4).max(4 << 10)
    });
    u32::try_from(room.min(limits.body_bytes)).unwrap_or(u32::MAX)
}

/// By when the next bytes must be here.
struct Pace {
    begun: Instant,
    grace: Duration,
    whole: Duration,
    rate_min: usize,
}

impl Pace {
    fn begin(limits: &Limits) -> Self {
        Self {
            begun: Instant::now(),
            grace: limits.rate_grace,
            whole: limits.body_time,
            rate_min: limits.rate_min.max(1),
        }
    }

    fn due(&self, read: usize) -> Instant {
        let earned_ms = (read as u64).saturating_mul(1000) / self.rate_min as u64;
        let by_rate = self.grace.saturating_add(Duration::from_millis(earned_ms));
        self.begun + by_rate.min(self.whole)
    }
}

/// Undoes gzip where the bytes begin like it, whatever the header fields say.
///
/// # Errors
/// [`CollectFault::TooLarge`] past the limit or the ratio, [`CollectFault::NotGzip`].
pub(crate) fn expand(body: Bytes, limits: &Limits) -> Result<Bytes, CollectFault> {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    if !body.starts_with(GZIP) {
        return Ok(body);
    }
    let cap = limits
        .body_bytes
        .min(body.len().saturating_mul(limits.expansion));
    let mut decoder = GzDecoder::new(&*body);
    let mut expanded = Vec::with_capacity(body.len().saturating_mul(4).min(cap));
    // One byte more than allowed tells "too large" from "just fits".
    let mut within = (&mut decoder).take(cap as u64 + 1);
    within
        .read_to_end(&mut expanded)
        .map_err(|_| CollectFault::NotGzip)?;
    if expanded.len() > cap {
        return Err(CollectFault::TooLarge);
    }
    // A second member, or anything else behind the first, would be read by some and not by others.
    if !decoder.into_inner().is_empty() {
        return Err(CollectFault::NotGzip);
    }
    Ok(expanded.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use bytes::Bytes;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::{CollectFault, expand};
    use crate::config::Limits;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn expanded(bytes: Vec<u8>) -> Result<Bytes, CollectFault> {
        expand(bytes.into(), &Limits::default())
    }

    #[test]
    fn gzip_is_undone_and_plain_text_is_left_alone() {
        assert_eq!(expanded(gzip(b"{\"a\":1}")).unwrap(), "{\"a\":1}");
        assert_eq!(expanded(b"{}".to_vec()).unwrap(), "{}");
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = gzip(&vec![b' '; 512 << 10]);
        assert!(bomb.len() * 100 < 512 << 10);
        assert_eq!(expanded(bomb), Err(CollectFault::TooLarge));
        let mut state = 1_u64;
        let noise = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state.to_be_bytes()
        });
        let noise: Vec<u8> = noise.take(256 << 10).flatten().collect();
        let large = gzip(&noise);
        assert_eq!(expanded(large), Err(CollectFault::TooLarge));
    }

    #[test]
    fn what_is_not_exactly_one_member_is_refused() {
        let mut two = gzip(b"{}");
        two.extend(gzip(b"{}"));
        assert_eq!(expanded(two), Err(CollectFault::NotGzip));
        let mut cut = gzip(b"{\"a\":1}");
        cut.truncate(cut.len() - 3);
        assert_eq!(expanded(cut), Err(CollectFault::NotGzip));
        let mut wrong = gzip(b"{\"a\":1}");
        let last = wrong.len() - 6;
        wrong[last] ^= 1;
        assert_eq!(expanded(wrong), Err(CollectFault::NotGzip));
    }
}
