//! The gateway under load, in one process with the load generator and the simulated customs service, and a bare server
//! beside it that does the least a gateway must.

mod bare;
mod client;
mod gateway;

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use client::{Measured, Pace, Shape};
use gateway::Serving;

use crate::memory::resident;

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
    let folder = std::env::temp_dir().join(format!("dragoman-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let time = Duration::from_secs(seconds);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let measured = runtime.block_on(all(&folder, time));
    runtime.shutdown_background();
    std::fs::remove_dir_all(&folder)?;
    measured
}

async fn all(folder: &Path, time: Duration) -> Result<bool, Box<dyn Error>> {
    println!("synced writes of 2 kB, one after the other: {:.0} a second", synced(&folder.join("synced"))?);
    let address = bare::serve(&folder.join("bare.sqlite")).await?;
    let shape =
        Shape { path: "/orders".into(), headers: "content-type: application/json\r\n".into(), body: order };
    // As many as there can be: the rival has no rate to keep.
    let most = Pace { connections: CONNECTIONS, rate: None, time: time.min(MOST), first: 0 };
    let mut bare = client::run(address, &shape, most).await;
    show("a bare server: orders stored beside EDIFACT, durable", &mut bare);
    let queued = queued(&folder.join("queued"), most, time, bare.rate()).await?;
    let acknowledged = acknowledged(&folder.join("acknowledged"), time, bare.rate()).await?;
    Ok(bare.failed == 0 && queued && acknowledged)
}

/// Orders accepted, declared and queued: as many as there can be, then as many as are wanted.
async fn queued(folder: &Path, most: Pace, time: Duration, bare: f64) -> Result<bool, Box<dyn Error>> {
    let serving = Serving::open(folder).await?;
    let shape = serving.order(order);
    let mut all = client::run(serving.address, &shape, most).await;
    show("the gateway: orders accepted, declared and queued, durable", &mut all);
    println!("  that is {:.2} of the bare server", all.rate() / bare);
    let pace = Pace { rate: Some(QUEUED), time, first: 1 << 32, ..most };
    let mut paced = client::run(serving.address, &shape, pace).await;
    show(&format!("the same at {QUEUED} a second"), &mut paced);
    let reached = is_on_time(&paced, QUEUED) && paced.percentile(99) < QUEUED_PROMPTLY && all.failed == 0;
    verdict(reached, &format!("{QUEUED} a second, 99 % under {QUEUED_PROMPTLY:?}"));
    Ok(reached)
}

/// Orders that go the whole way: accepted, declared, sent, acknowledged, and answered by notifications.
async fn acknowledged(folder: &Path, time: Duration, bare: f64) -> Result<bool, Box<dyn Error>> {
    let serving = Serving::open(folder).await?;
    let workers = serving.send();
    let shape = serving.order(order);
    let warm = Pace { connections: CONNECTIONS, rate: Some(ACKNOWLEDGED), time: WARM, first: 0 };
    client::run(serving.address, &shape, warm).await;
    let (begin, memory) = (Instant::now(), resident());
    let pace = Pace { time, first: 1 << 32, ..warm };
    let mut paced = client::run(serving.address, &shape, pace).await;
    let behind = serving.sending().await?;
    let settled = serving.settled(SETTLING).await?;
    let whole = paced.done as f64 / begin.elapsed().as_secs_f64();
    show(&format!("the gateway at {ACKNOWLEDGED} a second, sending"), &mut paced);
    println!(
        "  {behind} were on their way at the end, none after {:.1} s: {whole:.0} a second acknowledged, {:.2} of the bare \
         server; memory {memory} MB at the beginning and {} MB at the end",
        begin.elapsed().saturating_sub(paced.elapsed).as_secs_f64(),
        whole / bare,
        resident()
    );
    workers.stop().await;
    let twice = serving.office.twice().len();
    let reached = is_on_time(&paced, ACKNOWLEDGED)
        && paced.percentile(99) < ACCEPTED_PROMPTLY
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

fn show(what: &str, measured: &mut Measured) {
    println!(
        "{what}: {:.0} a second, half under {:.1} ms, 99 % under {:.1} ms, {} failed",
        measured.rate(),
        measured.percentile(50).as_secs_f64() * 1e3,
        measured.percentile(99).as_secs_f64() * 1e3,
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

/// An order of a number: the demonstration's, with a number of its own.
fn order(number: u64) -> String {
    const ORDER: &str = include_str!("../../../../adapters/gb-cds/demo/orders/amazon.json");
    ORDER
        .replace("026-1000001-1000001", &format!("026-{:07}-{:07}", number / 10_000_000, number % 10_000_000))
}
