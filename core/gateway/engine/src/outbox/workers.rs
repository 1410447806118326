//! The workers: they send what is due, ask what is open and fetch what waits, until they are stopped.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::ask::EVERY;
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::inquiry;

/// How often what is due is looked for where nobody says that there is something.
const TICK: Duration = Duration::from_millis(100);

/// How long a queue rests after a failure of our own.
const PAUSE: Duration = Duration::from_secs(1);

/// How often messages whose time is over are looked for.
const EXPIRING: Duration = Duration::from_hours(1);

/// The workers of a gateway.
pub struct Workers {
    stop: CancellationToken,
    running: JoinSet<()>,
}

impl Gateway {
    /// Starts the workers.
    pub fn start(&self) -> Workers {
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        running.spawn(sending(self.clone(), stop.clone()));
        running.spawn(asking(self.clone(), stop.clone()));
        running.spawn(filling(self.clone(), stop.clone()));
        running.spawn(telling(self.clone(), stop.clone()));
        if self.is_asked() {
            running.spawn(answering(self.clone(), stop.clone()));
        }
        if !self.0.config.retention.is_empty() {
            running.spawn(expiring(self.clone(), stop.clone()));
        }
        for (name, partner) in &self.0.partners {
            let every = Duration::from_secs(partner.settings.every.max(1).into());
            running.spawn(visiting(self.clone(), name.clone(), every, stop.clone()));
        }
        for (name, account) in &self.0.accounts {
            let Some(channel) = &account.channel else { continue };
            if !channel.streams.is_empty() || channel.objects.is_some() {
                running.spawn(reading(self.clone(), name.clone(), stop.clone()));
            }
            for queue in channel.queues.iter().filter(|queue| queue.is_named(&account.values)) {
                running.spawn(listening(self.clone(), name.clone(), queue.name.to_string(), stop.clone()));
            }
            let lists = channel.notifications.iter().flat_map(|notifications| &notifications.pull);
            if let Some(every) = lists.map(|pull| pull.every.0).min().filter(|_| account.is_polled()) {
                running.spawn(pulling(self.clone(), name.clone(), every, stop.clone()));
            }
        }
        Workers { stop, running }
    }

    /// Sends everything that is due at the moment, and gives how much that was.
    pub async fn work(&self) -> Answer<usize> {
        let mut sent = 0;
        loop {
            let attempts = self.take(self.0.config.gateway.sending).await?;
            if attempts.is_empty() {
                return Ok(sent);
            }
            sent += attempts.len();
            let mut tasks = JoinSet::new();
            for attempt in attempts {
                let gateway = self.clone();
                tasks.spawn(async move {
                    let became = gateway.send(&attempt).await;
                    gateway.settle(&attempt, became).await
                });
            }
            while let Some(done) = tasks.join_next().await {
                done.map_err(crate::error::EngineError::damaged)??;
            }
        }
    }

    /// True where a counterpart may ask something of an account.
    fn is_asked(&self) -> bool {
        let channels = self.0.accounts.values().filter_map(|account| account.channel.as_ref());
        channels.into_iter().any(|channel| !channel.inquiries.is_empty())
    }

    /// The tenants that have accounts.
    pub(crate) fn tenants(&self) -> Vec<String> {
        let mut tenants: Vec<_> =
            self.0.accounts.values().map(|account| account.settings.tenant.clone()).collect();
        tenants.sort_unstable();
        tenants.dedup();
        tenants
    }
}

impl Workers {
    /// Stops them. What is being sent comes to its end first; nothing new is begun.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.running.join_next().await.is_some() {}
    }
}

/// Sends what is due, so many at once.
async fn sending(gateway: Gateway, stop: CancellationToken) {
    let most = gateway.0.config.gateway.sending.max(1);
    let free = Arc::new(Semaphore::new(most));
    let mut tasks = JoinSet::new();
    while !stop.is_cancelled() {
        while tasks.try_join_next().is_some() {}
        let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
        let room = free.available_permits() + 1;
        drop(permit);
        match gateway.take(room).await {
            Ok(attempts) if attempts.is_empty() => {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = gateway.0.queued.notified() => {}
                    () = tokio::time::sleep(TICK) => {}
                }
            }
            Ok(attempts) => {
                for attempt in attempts {
                    let Ok(permit) = Arc::clone(&free).acquire_owned().await else { return };
                    let gateway = gateway.clone();
                    tasks.spawn(async move {
                        let became = gateway.send(&attempt).await;
                        if let Err(error) = gateway.settle(&attempt, became).await {
                            // Its lease runs out, and then it is an attempt of unknown outcome.
                            tracing::error!(%error, submission = attempt.job.submission, "an attempt is not settled");
                        }
                        drop(permit);
                    });
                }
            }
            Err(error) => {
                tracing::error!(%error, "nothing can be sent");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// Asks for what is open.
async fn asking(gateway: Gateway, stop: CancellationToken) {
    let every = Duration::try_from(EVERY).unwrap_or(TICK);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        for tenant in gateway.tenants() {
            if let Err(error) = gateway.ask_all(&tenant).await {
                tracing::error!(%error, tenant, "open outcomes cannot be asked for");
            }
        }
    }
}

/// Declares what waited for the customs master.
async fn filling(gateway: Gateway, stop: CancellationToken) {
    let every = Duration::try_from(EVERY).unwrap_or(TICK);
    loop {
        for tenant in gateway.tenants() {
            if let Err(error) = gateway.fill(&tenant).await {
                tracing::error!(%error, tenant, "orders that waited cannot be declared");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = gateway.0.filled.notified() => {}
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Answers what counterparts ask, and says what was not answered in time.
async fn answering(gateway: Gateway, stop: CancellationToken) {
    loop {
        if let Err(error) = gateway.keep_times().await {
            tracing::error!(%error, "questions of counterparts cannot be answered");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(inquiry::EVERY) => {}
        }
    }
}

/// Erases messages whose time is over.
async fn expiring(gateway: Gateway, stop: CancellationToken) {
    loop {
        match gateway.expire().await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "messages went at the end of their retention"),
            Err(error) => tracing::error!(%error, "messages whose time is over are still kept"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EXPIRING) => {}
        }
    }
}

/// Makes news of what happens.
async fn telling(gateway: Gateway, stop: CancellationToken) {
    let mut written = gateway.0.store.written();
    loop {
        match gateway.tell().await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(%error, "news cannot be made");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            changed = written.changed() => if changed.is_err() { return },
        }
    }
}

/// Reads the orders of an account, and declares what waited for the customs master.
async fn reading(gateway: Gateway, account: String, stop: CancellationToken) {
    while !stop.is_cancelled() {
        // What is told of while it reads is not lost.
        let hinted = gateway.0.hinted.notified();
        tokio::pin!(hinted);
        hinted.as_mut().enable();
        let rest = match gateway.sync(&account).await {
            Ok(round) => round.next.map(|next| next.duration_since(gateway.0.clock.now())),
            Err(error) => {
                tracing::error!(%error, account, "orders cannot be read");
                None
            }
        };
        let rest = rest.and_then(|rest| Duration::try_from(rest).ok()).unwrap_or(Duration::from_secs(1));
        tokio::select! {
            () = stop.cancelled() => return,
            () = hinted => {}
            () = tokio::time::sleep(rest.max(TICK)) => {}
        }
    }
}

/// Asks a queue of an account. What was given is taken to its end; a question that is stopped gives nothing that would not
/// be given again.
async fn listening(gateway: Gateway, account: String, queue: String, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let begun = tokio::time::Instant::now();
        let given = tokio::select! {
            () = stop.cancelled() => return,
            given = gateway.ask_queue(&account, &queue, true) => given,
        };
        let rest = match given {
            Ok(given) => match gateway.take_from_queue(&account, &queue, given).await {
                Ok(round) => round.rest,
                Err(error) => {
                    tracing::error!(%error, account, queue, "messages of a queue are not taken");
                    PAUSE
                }
            },
            Err(error) => {
                tracing::error!(%error, account, queue, "a queue cannot be asked");
                PAUSE
            }
        };
        // Who does not wait for messages is not asked without end.
        let rest = if begun.elapsed() < TICK { rest.max(TICK) } else { rest };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Looks at the folders of a partner.
async fn visiting(gateway: Gateway, partner: String, every: Duration, stop: CancellationToken) {
    loop {
        if let Err(error) = gateway.visit_partner(&partner).await {
            tracing::error!(%error, partner, "the files of a partner are not taken");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Fetches the answers that wait for an account. The first time it looks at those that were fetched before as well.
async fn pulling(gateway: Gateway, account: String, every: SignedDuration, stop: CancellationToken) {
    let every = Duration::try_from(every).unwrap_or(Duration::from_secs(10));
    let mut again = true;
    loop {
        match gateway.pull(&account, again).await {
            Ok(_) => again = false,
            Err(error) => tracing::error!(%error, account, "answers cannot be fetched"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}
