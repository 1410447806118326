//! The gateway under load, in one process with the load generator and the simulated customs service, and a bare server
//! beside it that does the least a gateway must.

mod bare;
mod client;
mod gateway;
mod taken;
mod usage;

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use client::{Measured, Pace, Shape};
use gateway::Serving;
use usage::Usage;

/// Connections that are kept: enough for groups of commits, few enough for two cores.
const CONNECTIONS: u64 = 128;
/// Orders a second that are to be accepted, declared and queued.
const QUEUED: f64 = 4000.0;
/// The time that 99 of 100 of them have to stay under.
const QUEUED_PROMPTLY: Duration = Duration::from_millis(50);
/// Orders a second that are to go the whole way, until customs has acknowledged the declaration.
const ACKNOWLEDGED: f64 = 1000.0;
/// The time that 99 of 100 of them have to be accepted within.
const ACCEPTED_PROMPTLY: Duration = Duration::from_millis(250);
/// As many as there can be are sent for so long at most.
const MOST: Duration = Duration::from_secs(10);
/// Before memory is measured for the first time.
const WARM: Duration = Duration::from_secs(5);
/// Everything has to be acknowledged so long after the last order.
const SETTLING: Duration = Duration::from_mins(2);
/// The share of the rate that has to remain where the time until everything is acknowledged counts too.
const ACKNOWLEDGED_ON_TIME: f64 = 0.9;
/// The share of the orders that have to be handed in on time.
const ON_TIME: f64 = 0.98;

/// Measures for that many seconds each, and prints ratios.
pub fn measure(seconds: u64) -> Result<bool, Box<dyn Error>> {
    run(seconds, |run| async move { Ok(queued(&run).await? & acknowledged(&run).await?) })
}

/// Measures orders that are accepted, declared and queued.
pub fn measure_queued(seconds: u64) -> Result<bool, Box<dyn Error>> {
    run(seconds, |run| async move { queued(&run).await })
}

/// Measures orders that go the whole way.
pub fn measure_acknowledged(seconds: u64) -> Result<bool, Box<dyn Error>> {
    run(seconds, |run| async move { acknowledged(&run).await })
}

/// A run, and what the bare server did in it.
struct Run {
    folder: PathBuf,
    time: Duration,
    /// Orders a second.
    bare: f64,
}

fn run<F>(seconds: u64, measure: impl FnOnce(Run) -> F) -> Result<bool, Box<dyn Error>>
where
    F: Future<Output = Result<bool, Box<dyn Error>>>,
{
    let folder = std::env::temp_dir().join(format!("dragoman-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let time = Duration::from_secs(seconds);
    let measured = runtime.block_on(async {
        println!(
            "synced writes of 2 kB, one after the other: {:.0} a second",
            synced(&folder.join("synced"))?
        );
        let bare = bare_server(&folder, time).await?;
        measure(Run { folder: folder.clone(), time, bare }).await
    });
    runtime.shutdown_background();
    std::fs::remove_dir_all(&folder)?;
    measured
}

/// The rival: as many orders as there can be, for it has no rate to keep.
async fn bare_server(folder: &Path, time: Duration) -> Result<f64, Box<dyn Error>> {
    let address = bare::serve(&folder.join("bare.sqlite")).await?;
    let usage = Usage::now();
    let bare = client::run(address, &shape(), most(time)).await;
    show("a bare server: orders stored beside EDIFACT, durable", &bare);
    println!("  {}", usage.since(bare.done));
    if bare.failed > 0 {
        return Err("the bare server did not answer all orders".into());
    }
    Ok(bare.rate())
}

/// As many as there can be.
fn most(time: Duration) -> Pace {
    Pace { connections: CONNECTIONS, rate: None, time: time.min(MOST), first: 0 }
}

/// Orders accepted, declared and queued: as many as there can be, then as many as are wanted.
async fn queued(run: &Run) -> Result<bool, Box<dyn Error>> {
    let serving = Serving::open(&run.folder.join("queued")).await?;
    let shape = serving.order(shape());
    let usage = Usage::now();
    let all = client::run(serving.address, &shape, most(run.time)).await;
    serving.derived().await?;
    show("the gateway: orders accepted, declared and queued, durable", &all);
    println!("  that is {:.2} of the bare server; {}", all.rate() / run.bare, usage.since(all.done));
    let usage = Usage::now();
    let pace = Pace { rate: Some(QUEUED), time: run.time, first: 1 << 32, ..most(run.time) };
    let paced = client::run(serving.address, &shape, pace).await;
    serving.derived().await?;
    show(&format!("the same at {QUEUED} a second"), &paced);
    println!("  {}", usage.since(paced.done));
    let reached =
        is_on_time(&paced, QUEUED) && paced.took.percentile(99) < QUEUED_PROMPTLY && all.failed == 0;
    verdict(reached, &format!("{QUEUED} a second, 99 % under {QUEUED_PROMPTLY:?}"));
    Ok(reached)
}

/// Orders that go the whole way: accepted, declared, sent, acknowledged, and answered by notifications.
async fn acknowledged(run: &Run) -> Result<bool, Box<dyn Error>> {
    let serving = Serving::open(&run.folder.join("acknowledged")).await?;
    let workers = serving.send();
    let shape = serving.order(shape());
    let warm = Pace { connections: CONNECTIONS, rate: Some(ACKNOWLEDGED), time: WARM, first: 0 };
    client::run(serving.address, &shape, warm).await;
    let (begin, usage) = (Instant::now(), Usage::now());
    let pace = Pace { time: run.time, first: 1 << 32, ..warm };
    let paced = client::run(serving.address, &shape, pace).await;
    let (behind, pushing) = (serving.sending().await?, serving.office.pushing());
    let settled = serving.settled(SETTLING).await?;
    let whole = paced.done as f64 / begin.elapsed().as_secs_f64();
    show(&format!("the gateway at {ACKNOWLEDGED} a second, sending"), &paced);
    println!(
        "  {behind} were on their way at the end and {pushing} notifications of customs, none after {:.1} s: {whole:.0} a \
         second acknowledged, {:.2} of the bare server; {}",
        begin.elapsed().saturating_sub(paced.elapsed).as_secs_f64(),
        whole / run.bare,
        usage.since(paced.done)
    );
    workers.stop().await;
    let twice = serving.office.twice().len();
    let reached = is_on_time(&paced, ACKNOWLEDGED)
        && paced.took.percentile(99) < ACCEPTED_PROMPTLY
        && settled
        && whole > ACKNOWLEDGED * ACKNOWLEDGED_ON_TIME
        && twice == 0;
    verdict(
        reached,
        &format!("{ACKNOWLEDGED} a second acknowledged, 99 % accepted under {ACCEPTED_PROMPTLY:?}"),
    );
    Ok(reached)
}

fn is_on_time(measured: &Measured, rate: f64) -> bool {
    measured.failed == 0 && measured.rate() > rate * ON_TIME
}

fn verdict(reached: bool, target: &str) {
    println!("  target {target}: {}", if reached { "reached" } else { "MISSED" });
}

fn show(what: &str, measured: &Measured) {
    println!(
        "{what}: {:.0} a second, half under {:.1} ms, 99 % under {:.1} ms, {} failed",
        measured.rate(),
        measured.took.percentile(50).as_secs_f64() * 1e3,
        measured.took.percentile(99).as_secs_f64() * 1e3,
        measured.failed
    );
}

/// How often a second this disk syncs what was written.
fn synced(path: &Path) -> std::io::Result<f64> {
    let mut file = File::create(path)?;
    let (begin, mut count) = (Instant::now(), 0_u32);
    while begin.elapsed() < Duration::from_secs(1) {
        file.write_all(&[0; 2048])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / begin.elapsed().as_secs_f64())
}

/// Orders: the demonstration's, each with a number of its own.
fn shape() -> Shape {
    const ORDER: &str = include_str!("../../../../adapters/gb-cds/demo/orders/amazon.json");
    Shape {
        path: "/orders".into(),
        headers: "content-type: application/json\r\n".into(),
        body: ORDER.split("026-1000001-1000001").collect(),
        number: |number| format!("026-{:07}-{:07}", number / 10_000_000, number % 10_000_000),
    }
}
