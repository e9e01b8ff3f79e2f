//! A plain HTTP/1.1 client over a real socket, kept alive; small enough to see every byte it sends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One connection to one listener.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    headers: Vec<(String, String)>,
    connection: Option<BufReader<TcpStream>>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers as they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
}

impl Client {
    /// A client of one listener; it connects when first used.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            headers: Vec::new(),
            connection: None,
        }
    }

    /// Sends this header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// `GET`.
    ///
    /// # Panics
    /// Where the listener cannot be reached.
    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
            .expect("the listener answers")
    }

    /// `POST` of JSON.
    ///
    /// # Panics
    /// Where the listener cannot be reached.
    pub fn post(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        let body = serde_json::to_vec(body).expect("JSON can be written");
        self.send("POST", path, &[("content-type", "application/json")], &body)
            .expect("the listener answers")
    }

    /// `PUT` of JSON.
    ///
    /// # Panics
    /// Where the listener cannot be reached.
    pub fn put(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        let body = serde_json::to_vec(body).expect("JSON can be written");
        self.send("PUT", path, &[("content-type", "application/json")], &body)
            .expect("the listener answers")
    }

    /// Sends one request; an idle connection that the other side closed meanwhile is opened again once.
    ///
    /// # Errors
    /// Whatever the socket says.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Answer> {
        let reused = self.connection.is_some();
        match self.attempt(method, path, headers, body) {
            Err(_) if reused => self.attempt(method, path, headers, body),
            result => result,
        }
    }

    fn attempt(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> std::io::Result<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(60)))?;
                BufReader::new(stream)
            }
        };
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        for (name, value) in &self.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body);
        connection.get_mut().write_all(&bytes)?;
        let answer = read_answer(&mut connection)?;
        let closing = answer
            .headers
            .iter()
            .any(|(name, value)| name == "connection" && value.eq_ignore_ascii_case("close"));
        if !closing {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

fn read_answer(connection: &mut BufReader<TcpStream>) -> std::io::Result<Answer> {
    let broken = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    if connection.read_line(&mut line)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| broken("no status line"))?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let header = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    };
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
        loop {
            line.clear();
            connection.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(|_| broken("no chunk"))?;
            let start = body.len();
            body.resize(start + size + 2, 0);
            connection.read_exact(&mut body[start..])?;
            body.truncate(start + size);
            if size == 0 {
                break;
            }
        }
    } else if let Some(length) = header("content-length") {
        body.resize(length.parse().map_err(|_| broken("no length"))?, 0);
        connection.read_exact(&mut body)?;
    }
    Ok(Answer {
        status,
        headers,
        body,
    })
}
