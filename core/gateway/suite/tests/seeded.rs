//! Two hundred runs in which everything goes wrong that a seed draws: every order that a platform ever showed in a
//! settled state is there once, with its latest content, and nothing was pushed twice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use dragoman_adapters::{Catalogue, Data};
use dragoman_suite::{Subject, run};
use tokio::task::JoinSet;

/// How many runs there are, over all platforms.
const RUNS: u64 = 200;

/// So many go on at once: each waits for its disk most of the time.
const AT_ONCE: usize = 8;

/// The platforms and their seeds, in turn: `DRAGOMAN_RUN=NAME:17` is one alone.
fn seeds(subjects: &[Arc<Subject>]) -> Vec<(Arc<Subject>, u64)> {
    if let Ok(one) = std::env::var("DRAGOMAN_RUN") {
        let (name, seed) = one.split_once(':').unwrap();
        let subject = subjects.iter().find(|subject| subject.name == name).unwrap();
        return vec![(Arc::clone(subject), seed.parse().unwrap())];
    }
    let turn = subjects.iter().cycle();
    turn.zip(0..RUNS).map(|(subject, seed)| (Arc::clone(subject), seed)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_order_is_there_once_whatever_goes_wrong() {
    let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
    let names = Subject::names(&catalogue);
    let subjects: Vec<_> =
        names.iter().map(|name| Arc::new(Subject::of(&catalogue, name).unwrap())).collect();
    assert!(!subjects.is_empty());
    let (mut running, mut failed) = (JoinSet::new(), Vec::new());
    for (subject, seed) in seeds(&subjects) {
        if running.len() >= AT_ONCE {
            failed.extend(running.join_next().await.unwrap().unwrap());
        }
        running.spawn(async move {
            let trouble = run(&subject, seed).await.err()?;
            Some(format!("DRAGOMAN_RUN={}:{seed}: {trouble}", subject.name))
        });
    }
    while let Some(done) = running.join_next().await {
        failed.extend(done.unwrap());
    }
    assert!(failed.is_empty(), "{} runs failed:\n{}", failed.len(), failed.join("\n"));
}
