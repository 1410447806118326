//! The load generator: HTTP/1.1 over connections that are kept, with as little work for each request as can be.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt, Error, ErrorKind, Result};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What is sent: the path, further header lines (each with its CRLF), and the body of the request of a number.
#[derive(Clone)]
pub struct Shape {
    /// The path of all requests.
    pub path: String,
    /// Header lines of all requests.
    pub headers: String,
    /// The body of one.
    pub body: fn(u64) -> String,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Requests that were answered with success.
    pub done: u64,
    /// Other answers, and connections that broke.
    pub failed: u64,
    /// How long each successful answer took.
    pub took: Vec<Duration>,
    /// From the first request to the last answer.
    pub elapsed: Duration,
}

impl Measured {
    /// Successful answers a second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64()
    }

    /// The time that so many of a hundred answers stay under.
    pub fn percentile(&mut self, of_hundred: usize) -> Duration {
        self.took.sort_unstable();
        let at = self.took.len() * of_hundred / 100;
        self.took.get(at.min(self.took.len().saturating_sub(1))).copied().unwrap_or_default()
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
        all.took.extend(one.took);
    }
    all.elapsed = begin.elapsed();
    all
}

async fn one(address: SocketAddr, shape: &Shape, number: u64, pace: Pace, begin: Instant) -> Measured {
    let mut measured = Measured::default();
    let mut connection = None;
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
        let body = (shape.body)(pace.first + number);
        match exchange(&mut connection, address, shape, &body).await {
            Ok(true) => {
                measured.done += 1;
                measured.took.push(due.elapsed());
            }
            Ok(false) => measured.failed += 1,
            Err(_) => {
                measured.failed += 1;
                connection = None;
            }
        }
    }
    measured
}

async fn exchange(
    connection: &mut Option<TcpStream>,
    address: SocketAddr,
    shape: &Shape,
    body: &str,
) -> Result<bool> {
    let stream = match connection {
        Some(stream) => stream,
        None => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            connection.insert(stream)
        }
    };
    let Shape { path, headers, .. } = shape;
    let length = body.len();
    let request =
        format!("POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n{headers}\r\n{body}");
    stream.write_all(request.as_bytes()).await?;
    answer(stream).await
}

/// Reads one answer; true where it is a success.
async fn answer(stream: &mut TcpStream) -> Result<bool> {
    let mut read = Vec::with_capacity(1024);
    let end = loop {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8_lossy(read.get(..end).unwrap_or_default()).to_ascii_lowercase();
    let length = head.split("content-length:").nth(1).and_then(|rest| rest.split("\r\n").next());
    let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    while read.len() < end + length {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
    }
    Ok(head.starts_with("http/1.1 2"))
}
