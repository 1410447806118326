//! How many commits a second are on disk when they are answered, and how long each takes.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dragoman_store::{Sqlite, Store};
use tokio::task::JoinSet;

use super::made;
use crate::memory;

/// Callers at once.
const CALLERS: u64 = 256;
/// The bytes of a message.
const BYTES: usize = 2048;
/// Commits a second that are wanted, of one event and one job.
const WANTED: f64 = 4000.0;
/// The time that 99 of 100 of them have to stay under where they come at that rate.
const PROMPT: Duration = Duration::from_millis(50);

/// Measures: as many as there can be, then as many as are wanted.
pub async fn measure(folder: &Path, seconds: u64) -> Result<bool, Box<dyn Error>> {
    let store = Arc::new(Sqlite::open(folder)?);
    let time = Duration::from_secs(seconds);
    let most = all(&store, 0, time, None).await?;
    let steady = all(&store, 1 << 32, time, Some(WANTED)).await?;
    println!("the most memory was {} MB", memory::most());
    Ok(most.rate >= WANTED && steady.rate >= WANTED * 0.98 && steady.of_hundred(99) < PROMPT)
}

struct Measured {
    rate: f64,
    took: Vec<Duration>,
}

impl Measured {
    fn of_hundred(&self, percent: usize) -> Duration {
        self.took.get(self.took.len() * percent / 100).copied().unwrap_or_default()
    }
}

async fn all(
    store: &Arc<Sqlite>,
    first: u64,
    time: Duration,
    rate: Option<f64>,
) -> Result<Measured, Box<dyn Error>> {
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let store = Arc::clone(store);
        callers.spawn(async move {
            let mut took = Vec::new();
            for turn in 0.. {
                // Who is late is measured from when it should have come.
                let due =
                    rate.map(|rate| begin + Duration::from_secs_f64((turn * CALLERS + caller) as f64 / rate));
                if let Some(due) = due {
                    tokio::time::sleep_until(due.into()).await;
                }
                let due = due.unwrap_or_else(Instant::now);
                if begin.elapsed() > time {
                    break;
                }
                store.commit(made::submission(first + turn * CALLERS + caller, BYTES)).await?;
                took.push(due.elapsed());
            }
            Ok::<_, dragoman_store::StoreError>(took)
        });
    }
    let mut took = Vec::new();
    while let Some(one) = callers.join_next().await {
        took.extend(one??);
    }
    let rate = took.len() as f64 / begin.elapsed().as_secs_f64();
    took.sort_unstable();
    let behind = *store.written().borrow() - *store.derived().borrow();
    let (catching, written) = (Instant::now(), *store.written().borrow());
    store.derived().wait_for(|derived| *derived >= written).await?;
    let measured = Measured { rate, took };
    println!(
        "commits of one event of {BYTES} bytes, one job and one key, {CALLERS} callers: {rate:.0} a second, half under \
         {:.1} ms, 99 % under {:.1} ms; lists were {behind} events behind, and {:.1} s later were not",
        measured.of_hundred(50).as_secs_f64() * 1e3,
        measured.of_hundred(99).as_secs_f64() * 1e3,
        catching.elapsed().as_secs_f64(),
    );
    Ok(measured)
}
