//! The simulated counterparts, over HTTP on loopback: where they listen is what the adapter's channel says, what they
//! know and answer is what its `sim.toml` says. What they accept is accepted by a simulator.

mod answers;
mod behaviour;
mod control;
mod door;
mod office;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use dragoman_adapters::Catalogue;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use behaviour::{Behaviour, Next};
pub use office::Received;

use office::Office;

/// How a simulator is played.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on the loopback address; 0 is any that is free.
    pub port: u16,
    /// The same seed gives the same numbers.
    pub seed: u64,
    /// Where notifications are pushed to; fetched where there is nothing.
    pub callback: Option<String>,
    /// What `Authorization` says in what is pushed.
    pub push_token: Option<String>,
    /// Answers come so many times sooner than the script says.
    pub faster: u32,
    /// Whether the counterpart's limits hold.
    pub limits: bool,
    /// What happens to the next messages.
    pub next: Vec<Next>,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 0, seed: 0, callback: None, push_token: None, faster: 1, limits: true, next: Vec::new() }
    }
}

/// Why a simulator cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The adapter has no simulator.
    #[error(
        "`{0}` has no simulator of a customs service: one is made by a channel that submits, and a `sim.toml`"
    )]
    None(String),
    /// Its script has mistakes.
    #[error("the script of `{adapter}` cannot be used: {first}")]
    Script {
        /// The adapter.
        adapter: String,
        /// The first mistake.
        first: String,
    },
    /// The port cannot be had.
    #[error("the simulator cannot listen: {0}")]
    Listen(#[from] std::io::Error),
}

/// A simulator that is being played. It ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it calls itself.
    pub title: String,
    office: Arc<Office>,
    _stop: oneshot::Sender<()>,
}

impl Running {
    /// The address that requests begin with.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it received so far.
    pub fn received(&self) -> Vec<Received> {
        self.office.received()
    }

    /// References that it took more than once.
    pub fn twice(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        self.received()
            .into_iter()
            .filter(|one| one.taken)
            .map(|one| one.lrn)
            .filter(|lrn| !seen.insert(lrn.clone()))
            .collect()
    }
}

/// Plays the customs service of an adapter.
pub async fn serve(
    catalogue: Arc<Catalogue>,
    adapter: &str,
    options: Options,
) -> Result<Running, SimulatorError> {
    let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
    let address = listener.local_addr()?;
    let office = Arc::new(Office::open(catalogue, adapter, options)?);
    let router = Router::new()
        .route("/_sim", get(control::state).post(control::change))
        .fallback(door::enter)
        .with_state(Arc::clone(&office));
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(async move {
            // Whether it was told or dropped is the same.
            let _ = stopped.await;
        });
        if let Err(error) = served.await {
            tracing::error!(%error, "a simulator ended");
        }
    });
    let title = office.title().to_owned();
    Ok(Running { address, title, office, _stop: stop })
}
