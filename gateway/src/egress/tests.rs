use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Egress, Sent, Target};
use crate::config::{Format, Upstream};

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(20);
/// More than the kernel takes on a loopback connection of which nobody reads.
const LARGE: usize = 16 << 20;

async fn recipient() -> (TcpListener, Arc<Target>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = Target {
        upstream: Upstream::parse("http://ads.example/v1/batch").unwrap(),
        connect: Some(listener.local_addr().unwrap()),
        write_key: None,
        format: Format::Segment,
    };
    (listener, Arc::new(target))
}

fn body(bytes: usize) -> Bytes {
    vec![b' '; bytes].into()
}

/// Reads to the end; says how much there was, and whether the end was a reset.
async fn drained(stream: &mut TcpStream) -> (usize, bool) {
    let mut chunk = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        match stream.read(&mut chunk).await {
            Ok(0) => return (bytes, false),
            Ok(read) => bytes += read,
            Err(error) => return (bytes, error.kind() == ErrorKind::ConnectionReset),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_that_does_not_read_is_cut_off_and_gets_no_later_byte() {
    let (listener, target) = recipient().await;
    let mut egress = Egress::default();
    let sent = egress.post(&target, body(LARGE), SHORT).await;
    assert_eq!(sent, Sent::Later(None));
    assert!(egress.line.is_none());
    let (mut stream, _) = listener.accept().await.unwrap();
    let (bytes, was_reset) = drained(&mut stream).await;
    assert!(was_reset, "a plain close lets the kernel go on sending");
    assert!(bytes < LARGE, "{bytes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_yet_sent_when_the_answer_comes_is_not_sent_later() {
    let (listener, target) = recipient().await;
    let hasty = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // The head and a little, and 200 at once.
        let mut chunk = [0; 512];
        assert_ne!(stream.read(&mut chunk).await.unwrap(), 0);
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
        stream
    });
    let mut egress = Egress::default();
    let sent = egress.post(&target, body(LARGE), LONG).await;
    assert_eq!(sent, Sent::Taken);
    assert!(egress.line.is_none(), "the rest would be under way");
    let (bytes, was_reset) = drained(&mut hasty.await.unwrap()).await;
    assert!(was_reset && bytes < LARGE, "{bytes}");
}

#[tokio::test]
async fn an_answer_without_an_end_counts_by_its_status() {
    let (listener, target) = recipient().await;
    let endless = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut chunk = [0; 4096];
        assert_ne!(stream.read(&mut chunk).await.unwrap(), 0);
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nthe";
        stream.write_all(answer).await.unwrap();
        stream
    });
    let mut egress = Egress::default();
    assert_eq!(egress.post(&target, body(2), SHORT).await, Sent::Taken);
    assert!(egress.line.is_none());
    drop(endless.await.unwrap());
}

#[tokio::test]
async fn a_connection_is_used_again_after_a_whole_exchange() {
    let (listener, target) = recipient().await;
    let polite = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut chunk = [0; 4096];
        for _ in 0..2 {
            assert_ne!(stream.read(&mut chunk).await.unwrap(), 0);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        }
    });
    let mut egress = Egress::default();
    assert_eq!(egress.post(&target, body(2), LONG).await, Sent::Taken);
    assert!(egress.line.is_some());
    assert_eq!(egress.post(&target, body(2), LONG).await, Sent::Taken);
    polite.await.unwrap();
}

#[tokio::test]
async fn without_patience_nothing_begins() {
    let (listener, target) = recipient().await;
    let mut egress = Egress::default();
    let sent = egress.post(&target, body(2), Duration::ZERO).await;
    assert_eq!(sent, Sent::Later(None));
    let connected = tokio::time::timeout(SHORT, listener.accept()).await;
    assert!(connected.is_err(), "a connection was opened");
}
