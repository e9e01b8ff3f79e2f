//! A recipient that keeps what it gets.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;

#[derive(Clone)]
pub(crate) struct Recipient {
    pub(crate) address: SocketAddr,
    status: Arc<AtomicU16>,
    got: Arc<Mutex<Vec<Got>>>,
    count: watch::Sender<usize>,
    /// Whether it answers at all for now.
    answers: watch::Sender<bool>,
}

#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) body: String,
    pub(crate) taken: bool,
}

impl Recipient {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let recipient = Self {
            address: listener.local_addr().unwrap(),
            status: Arc::new(AtomicU16::new(200)),
            got: Arc::default(),
            count: watch::Sender::new(0),
            answers: watch::Sender::new(true),
        };
        let serving = recipient.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let serving = serving.clone();
                tokio::spawn(async move {
                    let service = service_fn(|request| serving.one(request));
                    // A connection that the gateway drops is not an error here.
                    drop(
                        http1::Builder::new()
                            .serve_connection(TokioIo::new(stream), service)
                            .await,
                    );
                });
            }
        });
        recipient
    }

    /// Answers with this status from now on.
    pub(crate) fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// Gets requests and answers none of them, until told otherwise.
    pub(crate) fn keep_silent(&self, silent: bool) {
        self.answers.send_replace(!silent);
    }

    /// Waits until it got so many requests, and returns them.
    pub(crate) async fn requests(&self, at_least: usize) -> Vec<Got> {
        self.count
            .subscribe()
            .wait_for(|count| *count >= at_least)
            .await
            .unwrap();
        self.got()
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The bodies it took.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.got()
            .into_iter()
            .filter(|got| got.taken)
            .map(|got| got.body)
            .collect()
    }

    async fn one(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (parts, body) = request.into_parts();
        let head = format!("{} {} {:?}", parts.method, parts.uri, parts.headers);
        let body = body.collect().await.unwrap().to_bytes();
        let status = self.status.load(Ordering::SeqCst);
        let body = String::from_utf8(body.to_vec()).unwrap();
        self.got.lock().unwrap().push(Got {
            head,
            body,
            taken: status == 200,
        });
        self.count.send_modify(|count| *count += 1);
        self.answers
            .subscribe()
            .wait_for(|answers| *answers)
            .await
            .unwrap();
        let answer = Response::builder().status(status);
        Ok(answer
            .body(Full::new(Bytes::from("kim@mail.example was here")))
            .unwrap())
    }
}
