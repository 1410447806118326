//! What all handlers share.

use std::sync::Arc;
use std::thread::available_parallelism;

use dragoman_adapters::Catalogue;
use dragoman_engine::Gateway;
use dragoman_engine::people::oidc::Provider;
use dragoman_engine::people::{Actor, People};
use jiff::Timestamp;
use tokio::sync::{Semaphore, watch};

use crate::problem::{Kind, Problem};
use crate::tail::Tail;

/// How the interface is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// It is reached over TLS: cookies are `Secure`, and browsers are told to stay with it.
    pub secure: bool,
    /// A proxy stands before it, whose `X-Forwarded-For` says where requests come from.
    pub behind_proxy: bool,
    /// The longest content that is taken, in bytes.
    pub largest: usize,
    /// Who asks where nobody signs in: the demonstration alone is open.
    pub open: Option<Actor>,
    /// Where people may sign in besides here.
    pub oidc: Option<Provider>,
}

impl Default for Options {
    /// Without TLS or proxy, closed, contents up to 16 MiB.
    fn default() -> Self {
        Self { secure: false, behind_proxy: false, largest: 16 << 20, open: None, oidc: None }
    }
}

/// What all handlers share; a clone is the same.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

struct Shared {
    gateway: Gateway,
    tail: Arc<Tail>,
    closing: watch::Sender<bool>,
    people: Arc<People>,
    options: Options,
    /// When it began to serve.
    began: Timestamp,
    /// Long work on contents does not take all threads.
    work: Semaphore,
}

impl Api {
    /// The interface of a gateway.
    pub fn new(gateway: Gateway, people: Arc<People>, options: Options) -> Self {
        let threads = available_parallelism().map_or(2, usize::from);
        let tail = Arc::new(Tail::new(Arc::clone(gateway.store())));
        let (closing, work) = (watch::Sender::new(false), Semaphore::new(threads * 2));
        let began = gateway.clock().now();
        Self(Arc::new(Shared { gateway, tail, closing, people, options, began, work }))
    }

    /// The gateway behind the interface.
    pub fn gateway(&self) -> &Gateway {
        &self.0.gateway
    }

    /// What can be read and written.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        self.0.gateway.catalogue()
    }

    /// The end of the journal.
    pub(crate) fn tail(&self) -> &Arc<Tail> {
        &self.0.tail
    }

    /// Ends what would go on for ever: streams of events. Whoever shuts down waits for nobody then.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Whether the interface closes.
    pub(crate) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// Who may do what.
    pub fn people(&self) -> &People {
        &self.0.people
    }

    /// How the interface is served.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// When it began to serve.
    pub(crate) fn began(&self) -> Timestamp {
        self.0.began
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.0.gateway.clock().now()
    }

    /// Nothing, where requests are served.
    pub(crate) async fn ready(&self) -> Result<(), Problem> {
        let unavailable = |why: &str| Problem::new(Kind::Unavailable).detail(why);
        if *self.0.closing.borrow() {
            return Err(unavailable("the gateway is shutting down"));
        }
        let asked = self.0.gateway.store().record("@ready", "ready", "").await;
        asked.map(drop).map_err(|_| unavailable("the store does not answer"))
    }

    /// Does work that takes a core, beside the threads that serve.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let _permit = self.0.work.acquire().await.map_err(Problem::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
    }
}
