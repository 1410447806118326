//! Resolving names under the guard.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Guard;

/// Where names become addresses.
#[async_trait]
pub trait Names: Send + Sync {
    /// All addresses of a name.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The names that the machine knows.
#[derive(Clone, Copy, Debug)]
pub struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Names under a guard. The connection goes to the addresses that were judged: they are not looked up again.
pub(crate) struct Guarded {
    pub names: Arc<dyn Names>,
    /// None where any address may be connected to.
    pub guard: Option<Guard>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, guard) = (Arc::clone(&self.names), self.guard.clone());
        Box::pin(async move {
            let found = names.addresses(name.as_str()).await?;
            if found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into());
            }
            // One bad address among good ones is no accident: none of them is used.
            if let Some(guard) = guard {
                found.iter().try_for_each(|&address| guard.address(address))?;
            }
            let sockets: Vec<SocketAddr> = found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            Ok::<Addrs, _>(Box::new(sockets.into_iter()))
        })
    }
}
