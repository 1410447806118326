//! Serving a simulator on loopback.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use dragoman_adapters::{Catalogue, CatalogueError};
use dragoman_mapping::language::LoadError;
use dragoman_sim::{Behaviour, Play, Trouble};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::control::Change;
use crate::line::{Lines, Scissors};
use crate::log::{Entry, Twice};
use crate::platform::{Platform, Sold};
use crate::request::Request;
use crate::simulator::Simulator;
use crate::telling::Told;

/// The largest body that is taken: 32 MB.
const LARGEST: usize = 32 << 20;

/// How a simulator is to play.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port; any that is free, where it is 0.
    pub port: u16,
    /// What numbers, tokens and chances follow from.
    pub seed: u64,
    /// How fast time goes: all pauses, lifetimes and limits of the simulator are divided by it.
    pub faster: u32,
    /// False where its limits are lifted.
    pub limits: bool,
    /// Where notifications are pushed; they wait to be fetched, where there is none.
    pub callback: Option<Callback>,
    /// What it is told at the beginning: its script.
    pub change: Change,
    /// Its clock.
    pub clock: Clock,
    /// True where what is told of orders is not pushed, but handed out by [`Running::told`].
    pub held: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 0,
            faster: 1,
            limits: true,
            callback: None,
            change: Change::default(),
            clock: Clock::default(),
            held: false,
        }
    }
}

impl Options {
    /// The usual way, and what is to be played at first.
    pub fn playing(plays: impl IntoIterator<Item = Play>) -> Self {
        let change = Change { plays: plays.into_iter().collect(), ..Change::default() };
        Self { change, ..Self::default() }
    }
}

/// Where notifications are pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// The address.
    pub url: String,
    /// Headers, such as a token that is agreed on.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What is pushed is signed with this, where it is signed.
    #[serde(default)]
    pub secret: Option<String>,
}

/// Why there is no simulator.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The adapter has none that can be served.
    #[error("there is no simulator of `{0}`: it takes a `sim.toml` with a `[door]`")]
    None(String),
    /// Its file has mistakes.
    #[error("{path} has {} mistakes, the first: {}", .errors.len(), .errors.first().map_or("", |error| &error.message))]
    Script {
        /// The file.
        path: String,
        /// The mistakes.
        errors: Vec<LoadError>,
    },
    /// A message that it names cannot be had.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// It cannot do its work.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// There is no such behaviour.
    #[error("the simulator has no behaviour `{0}`")]
    Behaviour(String),
    /// Nobody can do that to this order.
    #[error("order {0}: this cannot be done there")]
    Act(String),
    /// It is told to place orders, and has none.
    #[error("the simulator is no platform: it has no orders")]
    NoOrders,
    /// What it is told to place is no order, or its script does not say how orders are made up.
    #[error("this is no order that the simulator can place")]
    NoOrder,
    /// It is told to ask, and has nothing to ask for.
    #[error("the simulator asks nothing")]
    AsksNothing,
    /// There is no port or no client.
    #[error("the simulator cannot be reached: {0}")]
    Network(String),
}

/// A simulator at work. It ends when it is dropped or stopped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, on loopback.
    pub address: SocketAddr,
    /// What people call it.
    pub title: String,
    simulator: Arc<Simulator>,
    ends: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// The address that requests begin with: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that came, the last twenty thousand of them.
    pub fn requests(&self) -> Vec<Entry> {
        self.simulator.log().after(0, usize::MAX)
    }

    /// Those of them by which a message, a document or a parcel was taken, whatever was answered.
    pub fn received(&self) -> Vec<Entry> {
        self.requests().into_iter().filter(|entry| entry.taken).collect()
    }

    /// References that were taken more than once on one route; of all requests.
    pub fn twice(&self) -> Vec<Twice> {
        self.simulator.log().twice()
    }

    /// How many messages were taken; of all requests.
    pub fn taken(&self) -> u64 {
        self.simulator.log().taken()
    }

    /// How many notifications were pushed and taken; none while others are on their way.
    pub fn pushed(&self) -> Option<u64> {
        // What has to be fetched is never pushed.
        let Some(pusher) = self.simulator.pusher() else { return Some(0) };
        let pushed = pusher.pushed();
        (pusher.waiting() == 0).then_some(pushed)
    }

    /// How many notifications wait to be pushed, or are on their way.
    pub fn pushing(&self) -> usize {
        self.simulator.pusher().map_or(0, |pusher| pusher.waiting())
    }

    /// The orders of a platform as they stand in its books, in the order in which they were placed.
    pub fn orders(&self) -> Vec<Sold> {
        self.simulator.platform().map(Platform::books).unwrap_or_default()
    }

    /// What is to be told of orders by now, where it is held.
    pub fn told(&self) -> Vec<Told> {
        self.simulator.pusher().map(|pusher| pusher.held()).unwrap_or_default()
    }

    /// How many messages are in the queue, given or not.
    pub fn queued(&self) -> usize {
        self.simulator.queue().len()
    }

    /// What an account says to be let in, by the names of the adapter's settings, `base_url` among them.
    pub fn account(&self) -> BTreeMap<String, String> {
        self.simulator.account(&self.url())
    }

    /// The setting of the account that holds what is told of orders is signed with; none where nothing is told.
    pub fn webhook_secret(&self) -> Option<&str> {
        self.simulator.platform()?.shop().webhook.as_ref()?.secret.as_deref()
    }

    /// What can be asked: method, path and name.
    pub fn routes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let routes = self.simulator.door().route.iter();
        routes.map(|route| (route.method.word(), &*route.path, &*route.name))
    }

    /// What can be played.
    pub fn behaviours(&self) -> impl Iterator<Item = &Behaviour> {
        self.simulator.plays().behaviours().iter().map(|behaviour| &**behaviour)
    }

    /// Tells it something, as its control does.
    pub fn change(&self, change: Change) -> Result<(), SimulatorError> {
        self.simulator.change(change)
    }

    /// Ends it: nothing new is taken, and what is on its way is answered.
    pub async fn stop(mut self) {
        let _ = self.ends.send(true);
        if let Some(server) = self.tasks.pop() {
            let _ = server.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.ends.send(true);
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Serves the simulator of an adapter on loopback.
pub async fn serve(
    catalogue: Arc<Catalogue>,
    adapter: &str,
    options: Options,
) -> Result<Running, SimulatorError> {
    let (port, held) = (options.port, options.held);
    let network = |error: &dyn std::fmt::Display| SimulatorError::Network(error.to_string());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| network(&error))?;
    let address: SocketAddr = listener.local_addr().map_err(|error| network(&error))?;
    let simulator = Arc::new(Simulator::open(&catalogue, adapter, options)?);
    let (ends, mut ended) = watch::channel(false);
    let mut tasks = Vec::new();
    if let Some(pusher) = simulator.pusher().filter(|_| !held) {
        tasks.push(tokio::spawn(pusher.run()));
    }
    let router = Router::new().fallback(handle).with_state(Arc::clone(&simulator));
    let service = router.into_make_service_with_connect_info::<Scissors>();
    let until = async move {
        let _ = ended.wait_for(|ended| *ended).await;
    };
    tasks.push(tokio::spawn(async move {
        if let Err(error) = axum::serve(Lines(listener), service).with_graceful_shutdown(until).await {
            tracing::warn!(%error, "the simulator ended");
        }
    }));
    let title = simulator.title().to_owned();
    Ok(Running { address, title, simulator, ends, tasks })
}

async fn handle(
    State(simulator): State<Arc<Simulator>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: axum::extract::Request,
) -> Response {
    let (head, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, LARGEST).await {
        Ok(body) => body,
        Err(_) => Bytes::new(),
    };
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body,
    };
    let answer = simulator.answer(&request);
    if !answer.after.is_zero() {
        tokio::time::sleep(answer.after).await;
    }
    if let Some(bytes) = answer.cut_after {
        scissors.cut_after(bytes);
    }
    let mut response = Response::builder().status(answer.status).header("Date", simulator.date());
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap_or_default()
}
