//! The load generator: HTTP/1.1 over connections that are kept, with as little work for each request as can be.

use std::io::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt, Error, ErrorKind, Result};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::taken::Taken;

/// What is sent: the path, further header lines (each with its CRLF), and a body that has the number of the request in it.
#[derive(Clone)]
pub struct Shape {
    /// The path of all requests.
    pub path: String,
    /// Header lines of all requests.
    pub headers: String,
    /// The bodies: what stands before each place of the number, and behind the last.
    pub body: Vec<&'static str>,
    /// The number as it stands there; all are of one length.
    pub number: fn(u64) -> String,
}

impl Shape {
    /// Writes the request of a number.
    fn request(&self, address: SocketAddr, number: u64, into: &mut Vec<u8>) -> Result<()> {
        let Self { path, headers, body, .. } = self;
        let number = (self.number)(number);
        let length: usize = body.iter().map(|part| part.len()).sum();
        let length = length + number.len() * body.len().saturating_sub(1);
        write!(into, "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n{headers}\r\n")?;
        for (index, part) in body.iter().enumerate() {
            if index > 0 {
                into.extend_from_slice(number.as_bytes());
            }
            into.extend_from_slice(part.as_bytes());
        }
        Ok(())
    }
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Requests that were answered with success.
    pub done: u64,
    /// Other answers, and connections that broke.
    pub failed: u64,
    /// How long successful answers took.
    pub took: Taken,
    /// From the first request to the last answer.
    pub elapsed: Duration,
}

impl Measured {
    /// Successful answers a second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64()
    }
}

/// How many requests are sent, and when.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Over so many connections.
    pub connections: u64,
    /// So many a second; on each connection the next when the last is answered, where nothing is said.
    pub rate: Option<f64>,
    /// For so long.
    pub time: Duration,
    /// The number of the first.
    pub first: u64,
}

/// Sends requests.
pub async fn run(address: SocketAddr, shape: &Shape, pace: Pace) -> Measured {
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for connection in 0..pace.connections {
        let shape = shape.clone();
        tasks.spawn(async move { one(address, &shape, connection, pace, begin).await });
    }
    let mut all = Measured::default();
    while let Some(ended) = tasks.join_next().await {
        let Ok(one) = ended else { continue };
        all.done += one.done;
        all.failed += one.failed;
        all.took.join(&one.took);
    }
    all.elapsed = begin.elapsed();
    all
}

async fn one(address: SocketAddr, shape: &Shape, number: u64, pace: Pace, begin: Instant) -> Measured {
    let mut measured = Measured::default();
    let mut connection = Connection { stream: None, buffer: Vec::with_capacity(8192) };
    for turn in 0.. {
        let number = turn * pace.connections + number;
        let due = pace.rate.map(|rate| begin + Duration::from_secs_f64(number as f64 / rate));
        if let Some(due) = due {
            tokio::time::sleep_until(due.into()).await;
        }
        // Who is late is measured from when it should have gone.
        let due = due.unwrap_or_else(Instant::now);
        if due.duration_since(begin) >= pace.time {
            break;
        }
        match connection.exchange(address, shape, pace.first + number).await {
            Ok(true) => {
                measured.done += 1;
                measured.took.add(due.elapsed());
            }
            Ok(false) => measured.failed += 1,
            Err(_) => {
                measured.failed += 1;
                connection.stream = None;
            }
        }
    }
    measured
}

/// A connection that is kept, and the room for what goes and comes over it.
struct Connection {
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Connection {
    /// Sends the request of a number; true where the answer is a success.
    async fn exchange(&mut self, address: SocketAddr, shape: &Shape, number: u64) -> Result<bool> {
        let Self { stream, buffer } = self;
        let stream = match stream {
            Some(stream) => stream,
            None => {
                let connected = TcpStream::connect(address).await?;
                connected.set_nodelay(true)?;
                stream.insert(connected)
            }
        };
        buffer.clear();
        shape.request(address, number, buffer)?;
        stream.write_all(buffer).await?;
        answer(stream, buffer).await
    }
}

/// Reads one answer; true where it is a success.
async fn answer(stream: &mut TcpStream, read: &mut Vec<u8>) -> Result<bool> {
    read.clear();
    let end = loop {
        if stream.read_buf(read).await? == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        if let Some(end) = memchr::memmem::find(read, b"\r\n\r\n") {
            break end + 4;
        }
    };
    let length = length(read.get(..end).unwrap_or_default());
    while read.len() < end + length {
        if stream.read_buf(read).await? == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
    }
    Ok(read.starts_with(b"HTTP/1.1 2"))
}

/// How long the body is that a head speaks of.
fn length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length:";
    let mut lines = head.split(|byte| *byte == b'\n');
    let line = lines.find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)));
    let value = line.and_then(|line| std::str::from_utf8(line.get(NAME.len()..)?).ok());
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}
