//! The end of the journal, read once for everybody who follows it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dragoman_store::{Store, StoreError, StoredEvent};
use tokio::sync::{OnceCell, watch};

/// So many events are remembered; whoever is further behind reads the journal.
const REMEMBERED: usize = 10_000;

/// So many are read at a time.
const PAGE: usize = 500;

/// The end of the journal.
pub struct Tail {
    store: Arc<dyn Store>,
    recent: Mutex<VecDeque<Arc<StoredEvent>>>,
    reading: OnceCell<watch::Receiver<u64>>,
}

impl Tail {
    /// Of a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, recent: Mutex::default(), reading: OnceCell::new() }
    }

    /// The place of the last event that is remembered, as it grows; reading begins when this is first asked for.
    pub async fn grows(self: &Arc<Self>) -> watch::Receiver<u64> {
        let begin = || async {
            let written = self.store.written();
            let (sender, receiver) = watch::channel(*written.borrow());
            tokio::spawn(Arc::clone(self).read(written, sender));
            receiver
        };
        self.reading.get_or_init(begin).await.clone()
    }

    async fn read(self: Arc<Self>, mut written: watch::Receiver<u64>, read: watch::Sender<u64>) {
        let mut last = *read.borrow();
        loop {
            match self.store.journal(last, PAGE).await {
                Ok(page) if page.is_empty() => {
                    if written.changed().await.is_err() {
                        return;
                    }
                }
                Ok(page) => {
                    last = page.last().map_or(last, |event| event.seq);
                    self.remember(page);
                    read.send_replace(last);
                }
                Err(error) => {
                    tracing::error!("the journal cannot be followed: {error}");
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            }
        }
    }

    fn remember(&self, page: Vec<StoredEvent>) {
        let mut recent = self.recent();
        recent.extend(page.into_iter().map(Arc::new));
        let gone = recent.len().saturating_sub(REMEMBERED);
        recent.drain(..gone);
    }

    /// Events behind a place, from memory where they are there.
    pub async fn behind(&self, place: u64) -> Result<Vec<Arc<StoredEvent>>, StoreError> {
        {
            let recent = self.recent();
            if recent.front().is_some_and(|first| first.seq <= place + 1) {
                let from = recent.partition_point(|event| event.seq <= place);
                return Ok(recent.iter().skip(from).take(PAGE).cloned().collect());
            }
        }
        Ok(self.store.journal(place, PAGE).await?.into_iter().map(Arc::new).collect())
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<Arc<StoredEvent>>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
