//! Sending news.

use dragoman_channel::Values;
use dragoman_exchange::{ErrorClass, Retry};
use dragoman_transport::webhook::{SigningKey, post};
use dragoman_transport::{Cause, Failure};
use jiff::SignedDuration;

use super::endpoint::{Endpoint, SPACE};
use crate::gateway::Gateway;
use crate::outbox::{Attempt, Became, failed};

/// News are tried for some three days, as others do.
pub(crate) const RETRY: Retry =
    Retry { first: SignedDuration::from_secs(5), longest: SignedDuration::from_hours(4), attempts: 30 };

impl Gateway {
    /// Sends news to the address that they are for. Sending them twice is as good as once: their id tells.
    pub(crate) async fn send_news(&self, attempt: &Attempt) -> Became {
        let Attempt { job, about } = attempt;
        let record = self.0.store.record(&job.tenant, SPACE, &about.account).await;
        let endpoint: Endpoint = match record {
            Ok(Some(record)) => match serde_json::from_str(&record.body) {
                Ok(endpoint) => endpoint,
                Err(error) => return failed(ErrorClass::InvalidRequest, &error.to_string()),
            },
            Ok(None) => return failed(ErrorClass::InvalidRequest, "the endpoint was removed"),
            Err(error) => return failed(ErrorClass::Transient, &error.to_string()),
        };
        if endpoint.disabled {
            return failed(ErrorClass::InvalidRequest, "the endpoint is switched off");
        }
        let keys: Result<Vec<_>, _> = endpoint.keys.iter().map(|key| SigningKey::read(key)).collect();
        let keys = match keys {
            Ok(keys) => keys,
            Err(error) => return failed(ErrorClass::InvalidRequest, &error.to_string()),
        };
        let (at, body) = (self.0.clock.now(), job.body.clone().into());
        match post(&self.0.strangers, &endpoint.url, &keys, &job.submission, at, body).await {
            Ok(200..=299) => Became::Done(Values::new(), None),
            // The receiver says that it wants nothing any more.
            Ok(410) => failed(ErrorClass::InvalidRequest, "the address is gone (410)"),
            // A redirect is no reason to go elsewhere: the address that was checked is the one that was registered.
            Ok(status) => failed(ErrorClass::Transient, &format!("status {status}")),
            Err(Failure::NotSent(cause @ (Cause::Refused(_) | Cause::Request(_)))) => {
                failed(ErrorClass::InvalidRequest, &cause.to_string())
            }
            Err(failure) => failed(ErrorClass::Transient, &failure.to_string()),
        }
    }
}
