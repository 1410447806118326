//! Access tokens: asked for once however many wait for one, refreshed before they end, and kept before they are used.

mod cell;
mod code;
mod failure;
mod kept;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dragoman_channel::{Channel, Standing, Values};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex as Flight;

use crate::account::Account;
use crate::http::Http;
use crate::secret::Secret;
use cell::Cell;
pub use code::{Begun, Came, Pending};
pub use failure::TokenFailure;
pub use kept::{Authorised, Kept, Outlook, TokenKeeper, Unreadable};

/// SHA-256 in hexadecimal digits: what may be kept of a secret.
fn hash(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Who wants a token, and all that is needed to ask for it.
struct Ask {
    http: Http,
    channel: Channel,
    account: String,
    values: Values,
    standing: Standing,
    now: Timestamp,
}

impl Ask {
    fn new(account: Account<'_>, standing: Standing, http: &Http, now: Timestamp) -> Self {
        Self {
            http: http.clone(),
            channel: account.channel.clone(),
            account: account.name.to_owned(),
            values: account.values.clone(),
            standing,
            now,
        }
    }
}

/// Whose token: an account's, in a standing.
type Of = (String, Standing);

/// The tokens of all accounts.
pub(crate) struct Tokens {
    keeper: Arc<dyn TokenKeeper>,
    cells: Mutex<HashMap<Of, Arc<Flight<Cell>>>>,
}

impl Tokens {
    pub fn new(keeper: Arc<dyn TokenKeeper>) -> Self {
        Self { keeper, cells: Mutex::default() }
    }

    fn cell(&self, account: &str, standing: Standing) -> Arc<Flight<Cell>> {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(cells.entry((account.to_owned(), standing)).or_default())
    }

    /// The access token of an account. Who comes while one is being asked for waits for that one.
    pub async fn get(
        &self,
        account: Account<'_>,
        standing: Standing,
        http: &Http,
        now: Timestamp,
    ) -> Result<Secret, TokenFailure> {
        let mut cell = self.cell(account.name, standing).lock_owned().await;
        if let Some(ready) = cell.ready(now) {
            return ready;
        }
        let ask = Ask::new(account, standing, http, now);
        let keeper = Arc::clone(&self.keeper);
        // In a task of its own: who asked may go away meanwhile, and what was given in exchange for a refresh token
        // that is good once must be kept all the same.
        let renewed = tokio::spawn(async move { cell.renew(&ask, &*keeper).await });
        renewed.await.unwrap_or_else(|error| Err(TokenFailure::NotGiven(error.to_string())))
    }

    /// A person authorised the application: `proved` holds `token.code`, `token.redirect` and `token.verifier`. The end
    /// of what was granted is known as soon as the token is kept, which is before it is used.
    pub async fn authorised(
        &self,
        account: Account<'_>,
        by: &str,
        proved: &Values,
        http: &Http,
        now: Timestamp,
    ) -> Result<(), TokenFailure> {
        let mut cell = self.cell(account.name, Standing::Account).lock_owned().await;
        let mut ask = Ask::new(account, Standing::Account, http, now);
        ask.values.extend(proved);
        let (keeper, by) = (Arc::clone(&self.keeper), by.to_owned());
        let taken = tokio::spawn(async move { cell.authorised(&ask, by, &*keeper).await });
        taken.await.unwrap_or_else(|error| Err(TokenFailure::NotGiven(error.to_string())))
    }

    /// What the counterpart thinks of an access token. True where it refuses one that it gave just now.
    pub async fn judged(&self, account: &str, standing: Standing, access: &Secret, is_refused: bool) -> bool {
        let cell = self.cell(account, standing);
        if is_refused {
            return cell.lock().await.refused(access);
        }
        // Nobody waits to say that all is well.
        if let Ok(mut cell) = cell.try_lock() {
            cell.worked(access);
        }
        false
    }

    /// Who authorised the application for an account, and how that will hold.
    pub async fn outlook(
        &self,
        account: Account<'_>,
        now: Timestamp,
    ) -> Result<(Option<Authorised>, Outlook), TokenFailure> {
        let auth = &account.channel.settings.auth;
        let Some(oauth2) = auth.oauth2().filter(|_| auth.needs_a_person()) else {
            return Ok((None, Outlook::Good { until: None }));
        };
        let kept = self.keeper.load(account.name).await.map_err(TokenFailure::NotKept)?;
        let outlook = kept.as_ref().map(|kept| kept.outlook(oauth2, now));
        let outlook = outlook.unwrap_or(Outlook::NeedsPerson { said: None });
        Ok((kept.and_then(|kept| kept.authorised), outlook))
    }
}
