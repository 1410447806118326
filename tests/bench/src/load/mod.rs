//! A bare server under load, in one process with the load generator: what the gateway has to be measured beside.

mod bare;
mod client;

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use client::{Measured, Shape};

/// Connections that are kept: enough for groups of commits, few enough for two cores.
const CONNECTIONS: u64 = 128;

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
    let mut bare = client::run(address, &shape, CONNECTIONS, time).await;
    show("a bare server: orders stored beside EDIFACT, durable", &mut bare);
    Ok(bare.failed == 0)
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
