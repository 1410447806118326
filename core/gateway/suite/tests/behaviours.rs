//! What every order platform is asked, one behaviour by one, chosen by what its adapter declares.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use dragoman_adapters::{Catalogue, Data};
use dragoman_suite::{Behaviour, Subject};
use tokio::task::JoinSet;

/// So many go on at once: each waits for its disk most of the time.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_platform_that_can_be_played_behaves() {
    let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
    let (mut running, mut failed) = (JoinSet::new(), Vec::new());
    for name in Subject::names(&catalogue) {
        let subject = Arc::new(Subject::of(&catalogue, &name).unwrap());
        for behaviour in Behaviour::ALL.into_iter().filter(|one| one.lacks(&subject).is_none()) {
            if running.len() >= AT_ONCE {
                failed.extend(running.join_next().await.unwrap().unwrap());
            }
            let subject = Arc::clone(&subject);
            running.spawn(async move {
                let trouble = behaviour.try_on(&subject).await.err()?;
                Some(format!("{}: {}: {trouble}", subject.name, behaviour.name()))
            });
        }
    }
    while let Some(done) = running.join_next().await {
        failed.extend(done.unwrap());
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Each behaviour is tried on some platform: one that nothing declares would hold nothing.
#[test]
fn no_behaviour_is_for_nobody() {
    let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
    let names = Subject::names(&catalogue);
    let subjects: Vec<_> = names.iter().map(|name| Subject::of(&catalogue, name).unwrap()).collect();
    for behaviour in Behaviour::ALL {
        let tried = subjects.iter().any(|subject| behaviour.lacks(subject).is_none());
        assert!(tried, "{}", behaviour.name());
    }
}
