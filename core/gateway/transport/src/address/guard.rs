//! The guard: public addresses, and what an operator allows besides.

use std::net::IpAddr;

use ipnet::IpNet;
use thiserror::Error;
use url::{Host, Url};

use super::is_public;

/// Judges where strangers' URLs lead.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Networks that may be connected to although they are not public.
    pub allow: Vec<IpNet>,
    /// Whether `http:` is good enough, as in a demonstration.
    pub plain: bool,
}

/// Why a URL is not connected to.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Another scheme than `https`, or `http` where that is allowed.
    #[error("`{0}:` is not a scheme that is connected to")]
    Scheme(Box<str>),
    /// A user name or a password stands in the URL.
    #[error("a URL that is connected to holds no user name and no password")]
    Credentials,
    /// The URL names no host.
    #[error("the URL names no host")]
    NoHost,
    /// The host is, or resolves to, an address that is not public.
    #[error("{address} is not a public address, and is not among those that are allowed")]
    Private {
        /// The address.
        address: IpAddr,
    },
}

impl Guard {
    /// Judges what a URL says. A host that is a name is judged again when it is resolved: this alone is no protection.
    ///
    /// `url::Url` reads an IPv4 address in each of its spellings (`127.1`, `0x7f000001`, `2130706433`, `0177.0.0.1`)
    /// as the address that it is.
    pub fn url(&self, url: &Url) -> Result<(), Refused> {
        let allowed = url.scheme() == "https" || (self.plain && url.scheme() == "http");
        if !allowed {
            return Err(Refused::Scheme(url.scheme().into()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Credentials);
        }
        match url.host() {
            None => Err(Refused::NoHost),
            Some(Host::Domain(_)) => Ok(()),
            Some(Host::Ipv4(v4)) => self.address(v4.into()),
            Some(Host::Ipv6(v6)) => self.address(v6.into()),
        }
    }

    /// Judges an address.
    pub fn address(&self, address: IpAddr) -> Result<(), Refused> {
        let plain = address.to_canonical();
        if is_public(plain) || self.allow.iter().any(|net| net.contains(&plain)) {
            return Ok(());
        }
        Err(Refused::Private { address })
    }
}
