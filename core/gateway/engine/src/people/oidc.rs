//! Signing in at an `OpenID` provider: the authorisation code flow with PKCE (`OpenID` Connect Core 3.1, RFC 7636).
//!
//! What has to be remembered between leaving and coming back follows from one secret in a cookie; nothing is stored.
//! The provider vouches for a name, and the person of that name has to be known here. No I/O.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::secret::{NoRandomness, Secret, same};

/// The kind of secret that the cookie holds between leaving and coming back.
pub const LEAVING: &str = "dgo";

/// The clocks of two machines may differ by so much, in seconds.
const SKEW: i64 = 60;

/// A provider, as the configuration names it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its issuer identifier, an address without a trailing `/`.
    pub issuer: String,
    /// What it knows us by.
    pub client_id: String,
    /// What proves that it is us.
    pub client_secret: String,
    /// Where it sends people back to: our public address and `/v1/session/oidc/callback`.
    pub redirect_url: String,
    /// The claim that holds the name of our user.
    #[serde(default = "email")]
    pub claim: String,
}

fn email() -> String {
    "email".to_owned()
}

/// What a provider says about itself (`/.well-known/openid-configuration`).
#[derive(Clone, Debug, Deserialize)]
pub struct Discovered {
    /// Its issuer identifier.
    pub issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where codes are exchanged.
    pub token_endpoint: String,
}

/// Why somebody is not let in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The answer is none to what this browser asked.
    #[error("the answer does not belong to this browser's request")]
    State,
    /// The provider said something that cannot be used.
    #[error("the provider's answer: {0}")]
    Answer(&'static str),
    /// The provider refused, in its own word.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// No secret could be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

/// The form that exchanges a code, sent with HTTP Basic authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    grant_type: &'static str,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

impl Exchange {
    /// The form, as it is sent.
    pub fn encoded(&self) -> String {
        let Self { grant_type, code, redirect_uri, code_verifier } = self;
        pairs(&[
            ("grant_type", grant_type),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", code_verifier),
        ])
    }
}

impl Provider {
    /// Who we are, for HTTP Basic authentication (RFC 6749, 2.3.1).
    pub fn credentials(&self) -> String {
        format!("{}:{}", quoted(&self.client_id), quoted(&self.client_secret))
    }

    /// Where the provider says what it is.
    pub fn discovery_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.issuer)
    }

    /// Checks that a provider is the one it should be.
    pub fn discovered(&self, answer: &[u8]) -> Result<Discovered, OidcError> {
        let found: Discovered =
            serde_json::from_slice(answer).map_err(|_| OidcError::Answer("no discovery document"))?;
        if found.issuer == self.issuer { Ok(found) } else { Err(OidcError::Answer("another issuer")) }
    }

    /// The secret for the cookie, and where the browser is sent.
    pub fn leave(&self, discovered: &Discovered) -> Result<(Secret, String), OidcError> {
        let secret = Secret::new(LEAVING)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(secret.derived("verifier")));
        let parameters = [
            ("response_type", "code"),
            ("scope", "openid email profile"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_url),
            ("state", &secret.derived("state")),
            ("nonce", &secret.derived("nonce")),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let base = &discovered.authorization_endpoint;
        let sign = if base.contains('?') { '&' } else { '?' };
        Ok((secret, format!("{base}{sign}{}", pairs(&parameters))))
    }

    /// The form that exchanges the code of somebody who comes back with the cookie.
    pub fn come_back(&self, cookie: &Secret, state: &str, code: String) -> Result<Exchange, OidcError> {
        if !same(state, &cookie.derived("state")) {
            return Err(OidcError::State);
        }
        Ok(Exchange {
            grant_type: "authorization_code",
            code,
            redirect_uri: self.redirect_url.clone(),
            code_verifier: cookie.derived("verifier"),
        })
    }

    /// The name that the provider vouches for. The token comes from the provider itself over TLS, which stands for its
    /// signature (`OpenID` Connect Core 3.1.3.7, step 6).
    pub fn name(&self, answer: &[u8], cookie: &Secret, now: Timestamp) -> Result<String, OidcError> {
        let tokens: Tokens = serde_json::from_slice(answer).map_err(|_| OidcError::Answer("no token"))?;
        let claims = claims(&tokens.id_token).ok_or(OidcError::Answer("no claims in the token"))?;
        let text = |name: &str| claims.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let number = |name: &str| claims.get(name).and_then(serde_json::Value::as_i64);
        let audiences: Vec<_> = match claims.get("aud") {
            Some(serde_json::Value::Array(all)) => all.iter().filter_map(|one| one.as_str()).collect(),
            _ => vec![text("aud")],
        };
        let is_party = audiences.len() == 1 || text("azp") == self.client_id;
        let checks = [
            (text("iss") == self.issuer, "another issuer"),
            (audiences.contains(&self.client_id.as_str()) && is_party, "meant for another"),
            (number("exp").is_some_and(|end| end + SKEW > now.as_second()), "expired"),
            (number("iat").is_some_and(|begin| begin - SKEW <= now.as_second()), "from the future"),
            (same(text("nonce"), &cookie.derived("nonce")), "for another request"),
            (
                self.claim != "email" || claims.get("email_verified") != Some(&false.into()),
                "address not verified",
            ),
            (!text(&self.claim).is_empty(), "no name"),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, why)) => Err(OidcError::Answer(why)),
            None => Ok(text(&self.claim).to_owned()),
        }
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

fn claims(token: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

fn pairs(parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
    pairs.join("&")
}

/// A value as it stands in a query (RFC 3986).
fn quoted(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    value
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn provider() -> Provider {
        let value = json!({
            "issuer": "https://id.example", "client_id": "dragoman", "client_secret": "s",
            "redirect_url": "https://gate.example/v1/session/oidc/callback",
        });
        serde_json::from_value(value).unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_790_000_000).unwrap()
    }

    fn left() -> (Secret, String) {
        let found = json!({ "issuer": "https://id.example", "authorization_endpoint": "https://id.example/go?x=1", "token_endpoint": "https://id.example/token" });
        let discovered = provider().discovered(found.to_string().as_bytes()).unwrap();
        provider().leave(&discovered).unwrap()
    }

    fn answer(cookie: &Secret, change: &[(&str, Value)]) -> Vec<u8> {
        let mut claims = json!({
            "iss": "https://id.example", "aud": "dragoman", "sub": "1", "exp": 1_790_000_300, "iat": 1_790_000_000,
            "nonce": cookie.derived("nonce"), "email": "anna@example.com",
        });
        for (name, value) in change {
            claims[name] = value.clone();
        }
        let token = format!("e30.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()));
        json!({ "id_token": token, "access_token": "a", "token_type": "Bearer" }).to_string().into_bytes()
    }

    #[test]
    fn a_person_leaves_and_comes_back() {
        let (cookie, url) = left();
        assert!(url.starts_with("https://id.example/go?x=1&response_type=code&"), "{url}");
        assert!(
            url.contains("redirect_uri=https%3A%2F%2Fgate.example%2Fv1%2Fsession%2Foidc%2Fcallback"),
            "{url}"
        );
        assert!(!url.contains(&cookie.derived("verifier")) && !url.contains(cookie.text()), "{url}");
        let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap();
        let form = provider().come_back(&cookie, state, "code".into()).unwrap();
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form.code_verifier));
        assert!(url.contains(&format!("code_challenge={challenge}")));
        assert_eq!(provider().name(&answer(&cookie, &[]), &cookie, now()).unwrap(), "anna@example.com");
    }

    #[test]
    fn an_answer_to_another_browser_is_refused() {
        let ((cookie, url), (other, _)) = (left(), left());
        let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap();
        assert_eq!(provider().come_back(&other, state, "code".into()), Err(OidcError::State));
        assert_eq!(provider().come_back(&cookie, "", "code".into()), Err(OidcError::State));
        let replayed = provider().name(&answer(&cookie, &[]), &other, now());
        assert_eq!(replayed, Err(OidcError::Answer("for another request")));
    }

    #[test]
    fn every_claim_counts() {
        let (cookie, _) = left();
        let wrong = [
            ("iss", json!("https://evil.example")),
            ("aud", json!("another")),
            ("aud", json!(["dragoman", "another"])),
            ("aud", Value::Null),
            ("exp", json!(1_789_999_939)),
            ("exp", Value::Null),
            ("iat", json!(1_790_000_061)),
            ("nonce", json!("")),
            ("email", json!("")),
            ("email_verified", json!(false)),
        ];
        for (name, value) in wrong {
            let said = provider().name(&answer(&cookie, &[(name, value.clone())]), &cookie, now());
            assert!(matches!(said, Err(OidcError::Answer(_))), "{name} {value}: {said:?}");
        }
        let several = [("aud", json!(["dragoman", "another"])), ("azp", json!("dragoman"))];
        assert!(provider().name(&answer(&cookie, &several), &cookie, now()).is_ok());
        for garbage in [&b""[..], b"{}", b"{\"id_token\":\"a.b.c\"}", b"{\"id_token\":\"\"}"] {
            assert!(provider().name(garbage, &cookie, now()).is_err());
        }
    }
}
