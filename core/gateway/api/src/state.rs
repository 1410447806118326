//! What all handlers share.

use std::sync::Arc;
use std::thread::available_parallelism;

use dragoman_adapters::Catalogue;
use dragoman_engine::people::{Actor, People};
use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::problem::Problem;

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
}

impl Default for Options {
    /// Without TLS or proxy, closed, contents up to 16 MiB.
    fn default() -> Self {
        Self { secure: false, behind_proxy: false, largest: 16 << 20, open: None }
    }
}

/// What all handlers share; a clone is the same.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

struct Shared {
    catalogue: Arc<Catalogue>,
    people: Arc<People>,
    options: Options,
    /// Long work on contents does not take all threads.
    work: Semaphore,
}

impl Api {
    /// The interface of a gateway.
    pub fn new(catalogue: Arc<Catalogue>, people: Arc<People>, options: Options) -> Self {
        let threads = available_parallelism().map_or(2, usize::from);
        Self(Arc::new(Shared { catalogue, people, options, work: Semaphore::new(threads * 2) }))
    }

    /// What can be read and written.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.0.catalogue
    }

    /// Who may do what.
    pub fn people(&self) -> &People {
        &self.0.people
    }

    /// How the interface is served.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Nothing, where requests are served.
    #[expect(clippy::unused_async, reason = "the store will be asked")]
    pub async fn ready(&self) -> Result<(), Problem> {
        Ok(())
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
