//! Measures commits a second.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss, missing_docs)]
use dragoman_exchange::{Event, Purpose};
use dragoman_store::*;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn id(n: u64) -> String {
    format!(
        "0193{:08x}-{:04x}-7{:03x}-8000-{:012x}",
        n >> 8,
        n & 0xff,
        n & 0xfff,
        n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16
    )
}

fn batch(n: u64, size: usize, marks: usize) -> Batch {
    let (stream, submission) = (id(n), id(n + (1 << 40)));
    let now = Timestamp::now();
    let body: Vec<u8> = (0..size).map(|i| b'a' + ((i as u64 * 31 + n) % 26) as u8).collect();
    let event = |submission: Option<&str>, event, payload: Option<Vec<u8>>| NewEvent {
        tenant: "main".into(),
        stream: stream.clone(),
        submission: submission.map(str::to_owned),
        at: now,
        actor: "clerk".into(),
        event,
        payload: payload.map(|bytes| Payload { media: "application/xml".into(), bytes }),
        data: Some(format!("sha256:{:064x}", 1)),
    };
    let accepted = Event::Accepted {
        purpose: Purpose::Declaration,
        account: "acme".into(),
        operation: "submit".into(),
        lrn: Some(format!("DG-{n}")),
        held: None,
    };
    let mark = |space: &str, value: String| Mark {
        tenant: "main".into(),
        space: space.into(),
        value,
        stream: stream.clone(),
        submission: Some(submission.clone()),
        digest: None,
    };
    let all = [
        mark("lrn", format!("DG{n:018}")),
        mark(
            "content",
            format!("{:064x}", u128::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)),
        ),
        mark("idempotency", id(n)),
    ];
    Batch {
        events: vec![event(Some(&submission), accepted, Some(body.clone()))],
        jobs: vec![JobChange::Put(Job {
            submission: submission.clone(),
            tenant: "main".into(),
            stream: stream.clone(),
            lane: "acme:submit".into(),
            due: now,
            attempts: 0,
            body,
            about: "{}".into(),
        })],
        marks: all.into_iter().take(marks).collect(),
        ..Batch::default()
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arg = |n: usize, or: u64| std::env::args().nth(n).and_then(|a| a.parse().ok()).unwrap_or(or);
    let (callers, seconds, size, marks) = (arg(1, 256), arg(2, 10), arg(3, 2048), arg(4, 1));
    let dir = std::env::args().nth(5).unwrap_or("/work/journal/target/rate".into());
    let _ = std::fs::remove_dir_all(&dir);
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(dir.as_ref()).unwrap());
    let start = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|c| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut took = Vec::new();
                let mut n = c;
                while start.elapsed() < Duration::from_secs(seconds) {
                    let t = Instant::now();
                    store.commit(batch(n, size as usize, marks as usize)).await.unwrap();
                    took.push(t.elapsed());
                    n += callers;
                }
                took
            })
        })
        .collect();
    let mut took = Vec::new();
    for t in tasks {
        took.extend(t.await.unwrap());
    }
    let wall = start.elapsed().as_secs_f64();
    took.sort();
    let lag = *store.written().borrow() - *store.derived().borrow();
    let t = Instant::now();
    let written = *store.written().borrow();
    store.derived().wait_for(|d| *d >= written).await.unwrap();
    println!(
        "callers {callers} size {size} marks {marks}: {:.0}/s p50 {:?} p99 {:?} max {:?}; projector lag {lag} events, caught up in {:?}",
        took.len() as f64 / wall,
        took[took.len() / 2],
        took[took.len() * 99 / 100],
        took.last().unwrap(),
        t.elapsed()
    );
    let rss = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", rss.lines().filter(|l| l.starts_with("VmHWM")).collect::<String>());
}
