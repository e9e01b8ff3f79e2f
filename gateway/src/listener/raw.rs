//! Heads as they came over the wire: hyper mends some shapes before anybody sees them.
//!
//! It drops `Content-Length` beside `Transfer-Encoding` (RFC 9112 section 6.3 lets it), takes lines
//! that end in a bare LF, and cuts a fragment off the target. A server before us may have read such
//! a request otherwise, so it is not served. Bodies are counted over here, never kept.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A client's socket, in the hands of hyper.
pub(super) struct Inward {
    stream: TcpStream,
    heads: Heads,
}

/// The heads that were read from a socket, one after the other.
#[derive(Clone, Default)]
pub(super) struct Heads(Arc<Mutex<Window>>);

#[derive(Default)]
struct Window {
    /// What came since the last request's end: no more than hyper itself holds for a head.
    bytes: Vec<u8>,
    /// Bytes of the last request's body that are still to come.
    body: u64,
}

impl Inward {
    pub(super) fn new(stream: TcpStream) -> (Self, Heads) {
        let heads = Heads::default();
        let inward = Self {
            stream,
            heads: heads.clone(),
        };
        (inward, heads)
    }
}

impl Heads {
    /// Goes on to the next request, the one that hyper parsed last, and says whether its head can
    /// be read in one way only. After one without a `Content-Length` the connection must not go on,
    /// unless it had no body: where it ends is not followed here.
    pub(super) fn next_is_plain(&self, headers: &HeaderMap) -> bool {
        let mut window = self.window();
        let Some(head) = window.take_head() else {
            return false;
        };
        let length = headers.get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        window.take_body(length.unwrap_or(0));
        is_plain(&head)
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Window {
    fn read(&mut self, bytes: &[u8]) {
        let of_body = usize::try_from(self.body).map_or(bytes.len(), |body| body.min(bytes.len()));
        self.body = self.body.saturating_sub(of_body as u64);
        self.bytes.extend(bytes.iter().skip(of_body));
    }

    fn take_head(&mut self) -> Option<Vec<u8>> {
        // Empty lines before a request are read over (RFC 9112 section 2.2).
        let blank = self.bytes.iter().take_while(|byte| b"\r\n".contains(byte));
        let blank = blank.count();
        self.bytes.drain(..blank);
        let mut fours = self.bytes.windows(4);
        let end = fours.position(|four| four == b"\r\n\r\n")?;
        Some(self.bytes.drain(..end + 4).collect())
    }

    fn take_body(&mut self, length: u64) {
        let ahead = std::mem::take(&mut self.bytes);
        self.body = length;
        self.read(&ahead);
    }
}

fn is_plain(head: &[u8]) -> bool {
    let has_bare_lf = head
        .windows(2)
        .any(|two| matches!(two, [before, b'\n'] if *before != b'\r'));
    let mut lines = head.split(|byte| *byte == b'\n');
    let has_fragment = lines.next().is_some_and(|line| line.contains(&b'#'));
    let (mut has_length, mut has_coding) = (false, false);
    for line in lines {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        has_length |= name.eq_ignore_ascii_case(b"content-length");
        has_coding |= name.eq_ignore_ascii_case(b"transfer-encoding");
    }
    !(has_bare_lf || has_fragment || has_length && has_coding)
}

impl AsyncRead for Inward {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        let new = into.filled().get(before..).unwrap_or_default();
        self.heads.window().read(new);
        read
    }
}

impl AsyncWrite for Inward {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::CONTENT_LENGTH;

    use super::{Heads, is_plain};

    #[test]
    fn what_hyper_would_mend_is_not_plain() {
        let plain = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n";
        assert!(is_plain(plain.as_bytes()));
        assert!(is_plain(
            plain.replace("content-length", "x-length").as_bytes()
        ));
        for odd in [
            plain.replace("host", "Transfer-Encoding: chunked\r\nhost"),
            plain.replace("\r\n\r\n", "\r\ntransfer-encoding:chunked\r\n\r\n"),
            plain.replace("host: a\r\n", "host: a\n"),
            plain.replace(" / ", " /#x "),
        ] {
            assert!(!is_plain(odd.as_bytes()), "{odd:?}");
        }
    }

    #[test]
    fn each_request_is_judged_by_its_own_head_however_it_comes() {
        let good = b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nte: x#\n\n\n";
        let odd = b"\r\nGET /#x HTTP/1.1\r\n\r\n";
        let all = [&good[..], good, odd, good].concat();
        let mut with_body = HeaderMap::new();
        with_body.insert(CONTENT_LENGTH, "9".parse().unwrap());
        for step in 1..all.len() {
            let heads = Heads::default();
            let mut verdicts = Vec::new();
            let mut unread = all.chunks(step);
            // As hyper: it reads until a head is whole, and calls.
            for headers in [&with_body, &with_body, &HeaderMap::new(), &with_body] {
                while !heads.window().bytes.windows(4).any(|it| it == b"\r\n\r\n") {
                    heads.window().read(unread.next().unwrap());
                }
                verdicts.push(heads.next_is_plain(headers));
            }
            assert_eq!(verdicts, [true, true, false, true], "{step}");
        }
    }
}
