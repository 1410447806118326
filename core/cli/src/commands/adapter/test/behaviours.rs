//! How an order platform behaves: what every one of them is asked, played against the adapter's own simulator.

use std::sync::Arc;

use dragoman_adapters::{Adapter, Catalogue, Party};
use dragoman_suite::{Behaviour, Subject};

use super::Report;
use crate::failure::Failure;
use crate::gateway::runtime;

/// Tries all behaviours that the adapter declares something for.
pub fn check(catalogue: &Arc<Catalogue>, adapter: &Adapter, report: &mut Report) -> Result<(), Failure> {
    let has_simulator = catalogue.data().has(&format!("adapters/{}/sim.toml", adapter.name));
    let is_read = adapter.channel.as_ref().is_some_and(|channel| !channel.streams.is_empty());
    if !matches!(adapter.party, Party::Platform(_)) || !has_simulator || !is_read {
        return Ok(());
    }
    match Subject::of(catalogue, &adapter.name) {
        Ok(subject) => runtime()?.block_on(all(&Arc::new(subject), report)),
        Err(trouble) => report.missing(trouble.to_string()),
    }
    Ok(())
}

/// All at once: each has a ground of its own, and waits for its disk most of the time.
async fn all(subject: &Arc<Subject>, report: &mut Report) {
    let mut tried = Vec::new();
    for behaviour in Behaviour::ALL {
        let lacks = behaviour.lacks(subject);
        let subject = Arc::clone(subject);
        let task = lacks.is_none().then(|| tokio::spawn(async move { behaviour.try_on(&subject).await }));
        tried.push((behaviour.name(), lacks, task));
    }
    for (name, lacks, task) in tried {
        let outcome = match task {
            Some(task) => task.await,
            None => {
                report.apart(format!("{name}: {}", lacks.unwrap_or_default()));
                continue;
            }
        };
        match outcome {
            Ok(Ok(())) => report.good(name),
            Ok(Err(trouble)) => report.missing(format!("{name}: {trouble}")),
            Err(error) => report.missing(format!("{name}: {error}")),
        }
    }
}
