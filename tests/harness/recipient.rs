//! A fake marketing tool on a real socket, with an ordering oracle.
//!
//! The oracle answers one question without guessing at the kernel's clock: *was this byte already at the recipient when that
//! acknowledgement was read?* [`Recipient::mark`] empties the accept queue and every socket buffer at once; a request whose
//! first byte turns up after the mark was not there. Bytes that were there, or the rest of a request that had begun, do not count.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How the tool answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// 200 with `{"success":true}` at once.
    Accepts,
    /// 500 at once.
    Fails,
    /// Takes the request and never answers.
    Hangs,
}

/// A point in the order of bytes; see [`Recipient::mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// One whole request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// Head and body as they came over the wire.
    pub bytes: Vec<u8>,
    /// The body alone.
    pub body: Vec<u8>,
    /// How many marks had been set when its first byte was read.
    pub begun: Mark,
}

/// The tool.
#[derive(Debug)]
pub struct Recipient {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    stop: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Shared {
    listener: TcpListener,
    connections: Vec<Connection>,
    received: Vec<Arc<Received>>,
    resets: usize,
    marks: u64,
    manner: Manner,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    begun: Mark,
    open: bool,
}

impl Recipient {
    /// Starts listening on a free port of the loopback.
    ///
    /// # Panics
    /// Where there is no port.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener
            .set_nonblocking(true)
            .expect("sockets can be non-blocking");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let shared = Arc::new(Mutex::new(Shared {
            listener,
            connections: Vec::new(),
            received: Vec::new(),
            resets: 0,
            marks: 0,
            manner: Manner::Accepts,
        }));
        let stop = Arc::new(AtomicBool::new(false));
        let (pumped, stopped) = (Arc::clone(&shared), Arc::clone(&stop));
        std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let idle = !pumped.lock().expect("no pump panics").pump();
                if idle {
                    std::thread::sleep(Duration::from_micros(300));
                }
            }
        });
        Self {
            address,
            shared,
            stop,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Reads everything that has reached its kernel by now and sets a mark behind it.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let mut shared = self.shared();
        while shared.pump() {}
        shared.marks += 1;
        Mark(shared.marks)
    }

    /// Changes how it answers from now on.
    pub fn set_manner(&self, manner: Manner) {
        self.shared().manner = manner;
    }

    /// All whole requests so far.
    #[must_use]
    pub fn received(&self) -> Vec<Arc<Received>> {
        self.shared().received.clone()
    }

    /// How many times a body held this text, and the request's first byte came at or after the mark (if one is given).
    #[must_use]
    pub fn sightings(&self, text: &str, since: Option<Mark>) -> usize {
        self.shared()
            .received
            .iter()
            .filter(|request| since.is_none_or(|mark| request.begun >= mark))
            .map(|request| count(&request.bytes, text.as_bytes()))
            .sum()
    }

    /// How many connections are open once everything that has reached its kernel was read.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        let mut shared = self.shared();
        while shared.pump() {}
        shared.connections.len()
    }

    /// How many connections were cut in the middle of a request.
    #[must_use]
    pub fn resets(&self) -> usize {
        self.shared().resets
    }

    /// Waits until the condition holds for what was received; says whether it did within the time.
    #[must_use]
    pub fn wait_until(&self, at_most: Duration, holds: impl Fn(&[Arc<Received>]) -> bool) -> bool {
        let start = Instant::now();
        while start.elapsed() < at_most {
            // Outside the lock: the condition may ask this recipient itself.
            if holds(&self.received()) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        holds(&self.received())
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().expect("no pump panics")
    }
}

impl Drop for Recipient {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    /// Takes in whatever is there without waiting; says whether anything was.
    fn pump(&mut self) -> bool {
        let mut moved = false;
        while let Ok((stream, _)) = self.listener.accept() {
            moved = true;
            stream
                .set_nonblocking(true)
                .expect("sockets can be non-blocking");
            self.connections.push(Connection {
                stream,
                buffer: Vec::new(),
                begun: Mark(0),
                open: true,
            });
        }
        let now = Mark(self.marks);
        for connection in &mut self.connections {
            moved |= connection.read(now);
            while let Some(received) = connection.next_request(now) {
                self.received.push(Arc::new(received));
                connection.answer(self.manner);
            }
            if !connection.open && !connection.buffer.is_empty() {
                self.resets += 1;
            }
        }
        self.connections.retain(|connection| connection.open);
        moved
    }
}

impl Connection {
    fn read(&mut self, now: Mark) -> bool {
        let mut chunk = [0; 16 * 1024];
        let mut moved = false;
        loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => self.open = false,
                Ok(count) => {
                    if self.buffer.is_empty() {
                        self.begun = now;
                    }
                    self.buffer.extend_from_slice(&chunk[..count]);
                    moved = true;
                    continue;
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => self.open = false,
            }
            return moved;
        }
    }

    fn next_request(&mut self, now: Mark) -> Option<Received> {
        let head = find(&self.buffer, b"\r\n\r\n")? + 4;
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .map_or(0, |value| {
                value.trim().parse().expect("the gateway sends a length")
            });
        if self.buffer.len() < head + length {
            return None;
        }
        let rest = self.buffer.split_off(head + length);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        let received = Received {
            body: bytes[head..].to_vec(),
            bytes,
            begun: self.begun,
        };
        self.begun = now;
        Some(received)
    }

    fn answer(&mut self, manner: Manner) {
        let answer: &[u8] = match manner {
            Manner::Accepts => b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}",
            Manner::Fails => b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
            Manner::Hangs => return,
        };
        self.open &= self.stream.write_all(answer).is_ok();
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn count(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .filter(|window| *window == wanted)
        .count()
}
