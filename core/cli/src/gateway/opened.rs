//! A gateway on its store.

use std::sync::Arc;

use dragoman_adapters::Catalogue;
use dragoman_engine::people::People;
use dragoman_engine::{Clock, Config, Files, Gateway, OpenError};
use dragoman_store::{Store, StoreError};
use tokio::runtime::Runtime;

use crate::failure::Failure;
use crate::gateway::Configured;

/// A gateway, and who may use it.
pub struct Opened {
    /// The gateway.
    pub gateway: Gateway,
    /// Who may use it.
    pub people: Arc<People>,
}

impl Opened {
    /// Opens the store, and the gateway on it.
    pub async fn open(configured: &Configured, catalogue: Arc<Catalogue>) -> Result<Self, Failure> {
        Self::on(configured.open_store()?, configured, catalogue).await
    }

    /// Opens the gateway on a store.
    pub async fn on(
        store: Arc<dyn Store>,
        configured: &Configured,
        catalogue: Arc<Catalogue>,
    ) -> Result<Self, Failure> {
        let files = |name: &str| configured.read_file(name);
        let config = configured.placed();
        let opened = Self::of(store, config, &files, catalogue, Clock::system()).await;
        opened.map_err(|error| configured.refused(error))
    }

    /// Opens a gateway, wherever its configuration comes from.
    pub async fn of(
        store: Arc<dyn Store>,
        config: Config,
        files: Files<'_>,
        catalogue: Arc<Catalogue>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let gateway = Gateway::open(config, files, catalogue, Arc::clone(&store), clock).await?;
        Ok(Self { gateway, people: Arc::new(People::new(store)) })
    }
}

/// The threads that a gateway runs on.
pub fn runtime() -> Result<Runtime, Failure> {
    // A second one in a process changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Runtime::new().map_err(|error| Failure::failed(&error))
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::InUse(_) => Some("end it, or name another folder with --data"),
            StoreError::Key(_) => {
                Some("`gateway.master_key` names the file of the key that it was made with")
            }
            StoreError::Older { .. } => Some("`dragoman migrate` brings it up to date"),
            StoreError::Damaged(_) => {
                Some("`dragoman verify` says what is damaged, `dragoman restore` brings a backup back")
            }
            _ => None,
        };
        Self::Failed { message: error.to_string(), hint: hint.map(str::to_owned) }
    }
}
