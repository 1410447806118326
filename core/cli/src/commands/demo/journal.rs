//! The journal as it grows.

use std::time::Duration;

use dragoman_engine::Gateway;
use dragoman_store::StoredEvent;

use crate::failure::Failure;

/// How long one look waits for something to happen.
const LOOK: Duration = Duration::from_millis(100);

/// So many events are read at once.
const PAGE: usize = 1000;

/// Who reads it, and how far.
pub struct Journal {
    gateway: Gateway,
    after: u64,
}

impl Journal {
    /// From the beginning.
    pub fn of(gateway: &Gateway) -> Self {
        Self { gateway: gateway.clone(), after: 0 }
    }

    /// What happened since the last look; nothing where nothing does for a while.
    pub async fn look(&mut self) -> Result<Vec<StoredEvent>, Failure> {
        let mut written = self.gateway.store().written();
        let after = self.after;
        // Nothing new is no failure.
        let _ = tokio::time::timeout(LOOK, written.wait_for(|written| *written > after)).await;
        let events = self.gateway.store().journal(self.after, PAGE).await?;
        self.after = events.last().map_or(self.after, |event| event.seq);
        Ok(events)
    }
}
