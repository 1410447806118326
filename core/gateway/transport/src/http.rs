//! One HTTP exchange: a request out, an answer in, within bounds of time and size.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use reqwest::redirect;
use thiserror::Error;

use crate::address::{Guard, Guarded, Names, SystemNames};
use crate::failure::{Cause, Failure};
use crate::secret::Secret;

/// How long an idle connection is kept. Servers close theirs after 5 seconds and more: who asks through a connection
/// that is just being closed does not learn whether the request arrived.
const IDLE: Duration = Duration::from_secs(4);

/// The bounds of an exchange, and who is trusted in it.
#[derive(Clone)]
pub struct Settings {
    /// Time to resolve the name, to connect and to agree on TLS.
    pub connect: Duration,
    /// Time from there to the end of the answer.
    pub answer: Duration,
    /// Bytes that the body of an answer may have, after it was unpacked.
    pub largest_answer: usize,
    /// Certificate authorities that are trusted besides the machine's, as PEM.
    pub authorities: Option<Vec<u8>>,
    /// Our own certificate with its chain, and its key, as PEM.
    pub identity: Option<Secret>,
    /// Set where strangers name the address.
    pub guard: Option<Guard>,
    /// Where names become addresses.
    pub names: Arc<dyn Names>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_mins(1),
            largest_answer: 16 * 1024 * 1024,
            authorities: None,
            identity: None,
            guard: None,
            names: Arc::new(SystemNames),
        }
    }
}

impl Settings {
    /// For webhooks, whose receivers are strangers and have nothing to say but a status.
    pub fn webhooks(guard: Guard) -> Self {
        Self {
            answer: Duration::from_secs(20),
            largest_answer: 64 * 1024,
            guard: Some(guard),
            ..Self::default()
        }
    }
}

/// What is wrong with the settings.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The certificate authorities are no PEM.
    #[error("the certificate authorities cannot be read")]
    Authorities(#[source] reqwest::Error),
    /// The certificate and the key are no PEM, or do not belong together.
    #[error("our certificate and its key cannot be read")]
    Identity(#[source] reqwest::Error),
    /// The client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// Connections to counterparts. Redirects are answers, not followed; nothing is sent twice; proxies of the environment
/// are not used, since a proxy would resolve names past the guard.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    guard: Option<Guard>,
    largest_answer: usize,
}

impl Http {
    /// Sets connections up. None is made yet.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        // The one provider that is linked. Who installed one before keeps it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = match builder(settings)?.build() {
            Ok(client) => client,
            // A machine without certificate authorities still speaks HTTP on loopback, and trusts nobody otherwise.
            Err(error) if settings.authorities.is_none() => {
                tracing::warn!("no certificate authorities on this machine: TLS will trust nobody");
                builder(settings)?.tls_certs_only([]).build().map_err(|_| SettingsError::Client(error))?
            }
            Err(error) => return Err(SettingsError::Client(error)),
        };
        Ok(Self { client, guard: settings.guard.clone(), largest_answer: settings.largest_answer })
    }

    /// Sends a request once.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, Failure> {
        let request =
            reqwest::Request::try_from(request).map_err(|error| Failure::request(&error.without_url()))?;
        if let Some(guard) = &self.guard {
            guard.url(request.url()).map_err(|refused| Failure::NotSent(refused.into()))?;
        }
        let answer = self.client.execute(request).await.map_err(Failure::of)?;
        let mut whole = Response::new(Bytes::new());
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = answer.headers().clone();
        *whole.body_mut() = self.body(answer).await?;
        Ok(whole)
    }

    /// Reads a body, no further than allowed.
    async fn body(&self, mut answer: reqwest::Response) -> Result<Bytes, Failure> {
        let limit = self.largest_answer;
        let status = Some(answer.status().as_u16());
        let too_large = || Failure::Unknown { cause: Cause::TooLarge { limit }, status };
        if answer.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| Failure::broken(&error, status))? {
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

fn builder(settings: &Settings) -> Result<reqwest::ClientBuilder, SettingsError> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("dragoman/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .http1_only()
        .pool_idle_timeout(IDLE)
        .connect_timeout(settings.connect)
        .timeout(settings.connect + settings.answer)
        .dns_resolver(Guarded { names: Arc::clone(&settings.names), guard: settings.guard.clone() });
    if let Some(pem) = &settings.authorities {
        let authorities = reqwest::Certificate::from_pem_bundle(pem).map_err(SettingsError::Authorities)?;
        builder = builder.tls_certs_merge(authorities);
    }
    if let Some(pem) = &settings.identity {
        let identity =
            reqwest::Identity::from_pem(pem.expose().as_bytes()).map_err(SettingsError::Identity)?;
        builder = builder.identity(identity);
    }
    Ok(builder)
}
