//! How lists, counts and memory are with very many exchanges.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dragoman_store::{Query, Sqlite, Store};
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::{made, size};
use crate::memory;

/// The time that a page of any list has to stay under.
const PROMPT: Duration = Duration::from_millis(50);
/// Megabytes of memory that are to be enough.
const ENOUGH: u64 = 2048;

/// Fills a store, opens it again, and asks.
pub async fn measure(folder: &Path, exchanges: u64) -> Result<bool, Box<dyn Error>> {
    fill(folder, exchanges).await?;
    let begin = Instant::now();
    let store = Sqlite::open(folder)?;
    println!("opened in {:.2} s", begin.elapsed().as_secs_f64());
    let mut is_prompt = true;
    for (what, query) in queries(exchanges) {
        is_prompt &= pages(&store, what, query).await?;
    }
    for what in ["counts", "waiting", "figures", "ledger"] {
        let begin = Instant::now();
        let found = match what {
            "counts" => store.counts(made::TENANT).await?.len(),
            "waiting" => store.waiting(made::TENANT, Some("correct"), 50).await?.len(),
            "figures" => store.figures(made::TENANT, "2026-01-01").await?.len(),
            _ => usize::try_from(store.ledger(None).await?.accepted)?,
        };
        println!("{what}: {found} in {:.1} ms", begin.elapsed().as_secs_f64() * 1e3);
        // The ledger counts every submission one by one: it is a proof, not a page.
        is_prompt &= what == "ledger" || begin.elapsed() < PROMPT;
    }
    let begin = Instant::now();
    let verified = store.verify().await?;
    println!("{} events verified in {:.1} s", verified.events, begin.elapsed().as_secs_f64());
    println!("the most memory was {} MB", memory::most());
    Ok(is_prompt && verified.broken.is_empty() && memory::most() < ENOUGH)
}

async fn fill(folder: &Path, exchanges: u64) -> Result<(), Box<dyn Error>> {
    let (begin, first) = (Instant::now(), "2026-01-01T00:00:00Z".parse::<Timestamp>()?);
    let store = Arc::new(Sqlite::open(folder)?);
    let mut callers = JoinSet::new();
    for caller in 0..256 {
        let store = Arc::clone(&store);
        callers.spawn(async move {
            for number in (caller..exchanges).step_by(256) {
                store.commit(made::exchange(number, first)).await?;
            }
            Ok::<_, dragoman_store::StoreError>(())
        });
    }
    while let Some(done) = callers.join_next().await {
        done??;
    }
    let written = *store.written().borrow();
    println!("{exchanges} exchanges, {written} events stored in {:.0} s", begin.elapsed().as_secs_f64());
    store.derived().wait_for(|derived| *derived >= written).await?;
    println!("and in lists after {:.0} s: {} MB", begin.elapsed().as_secs_f64(), size(folder));
    Ok(())
}

fn queries(exchanges: u64) -> Vec<(&'static str, Query)> {
    let text = |text: &str| Some(text.to_owned());
    let all = || Query { tenant: made::TENANT.into(), limit: 50, ..Query::default() };
    vec![
        ("all", all()),
        ("declarations", Query { kind: text("declaration"), ..all() }),
        ("delivered", Query { kind: text("declaration"), state: text("delivered"), ..all() }),
        ("rejected, of any kind", Query { status: text("rejected"), ..all() }),
        ("delivered and rejected", Query { state: text("delivered"), status: text("rejected"), ..all() }),
        ("queued and rejected: none", Query { state: text("queued"), status: text("rejected"), ..all() }),
        ("to be corrected", Query { needs: text("correct"), ..all() }),
        ("with one cause", Query { cause: text("E007:hs"), ..all() }),
        ("one reference", Query { text: Some(made::lrn(exchanges / 2)), ..all() }),
        ("references that all begin alike", Query { text: text("dg"), ..all() }),
        ("what is nowhere", Query { text: text("nowhere"), ..all() }),
    ]
}

/// Asks for some pages one behind the other, and says how long the slowest took.
async fn pages(store: &Sqlite, what: &str, query: Query) -> Result<bool, Box<dyn Error>> {
    let (mut query, mut slowest, mut found) = (query, Duration::ZERO, 0);
    for _ in 0..20 {
        let begin = Instant::now();
        let rows = store.list(query.clone()).await?;
        slowest = slowest.max(begin.elapsed());
        found += rows.len();
        let Some(last) = rows.last() else { break };
        query.after = Some((last.changed, last.id.clone()));
    }
    println!("{what}: {found} on up to 20 pages, the slowest {:.1} ms", slowest.as_secs_f64() * 1e3);
    Ok(slowest < PROMPT)
}
