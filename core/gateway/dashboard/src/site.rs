//! What all pages share, and how they are served.

use std::sync::Arc;

use dragoman_engine::Gateway;
use dragoman_engine::people::{Actor, People};

/// How the pages are served.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// They are reached over TLS: cookies are `Secure`.
    pub secure: bool,
    /// A proxy stands before them, whose `X-Forwarded-For` says where requests come from.
    pub behind_proxy: bool,
    /// Who looks where nobody signs in: the demonstration alone is open.
    pub open: Option<Actor>,
    /// People may sign in at a provider besides here.
    pub oidc: bool,
}

/// What all pages share; a clone is the same.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

struct Shared {
    gateway: Gateway,
    people: Arc<People>,
    options: Options,
}

impl Site {
    /// The pages of a gateway.
    pub fn new(gateway: Gateway, people: Arc<People>, options: Options) -> Self {
        Self(Arc::new(Shared { gateway, people, options }))
    }

    /// The gateway.
    pub fn gateway(&self) -> &Gateway {
        &self.0.gateway
    }

    /// Who may sign in.
    pub fn people(&self) -> &People {
        &self.0.people
    }

    /// How the pages are served.
    pub fn options(&self) -> &Options {
        &self.0.options
    }
}
