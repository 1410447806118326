//! The public keys that platforms sign what they tell with: asked for by their ids, and kept for a while.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dragoman_channel::Values;
use dragoman_exchange::{ErrorClass, Purpose};
use jiff::{SignedDuration, Timestamp};

use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::About;
use crate::outbox::Became;

/// The value that an answer gives a key as.
pub(crate) const KEY: &str = "signature.key";

/// The value that a key is asked for with.
const KID: &str = "signature.kid";

/// How long a key is kept; the platform says an hour.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How long it is known that there is no such key: anybody may name one.
const ABSENT: SignedDuration = SignedDuration::from_mins(5);

/// So many are kept at once.
const MOST: usize = 1000;

/// Keys, by `account/id`.
#[derive(Default)]
pub(crate) struct Keys(Mutex<HashMap<String, Kept>>);

/// What is known of a key, until a moment.
#[derive(Clone)]
struct Kept {
    /// None where there is no such key.
    key: Option<String>,
    until: Timestamp,
}

impl Keys {
    fn of(&self, account: &str, kid: &str, now: Timestamp) -> Option<Kept> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&format!("{account}/{kid}")).filter(|kept| now < kept.until).cloned()
    }

    fn keep(&self, account: &str, kid: &str, key: Option<String>, now: Timestamp) {
        let until = now.checked_add(if key.is_some() { KEPT } else { ABSENT }).unwrap_or(now);
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MOST {
            keys.retain(|_, kept| kept.key.is_some() && now < kept.until);
        }
        keys.insert(format!("{account}/{kid}"), Kept { key, until });
    }
}

impl Gateway {
    /// A public key of an account's platform by its id; none where there is no such key.
    pub(crate) async fn public_key(
        &self,
        account: &Account,
        operation: &str,
        kid: &str,
    ) -> Answer<Option<String>> {
        let now = self.0.clock.now();
        if let Some(known) = self.0.keys.of(account.name(), kid, now) {
            return Ok(known.key);
        }
        let not_given =
            || EngineError::NotGiven { id: format!("key {kid}"), account: account.name().to_owned() };
        let channel = account.channel.as_ref().ok_or_else(not_given)?;
        let asked = channel.operation(operation).ok_or_else(not_given)?;
        // Whoever sends what is not signed does not use up what may be asked for.
        if self.turn(account, channel, operation).is_some() {
            return Err(not_given());
        }
        let about = About::new(account.name(), operation, Purpose::Fulfilment);
        let mut values = self.values(account, &about);
        values.extend(&Values::new().with(KID, kid));
        let key = match self.ask(account, channel, asked, &values, None).await {
            Became::Done(given, _) => given.get(KEY).map(str::to_owned),
            Became::Failed(failure, _)
                if matches!(failure.class, ErrorClass::NotFound | ErrorClass::InvalidRequest) =>
            {
                None
            }
            _ => return Err(not_given()),
        };
        self.0.keys.keep(account.name(), kid, key.clone(), now);
        Ok(key)
    }
}
