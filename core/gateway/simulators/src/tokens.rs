//! Access tokens: given out, shown, expired.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use dragoman_sim::Pace;
use dragoman_sim::door::Tokens as Rules;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::request::value;

/// The tokens that were given out.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<Given>);

#[derive(Debug, Default)]
struct Given {
    count: u64,
    /// When each access token ends.
    access: HashMap<String, Timestamp>,
    /// Refresh tokens that are used up, and codes.
    used: HashSet<String>,
}

/// What is given for a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub access: String,
    pub refresh: Option<String>,
    pub seconds: i64,
}

impl Tokens {
    /// A token for a form (RFC 6749, 4.1.3, 4.4.2 and 6). `None` where it is no good: a simulator knows no secrets, but
    /// it knows what is missing and what was used up.
    pub fn grant(&self, rules: &Rules, form: &[(String, String)], at: Point) -> Option<Grant> {
        let has = |name: &str| value(form, name).filter(|value| !value.is_empty());
        let grant = has("grant_type").or(rules.grant.as_deref())?;
        let spent = match grant {
            "client_credentials" => None,
            "refresh_token" => Some(has("refresh_token")?).filter(|_| rules.rotates),
            "authorization_code" => {
                has("redirect_uri")?;
                Some(has("code")?)
            }
            _ => return None,
        };
        let is_own = grant == "client_credentials";
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(spent) = spent
            && !given.used.insert(spent.to_owned())
        {
            return None;
        }
        given.count += 1;
        let token = |kind: &str| derived(&format!("{} {} {kind}", at.seed, given.count));
        let (access, refresh) = (token("access"), token("refresh"));
        // However fast time goes, a token lives long enough to be used.
        let holds = at.pace.of(rules.holds.0).max(SignedDuration::from_mins(1));
        let ends = at.now.checked_add(holds).unwrap_or(at.now);
        given.access.retain(|_, ends| *ends > at.now);
        given.access.insert(access.clone(), ends);
        Some(Grant { access, refresh: (!is_own).then_some(refresh), seconds: holds.as_secs().max(1) })
    }

    /// A code for a person's yes.
    pub fn code(&self, seed: u64) -> String {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.count += 1;
        derived(&format!("{seed} {} code", given.count))
    }

    /// True for a token that was given and has not ended.
    pub fn is_good(&self, token: &str, now: Timestamp) -> bool {
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.access.get(token).is_some_and(|ends| *ends > now)
    }

    /// Ends all tokens at once.
    pub fn expire(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).access.clear();
    }
}

/// When a token is asked for, and what it follows from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub seed: u64,
    pub pace: Pace,
    pub now: Timestamp,
}

/// 128 bits that follow from a text, in hexadecimal digits.
pub(crate) fn derived(from: &str) -> String {
    Sha256::digest(from).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
