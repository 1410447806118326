//! The access of one account, and how it is renewed.

use std::time::Duration;

use dragoman_channel::{Auth, Encoding, Grant, Standing, Token};
use dragoman_exchange::ErrorClass;
use jiff::Timestamp;
use tokio::time::Instant;

use super::{Ask, Authorised, Kept, TokenFailure, TokenKeeper, hash};
use crate::exchange::{exchange, nonce};
use crate::secret::Secret;

/// How long a failure is believed: so many who wait do not ask one after another.
const BELIEVED: Duration = Duration::from_secs(1);

/// What is known of an account's access. One at a time looks at it.
#[derive(Default)]
pub(super) struct Cell {
    is_loaded: bool,
    kept: Option<Kept>,
    /// False where it could not be kept yet. It is not used until it is.
    is_kept: bool,
    /// False where the access token came from the counterpart and was not used with success since.
    works: bool,
    failed: Option<(Instant, TokenFailure)>,
}

impl Cell {
    /// What is known without asking the counterpart; nothing where it has to be asked.
    pub fn ready(&self, now: Timestamp) -> Option<Result<Secret, TokenFailure>> {
        let kept = self.kept.as_ref().filter(|_| self.is_kept);
        let access = |before: Timestamp, kept: &Kept| {
            (now < before).then(|| Ok(Secret::new(kept.token.access.as_str())))
        };
        if let Some(ready) = kept.and_then(|kept| access(kept.token.refresh_at, kept)) {
            return Some(ready);
        }
        let failed = self.failed.as_ref().filter(|(at, _)| at.elapsed() < BELIEVED);
        let lapsed = kept.and_then(|kept| kept.lapsed.clone());
        let failure = match (lapsed, failed) {
            (Some(said), _) => TokenFailure::NeedsPerson(Some(said)),
            (None, Some((_, failure))) => failure.clone(),
            (None, None) => return None,
        };
        // A token that still holds is better than none.
        kept.and_then(|kept| access(kept.token.expires_at, kept)).or(Some(Err(failure)))
    }

    /// Asks the counterpart for an access token, unless one was kept.
    pub async fn renew(&mut self, ask: &Ask, keeper: &dyn TokenKeeper) -> Result<Secret, TokenFailure> {
        let renewed = self.renewed(ask, keeper).await;
        // Keeping it is tried again each time: nobody else is bothered by that.
        if let Err(failure @ TokenFailure::NotKept(_)) = renewed {
            return Err(failure);
        }
        self.failed = renewed.err().map(|failure| (Instant::now(), failure));
        let ended = || Err(TokenFailure::NotGiven("it had ended when it came".into()));
        self.ready(ask.now).unwrap_or_else(ended)
    }

    async fn renewed(&mut self, ask: &Ask, keeper: &dyn TokenKeeper) -> Result<(), TokenFailure> {
        self.load(ask, keeper).await?;
        if self.kept.is_some() && !self.is_kept {
            self.keep(ask, keeper).await?;
        }
        if self.ready(ask.now).is_some() {
            return Ok(());
        }
        let before = self.kept.as_ref().and_then(|kept| kept.token.refresh.clone());
        let mut values = ask.values.clone();
        if let Some(refresh) = &before {
            values.set("token.refresh", refresh.as_str());
        }
        let grant = if outlives(ask) { Grant::Refresh } else { Grant::Client };
        match given(ask, grant, &values).await {
            Ok(token) => {
                let authorised = self.kept.as_ref().and_then(|kept| kept.authorised.clone());
                self.take(ask, Token { refresh: token.refresh.or(before), ..token }, authorised, keeper).await
            }
            Err(failure) => {
                let kept = self.kept.as_mut().filter(|_| outlives(ask));
                if let (TokenFailure::NeedsPerson(said), Some(kept)) = (&failure, kept) {
                    kept.lapsed = Some(said.clone().unwrap_or_default());
                    self.keep(ask, keeper).await?;
                }
                Err(failure)
            }
        }
    }

    /// A person authorised the application.
    pub async fn authorised(
        &mut self,
        ask: &Ask,
        by: String,
        keeper: &dyn TokenKeeper,
    ) -> Result<(), TokenFailure> {
        let token = given(ask, Grant::Code, &ask.values).await?;
        self.is_loaded = true;
        self.failed = None;
        self.take(ask, token, Some(Authorised { by, at: ask.now }), keeper).await
    }

    /// The counterpart does not take an access token: the next request asks for another one, unless somebody else did.
    /// True where the counterpart gave it just now.
    pub fn refused(&mut self, access: &Secret) -> bool {
        let Some(kept) = self.kept.as_mut().filter(|kept| Secret::new(kept.token.access.as_str()) == *access)
        else {
            return false;
        };
        (kept.token.refresh_at, kept.token.expires_at) = (Timestamp::MIN, Timestamp::MIN);
        !self.works
    }

    /// The counterpart takes an access token.
    pub fn worked(&mut self, access: &Secret) {
        let is_it = |kept: &Kept| Secret::new(kept.token.access.as_str()) == *access;
        self.works |= self.kept.as_ref().is_some_and(is_it);
    }

    async fn load(&mut self, ask: &Ask, keeper: &dyn TokenKeeper) -> Result<(), TokenFailure> {
        if !self.is_loaded && outlives(ask) {
            let kept = keeper.load(&ask.account).await.map_err(TokenFailure::NotKept)?;
            // A refresh token that was configured meanwhile is a new beginning.
            self.kept = kept.filter(|kept| kept.configured == configured(ask));
            (self.is_kept, self.works) = (true, true);
        }
        self.is_loaded = true;
        Ok(())
    }

    async fn take(
        &mut self,
        ask: &Ask,
        token: Token,
        authorised: Option<Authorised>,
        keeper: &dyn TokenKeeper,
    ) -> Result<(), TokenFailure> {
        self.kept = Some(Kept { token, authorised, configured: configured(ask), lapsed: None });
        (self.is_kept, self.works) = (false, false);
        self.keep(ask, keeper).await
    }

    async fn keep(&mut self, ask: &Ask, keeper: &dyn TokenKeeper) -> Result<(), TokenFailure> {
        if let Some(kept) = self.kept.as_ref().filter(|_| outlives(ask)) {
            keeper.keep(&ask.account, kept).await.map_err(TokenFailure::NotKept)?;
        }
        self.is_kept = true;
        Ok(())
    }
}

/// Whether a token is to outlive the process: one for the application itself can be had again at any time.
fn outlives(ask: &Ask) -> bool {
    let is_own = matches!(ask.channel.settings.auth, Auth::Oauth2ClientCredentials(_));
    ask.standing == Standing::Account && !is_own
}

/// The hash of the refresh token of the configuration.
fn configured(ask: &Ask) -> Option<String> {
    let template = ask.channel.settings.auth.oauth2()?.refresh.as_ref()?;
    let text = template.fill(&ask.values, Encoding::Plain).ok()?;
    Some(hash(&text))
}

/// Asks the counterpart.
async fn given(ask: &Ask, grant: Grant, values: &dragoman_channel::Values) -> Result<Token, TokenFailure> {
    let needs_person = ask.channel.settings.auth.needs_a_person();
    let request = ask.channel.token_request(grant, values);
    let mut request = request.map_err(|missing| match missing.0 {
        name if name == "token.refresh" && needs_person => TokenFailure::NeedsPerson(None),
        name => TokenFailure::Missing(name),
    })?;
    let signed = ask.channel.sign(&mut request, values, ask.now, &nonce());
    signed.map_err(|missing| TokenFailure::Missing(missing.0))?;
    let answer = exchange(&ask.http, &request).await;
    let answer = answer.map_err(|failure| TokenFailure::NotGiven(failure.to_string()))?;
    ask.channel.token(&answer, ask.now).map_err(|failure| {
        let is_over = failure.code.as_deref() == Some("invalid_grant");
        let said = failure.message.or(failure.code);
        match failure.class {
            ErrorClass::AuthRevoked if is_over => TokenFailure::NeedsPerson(said),
            ErrorClass::AuthRevoked | ErrorClass::InvalidRequest => {
                TokenFailure::Refused(said.unwrap_or_else(|| format!("status {}", answer.status)))
            }
            class => {
                TokenFailure::NotGiven(said.unwrap_or_else(|| format!("{class}, status {}", answer.status)))
            }
        }
    })
}
