//! The people and programs that are known, and what they show to be let in.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use dragoman_store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use super::actor::{Actor, Right, Role};
use super::attempts::Attempts;
use super::cookie::SESSION;
use super::kept::Kept;
use super::password::{self, Unusable};
use super::records::{ApiKey, KEY, Session, User, is_name};
use super::secret::{NoRandomness, Secret};

/// The spaces of the records.
const USERS: &str = "user";
const SESSIONS: &str = "session";
const KEYS: &str = "api_key";

/// So many passwords are hashed at a time: each takes 19 MiB and a core.
const HASHING: usize = 2;

/// So often somebody may fail at once from one address, and so often under one name from it.
const FAILURES_AT: i32 = 20;
const FAILURES_OF: i32 = 5;

/// Why something about people could not be done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The name is taken.
    #[error("there is a `{0}` already")]
    Taken(String),
    /// The name cannot be one.
    #[error("a name is 1 to 100 letters, digits and `. _ - @ +`, and begins with a letter or digit")]
    Name,
    /// The password cannot be one.
    #[error(transparent)]
    Password(#[from] Unusable),
    /// Nobody may hand out what they may not do themselves.
    #[error("nobody may hand out the right `{}` without having it", .0.word())]
    Beyond(Right),
    /// The last person who may administer stays.
    #[error("`{0}` is the last who may administer")]
    Last(String),
    /// No secret could be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// A record is not what it should be.
    #[error("the records of people: {0}")]
    Record(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gateway is shutting down.
    #[error("the gateway is shutting down")]
    Closed,
}

/// What becomes of an attempt to sign in.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// The person is in: the secret is the cookie.
    Welcome(Secret, Actor),
    /// Name or password is wrong; which of them is not told.
    Refused,
    /// Too many failures: try again after that time.
    Wait(SignedDuration),
}

/// A change of a user; absent members stay.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// Another role.
    pub role: Option<Role>,
    /// Another password.
    pub password: Option<String>,
    /// Whether the person may no longer sign in.
    pub disabled: Option<bool>,
}

/// A key as it is made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What people call it; a tenant has it once.
    pub name: String,
    /// What may be done with it.
    pub scopes: BTreeSet<Right>,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
}

/// The people and programs that are known.
#[derive(Debug)]
pub struct People {
    kept: Kept,
    attempts: Mutex<Attempts>,
    hashing: Semaphore,
    /// The keys that were shown: one gateway has a store, so what is remembered is what is kept.
    shown: RwLock<HashMap<String, ApiKey>>,
}

impl People {
    /// Those of a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let (attempts, shown) = (Mutex::default(), RwLock::default());
        Self { kept: Kept::new(store), attempts, hashing: Semaphore::new(HASHING), shown }
    }

    /// Adds a person to the tenant of `by`.
    pub async fn add_user(
        &self,
        by: &Actor,
        name: &str,
        role: Role,
        password: Option<String>,
        now: Timestamp,
    ) -> Result<User, PeopleError> {
        if !is_name(name) {
            return Err(PeopleError::Name);
        }
        within(by, &role.rights())?;
        let password = match password {
            Some(password) => Some(self.hashed(password).await?),
            None => None,
        };
        let (name, tenant) = (name.to_owned(), by.tenant.clone());
        let user = User { name, tenant, role, password, created: now, since: now, disabled: false };
        if self.kept.add(USERS, &user.name, &user).await? {
            Ok(user)
        } else {
            Err(PeopleError::Taken(user.name))
        }
    }

    /// Changes a person of the tenant of `by`; sessions that are open end. `None` where there is no such person.
    pub async fn change_user(
        &self,
        by: &Actor,
        name: &str,
        change: UserChange,
        now: Timestamp,
    ) -> Result<Option<User>, PeopleError> {
        let users = self.users(&by.tenant).await?;
        if !users.iter().any(|user| user.name == name) {
            return Ok(None);
        }
        if let Some(role) = change.role {
            within(by, &role.rights())?;
        }
        let steps_down = change.disabled == Some(true) || change.role.is_some_and(|role| role < Role::Admin);
        let is_admin = |user: &&User| user.role == Role::Admin && !user.disabled;
        if steps_down
            && users.iter().filter(is_admin).all(|user| user.name == name)
            && users.iter().any(|user| is_admin(&user))
        {
            return Err(PeopleError::Last(name.to_owned()));
        }
        let password = match change.password {
            Some(password) => Some(self.hashed(password).await?),
            None => None,
        };
        let apply = |user: &mut User| {
            user.role = change.role.unwrap_or(user.role);
            user.disabled = change.disabled.unwrap_or(user.disabled);
            user.password = password.clone().or_else(|| user.password.take());
            user.since = now;
        };
        self.kept.change(USERS, name, apply).await
    }

    /// The people of a tenant, by name.
    pub async fn users(&self, tenant: &str) -> Result<Vec<User>, PeopleError> {
        let users = self.kept.all::<User>(USERS).await?;
        Ok(users.into_iter().map(|(_, user)| user).filter(|user| user.tenant == tenant).collect())
    }

    /// Signs a person in. `address` is where the attempt comes from.
    pub async fn sign_in(
        &self,
        name: &str,
        password: String,
        address: &str,
        now: Timestamp,
    ) -> Result<SignIn, PeopleError> {
        let (at, of) = (format!("address {address}"), format!("user {name} {address}"));
        let limits = [(&at, FAILURES_AT), (&of, FAILURES_OF)];
        let wait = limits.into_iter().filter_map(|(key, most)| self.attempts().wait(key, most, now)).max();
        if let Some(wait) = wait {
            return Ok(SignIn::Wait(wait));
        }
        let user = if is_name(name) { self.kept.get::<User>(USERS, name).await? } else { None };
        let user = user.filter(|user| !user.disabled);
        let hash = user.as_ref().and_then(|user| user.password.clone());
        let is_right = self.hashing(move || password::verify(&password, hash.as_deref())).await?;
        let Some(user) = user.filter(|_| is_right) else {
            for key in [&at, &of] {
                self.attempts().failed(key, now);
            }
            return Ok(SignIn::Refused);
        };
        self.attempts().succeeded(&of);
        self.begin(&user, now).await
    }

    /// Signs a person in whom an [`super::oidc`] provider vouches for.
    pub async fn sign_in_by(&self, name: &str, now: Timestamp) -> Result<SignIn, PeopleError> {
        let user = if is_name(name) { self.kept.get::<User>(USERS, name).await? } else { None };
        match user.filter(|user| !user.disabled) {
            Some(user) => self.begin(&user, now).await,
            None => Ok(SignIn::Refused),
        }
    }

    /// Begins a session for a person who has proved to be one.
    async fn begin(&self, user: &User, now: Timestamp) -> Result<SignIn, PeopleError> {
        self.sweep(now).await?;
        let secret = Secret::new(SESSION)?;
        // What changed in this very instant changed before: a session is not over as it begins.
        let session = Session { user: user.name.clone(), began: now.max(user.since), seen: now };
        self.kept.add(SESSIONS, &secret.digest(), &session).await?;
        Ok(SignIn::Welcome(secret, user.actor()))
    }

    /// The person whose session that is, where it is not over.
    pub async fn person(&self, session: &Secret, now: Timestamp) -> Result<Option<Actor>, PeopleError> {
        let key = session.digest();
        let Some(found) = self.kept.get::<Session>(SESSIONS, &key).await? else { return Ok(None) };
        let user = self.kept.get::<User>(USERS, &found.user).await?;
        if found.is_over(user.as_ref(), now) {
            self.kept.remove(SESSIONS, &key).await?;
            return Ok(None);
        }
        if found.is_due(now) {
            self.kept.change(SESSIONS, &key, |session: &mut Session| session.seen = now).await?;
        }
        Ok(user.map(|user| user.actor()))
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &Secret) -> Result<(), PeopleError> {
        self.kept.remove(SESSIONS, &session.digest()).await
    }

    /// How many sessions are kept.
    #[cfg(test)]
    pub(super) async fn open_sessions(&self) -> Result<usize, PeopleError> {
        Ok(self.kept.all::<Session>(SESSIONS).await?.len())
    }

    /// Removes the sessions that are over.
    async fn sweep(&self, now: Timestamp) -> Result<(), PeopleError> {
        for (key, session) in self.kept.all::<Session>(SESSIONS).await? {
            let user = self.kept.get::<User>(USERS, &session.user).await?;
            if session.is_over(user.as_ref(), now) {
                self.kept.remove(SESSIONS, &key).await?;
            }
        }
        Ok(())
    }

    /// Makes a key for the tenant of `by`: its id, and the key, which is shown this once.
    pub async fn add_key(
        &self,
        by: &Actor,
        new: NewKey,
        now: Timestamp,
    ) -> Result<(String, Secret), PeopleError> {
        if !is_name(&new.name) {
            return Err(PeopleError::Name);
        }
        within(by, &new.scopes)?;
        let is_same = |key: &ApiKey| key.name == new.name && key.revoked.is_none();
        if self.keys(&by.tenant).await?.iter().any(|(_, key)| is_same(key)) {
            return Err(PeopleError::Taken(new.name));
        }
        let secret = Secret::new(KEY)?;
        let key = ApiKey {
            name: new.name,
            tenant: by.tenant.clone(),
            scopes: new.scopes,
            digest: secret.digest(),
            made_by: by.name.clone(),
            created: now,
            expires: new.expires,
            revoked: None,
        };
        let id = ApiKey::id(&secret);
        self.kept.add(KEYS, &id, &key).await?;
        Ok((id, secret))
    }

    /// The keys of a tenant with their ids.
    pub async fn keys(&self, tenant: &str) -> Result<Vec<(String, ApiKey)>, PeopleError> {
        let keys = self.kept.all::<ApiKey>(KEYS).await?;
        Ok(keys.into_iter().filter(|(_, key)| key.tenant == tenant).collect())
    }

    /// Revokes a key of the tenant of `by`; false where there is no such key.
    pub async fn revoke_key(&self, by: &Actor, id: &str, now: Timestamp) -> Result<bool, PeopleError> {
        let key = self.kept.get::<ApiKey>(KEYS, id).await?;
        if key.is_none_or(|key| key.tenant != by.tenant) {
            return Ok(false);
        }
        let revoke = |key: &mut ApiKey| key.revoked = key.revoked.or(Some(now));
        let Some(revoked) = self.kept.change(KEYS, id, revoke).await? else { return Ok(false) };
        self.shown.write().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), revoked);
        Ok(true)
    }

    /// The program that shows a key, where it opens something.
    pub async fn program(&self, key: &Secret, now: Timestamp) -> Result<Option<Actor>, PeopleError> {
        let id = ApiKey::id(key);
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(known) = shown {
            return Ok(known.opens(key, now));
        }
        let Some(found) = self.kept.get::<ApiKey>(KEYS, &id).await? else { return Ok(None) };
        let actor = found.opens(key, now);
        if actor.is_some() {
            // One that was revoked since it was read is there already, and stays so.
            self.shown.write().unwrap_or_else(PoisonError::into_inner).entry(id).or_insert(found);
        }
        Ok(actor)
    }

    async fn hashed(&self, password: String) -> Result<String, PeopleError> {
        Ok(self.hashing(move || password::hash(&password)).await??)
    }

    /// Runs hashing work beside the threads that serve.
    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PeopleError> {
        let _permit = self.hashing.acquire().await.map_err(|_| PeopleError::Closed)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| PeopleError::Closed)
    }

    fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nobody hands out what they may not do.
fn within(by: &Actor, rights: &BTreeSet<Right>) -> Result<(), PeopleError> {
    rights.iter().find(|right| !by.may(**right)).map_or(Ok(()), |right| Err(PeopleError::Beyond(*right)))
}
