//! What is kept of people and programs: small records of the store.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::actor::{Actor, Right, Role};
use super::secret::{Secret, same};

/// The kind of secret that an API key is.
pub const KEY: &str = "dgk";

/// A session ends so long after it began, whatever happens.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// A session ends where nothing happened in it for so long.
pub const IDLE: SignedDuration = SignedDuration::from_hours(2);

/// That something happened in a session is written down so often at most.
pub const NOTED: SignedDuration = SignedDuration::from_mins(5);

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// What the person signs in with; one gateway has it once.
    pub name: String,
    /// The tenant that the person works in.
    pub tenant: String,
    /// What the person may do.
    pub role: Role,
    /// The argon2id hash of the password; none for those who sign in elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// When the person was added.
    pub created: Timestamp,
    /// Sessions that began before are over: the password or the role changed then.
    pub since: Timestamp,
    /// The person may no longer sign in.
    #[serde(default)]
    pub disabled: bool,
}

impl User {
    /// The person as an actor.
    pub fn actor(&self) -> Actor {
        Actor::person(&self.tenant, &self.name, self.role)
    }
}

/// A name that a user or a key may have: what can stand in a URL, a log line and a journal without quoting.
pub fn is_name(name: &str) -> bool {
    let signs = |letter: char| letter.is_ascii_alphanumeric() || "._-@+".contains(letter);
    (1..=100).contains(&name.len())
        && name.chars().all(signs)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// A person who signed in. The record's key is the digest of the cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The user.
    pub user: String,
    /// When it began.
    pub began: Timestamp,
    /// When something last happened in it, to within [`NOTED`].
    pub seen: Timestamp,
}

impl Session {
    /// True where it is over, for its own age or for what became of the user since.
    pub fn is_over(&self, user: Option<&User>, now: Timestamp) -> bool {
        let age = now.duration_since(self.began);
        let idle = now.duration_since(self.seen);
        age.is_negative()
            || age >= LONGEST
            || idle >= IDLE
            || user.is_none_or(|user| user.disabled || user.since > self.began)
    }

    /// True where it is time to write down that something happened in it.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen) >= NOTED
    }
}

/// What a program shows. The record's key is [`ApiKey::id`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// What people call it.
    pub name: String,
    /// The tenant that it opens.
    pub tenant: String,
    /// What may be done with it.
    pub scopes: BTreeSet<Right>,
    /// SHA-256 of the key.
    pub digest: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub created: Timestamp,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
}

impl ApiKey {
    /// The name of the record of a key: the beginning of its digest, which tells nothing of the key.
    pub fn id(key: &Secret) -> String {
        key.digest().chars().take(16).collect()
    }

    /// The program as an actor, where that is the key and it still opens something.
    pub fn opens(&self, key: &Secret, now: Timestamp) -> Option<Actor> {
        let is_over = self.revoked.is_some() || self.expires.is_some_and(|end| end <= now);
        (same(&self.digest, &key.digest()) && !is_over)
            .then(|| Actor::program(&self.tenant, &self.name, self.scopes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minutes * 60).unwrap()
    }

    fn user() -> User {
        User {
            name: "anna".into(),
            tenant: "main".into(),
            role: Role::Clerk,
            password: None,
            created: at(0),
            since: at(0),
            disabled: false,
        }
    }

    #[test]
    fn a_session_ends_with_age_with_rest_and_with_its_user() {
        let session = |began, seen| Session { user: "anna".into(), began: at(began), seen: at(seen) };
        let over = |session: &Session, user: &User, now| session.is_over(Some(user), at(now));
        assert!(!over(&session(0, 0), &user(), 0));
        assert!(!over(&session(0, 0), &user(), 119));
        assert!(over(&session(0, 0), &user(), 120), "idle");
        assert!(!over(&session(0, 700), &user(), 719));
        assert!(over(&session(0, 719), &user(), 720), "old");
        assert!(over(&session(5, 5), &user(), 0), "from the future");
        assert!(over(&session(0, 0), &User { disabled: true, ..user() }, 1));
        assert!(over(&session(0, 0), &User { since: at(1), ..user() }, 2), "the password changed since");
        assert!(session(0, 0).is_over(None, at(1)), "the user is gone");
        assert!(!session(0, 0).is_due(at(4)) && session(0, 0).is_due(at(5)));
    }

    #[test]
    fn a_key_opens_until_it_is_revoked_or_expires() {
        let secret = Secret::new(KEY).unwrap();
        let key = ApiKey {
            name: "shop".into(),
            tenant: "main".into(),
            scopes: [Right::Read].into(),
            digest: secret.digest(),
            made_by: "anna".into(),
            created: at(0),
            expires: Some(at(10)),
            revoked: None,
        };
        let actor = key.opens(&secret, at(9)).unwrap();
        assert_eq!((actor.name.as_str(), actor.may(Right::Write)), ("key:shop", false));
        assert_eq!(key.opens(&secret, at(10)), None);
        assert_eq!(key.opens(&Secret::new(KEY).unwrap(), at(1)), None);
        assert_eq!(ApiKey { revoked: Some(at(1)), ..key.clone() }.opens(&secret, at(2)), None);
        assert!(!serde_json::to_string(&key).unwrap().contains(secret.text()));
    }

    #[test]
    fn names_need_no_quoting() {
        for name in ["anna", "a.b-c_d@example.com", "0"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "key:shop", "a b", "../a", "-a", "ä", &"x".repeat(101), "a/b", "a\n"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
