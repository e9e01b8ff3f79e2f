//! A connection to a recipient that can be cut, and that knows whether all was written.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The socket, in the hands of hyper.
pub(super) struct Outward {
    stream: TcpStream,
    watch: Watch,
}

/// What is known of a socket that is in the hands of hyper.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch(Arc<Flags>);

#[derive(Debug, Default)]
struct Flags {
    /// hyper flushes when it holds nothing more, and only then.
    unflushed: AtomicBool,
    cut: AtomicBool,
}

impl Watch {
    /// Whether the kernel has all of what was sent. A recipient may answer before that: what
    /// follows then would still be under way.
    pub(super) fn is_all_written(&self) -> bool {
        !self.0.unflushed.load(Ordering::Acquire)
    }

    /// Says that the connection is to be reset when it is dropped.
    pub(super) fn cut(&self) {
        self.0.cut.store(true, Ordering::Release);
    }
}

impl Outward {
    pub(super) fn new(stream: TcpStream) -> (Self, Watch) {
        let watch = Watch::default();
        let outward = Self {
            stream,
            watch: watch.clone(),
        };
        (outward, watch)
    }

    /// Also where the kernel takes nothing now: then hyper holds it.
    fn note_unflushed(&self) {
        self.watch.0.unflushed.store(true, Ordering::Release);
    }
}

impl Drop for Outward {
    /// Closing alone would let the kernel go on sending what it holds; a reset throws it away.
    fn drop(&mut self) {
        if self.watch.0.cut.load(Ordering::Acquire) {
            // Should that fail, the socket is not connected, and nothing is under way.
            drop(self.stream.set_zero_linger());
        }
    }
}

impl AsyncRead for Outward {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Outward {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.note_unflushed();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.note_unflushed();
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if let Poll::Ready(Ok(())) = flushed {
            self.watch.0.unflushed.store(false, Ordering::Release);
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
