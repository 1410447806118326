//! How an account shows its standing, and how it comes by access tokens.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dragoman_exchange::ErrorClass;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::body::urlencoded;
use crate::channel::{Channel, environment};
use crate::content::{Content, Path};
use crate::http::{Answer, Body, Method, Request, Standing};
use crate::oauth1::OAuth1;
use crate::operation::{Operation, one_line};
use crate::outcome::Failure;
use crate::outcome::Outcome;
use crate::signer::Put;
use crate::span::{Name, Span};
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;

/// How an account shows its standing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Auth {
    /// Not at all.
    #[default]
    None,
    /// By a header.
    ApiKey {
        /// The header.
        header: String,
        /// Its value.
        value: Template,
    },
    /// By name and password (RFC 7617).
    Basic {
        /// The name.
        user: Template,
        /// The password.
        password: Template,
    },
    /// By the client certificate of the account.
    Mtls,
    /// By an access token for the application itself (RFC 6749, 4.4).
    Oauth2ClientCredentials(OAuth2),
    /// By an access token that a refresh token of the configuration gives (RFC 6749, 6).
    Oauth2Refresh(OAuth2),
    /// By an access token that a person authorised (RFC 6749, 4.1).
    Oauth2Code(OAuth2),
    /// By a signature of each request (RFC 5849).
    Oauth1(OAuth1),
    /// By the first of these whose values an account has.
    Either(Vec<Auth>),
}

/// Where access tokens come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// Where tokens are given. `token_url` of the account replaces it.
    pub token_url: Option<Template>,
    /// The operation that tokens are asked for with, where the counterpart has its own way. Its answer gives
    /// `token.access`, and may give `token.refresh` and `token.seconds`, how long the access token holds.
    pub operation: Option<Name>,
    /// Where a person authorises, in each environment. `authorize_url` of the account replaces it.
    #[serde(default)]
    pub authorize_url: BTreeMap<String, Template>,
    /// What is asked for.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Further parameters of every request for a token.
    #[serde(default)]
    pub parameters: BTreeMap<String, Template>,
    /// Where the application's id and secret go.
    #[serde(default)]
    pub client: ClientIn,
    /// The refresh token of the configuration, for `oauth2_refresh`.
    pub refresh: Option<Template>,
    /// The header that the access token goes into.
    #[serde(default = "authorization")]
    pub header: String,
    /// The parameter that it goes into, in the place of a header.
    pub query: Option<String>,
    /// What stands before it.
    #[serde(default = "bearer")]
    pub prefix: String,
    /// How long an access token holds where the answer does not say it.
    #[serde(default = "hour")]
    pub holds: Span,
    /// True where each refresh token is good for one use: the new one has to be kept before the access token is used.
    #[serde(default)]
    pub rotates: bool,
    /// How long a person's authorisation holds; it is to be renewed before.
    pub grant_holds: Option<Span>,
    /// How long before its end people are warned.
    #[serde(default = "month")]
    pub warn: Span,
}

/// Where an application's id and secret go in a request for a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClientIn {
    /// Into the form.
    #[default]
    Body,
    /// Into `Authorization: Basic`.
    Basic,
}

/// What a request for a token is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The application's own id and secret.
    Client,
    /// `token.refresh` of the values.
    Refresh,
    /// `token.code`, `token.redirect` and, where there is one, `token.verifier` of the values.
    Code,
}

/// An access token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The token.
    pub access: String,
    /// The refresh token that came with it: it replaces the one before.
    pub refresh: Option<String>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it is to be refreshed: at four fifths of its life.
    pub refresh_at: Timestamp,
}

fn authorization() -> String {
    "Authorization".into()
}

fn bearer() -> String {
    "Bearer ".into()
}

const fn hour() -> Span {
    Span(SignedDuration::from_hours(1))
}

const fn month() -> Span {
    Span(SignedDuration::from_hours(30 * 24))
}

impl Auth {
    /// Where access tokens come from, where it works by them.
    pub const fn oauth2(&self) -> Option<&OAuth2> {
        match self {
            Self::Oauth2ClientCredentials(oauth2)
            | Self::Oauth2Refresh(oauth2)
            | Self::Oauth2Code(oauth2) => Some(oauth2),
            _ => None,
        }
    }

    /// All templates in it.
    pub(crate) fn templates(&self) -> Box<dyn Iterator<Item = &Template> + '_> {
        match self {
            Self::None | Self::Mtls => Box::new(std::iter::empty()),
            Self::ApiKey { value, .. } => Box::new(std::iter::once(value)),
            Self::Basic { user, password } => Box::new([user, password].into_iter()),
            Self::Oauth1(oauth1) => Box::new(oauth1.templates()),
            Self::Either(all) => Box::new(all.iter().flat_map(Self::templates)),
            Self::Oauth2ClientCredentials(oauth2)
            | Self::Oauth2Refresh(oauth2)
            | Self::Oauth2Code(oauth2) => {
                let urls = oauth2.authorize_url.values().chain(&oauth2.token_url);
                Box::new(urls.chain(oauth2.parameters.values()).chain(&oauth2.refresh))
            }
        }
    }

    /// True where a person has to authorise the application first.
    pub const fn needs_a_person(&self) -> bool {
        matches!(self, Self::Oauth2Code(_))
    }

    /// Shows the account's standing in a request: `token` is the access token, where it works by one.
    pub fn authorise(
        &self,
        request: &mut Request,
        values: &Values,
        token: Option<&str>,
    ) -> Result<(), Missing> {
        match self.of(&request.url, values) {
            _ if request.standing == Standing::None => {}
            // By a signature, once all else of the request is there.
            Self::None | Self::Mtls | Self::Oauth1(_) | Self::Either(_) => {}
            Self::ApiKey { header, value } => {
                request.set_header(header, one_line(&value.fill(values, Encoding::Plain)?));
            }
            Self::Basic { user, password } => {
                let (user, password) =
                    (user.fill(values, Encoding::Plain)?, password.fill(values, Encoding::Plain)?);
                request.set_header("Authorization", basic(&user, &password));
            }
            Self::Oauth2ClientCredentials(oauth2)
            | Self::Oauth2Refresh(oauth2)
            | Self::Oauth2Code(oauth2) => {
                let token = token.ok_or_else(|| Missing("the access token".into()))?;
                match &oauth2.query {
                    Some(name) => Put::Query(name.clone()).put(request, token),
                    None => {
                        request.set_header(&oauth2.header, one_line(&format!("{}{token}", oauth2.prefix)));
                    }
                }
            }
        }
        Ok(())
    }
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

impl Channel {
    /// Where a person authorises the application, with everything that has to stand in the address. `state` comes back
    /// with the code and has to be compared. `challenge` is the hash of `token.verifier` (RFC 7636, `S256`).
    pub fn authorise_url(
        &self,
        values: &Values,
        redirect: &str,
        state: &str,
        challenge: &str,
    ) -> Result<String, Missing> {
        let oauth2 = self.settings.auth.oauth2().ok_or_else(|| Missing("an authorisation".into()))?;
        let declared = oauth2.authorize_url.get(environment(values));
        let url = self.settings.address(values, "account.authorize_url", declared)?;
        let client = values.get("account.client_id").ok_or_else(|| Missing("account.client_id".into()))?;
        let scopes = oauth2.scopes.join(" ");
        let parameters = [
            ("response_type", "code"),
            ("client_id", client),
            ("scope", &scopes),
            ("redirect_uri", redirect),
            ("state", state),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ];
        let pairs = parameters.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<_> = pairs.map(|(name, value)| crate::operation::pair(name, value)).collect();
        Ok(format!("{url}{}{}", if url.contains('?') { '&' } else { '?' }, pairs.join("&")))
    }

    /// The request for an access token. Its operation is `token`.
    pub fn token_request(&self, grant: Grant, values: &Values) -> Result<Request, Missing> {
        let oauth2 = self.settings.auth.oauth2().ok_or_else(|| Missing("a token".into()))?;
        let mut values = values.clone();
        values.set("base", self.base(&values)?);
        let configured = oauth2.refresh.as_ref().map(|refresh| refresh.fill(&values, Encoding::Plain));
        if let (None, Some(Ok(refresh))) = (values.get("token.refresh"), configured) {
            values.set("token.refresh", refresh);
        }
        let needed: &[&str] = match grant {
            Grant::Client => &[],
            Grant::Refresh => &["token.refresh"],
            Grant::Code => &["token.code", "token.redirect"],
        };
        let client: &[&str] = match oauth2.operation {
            Some(_) => &[],
            None => &["account.client_id", "account.client_secret"],
        };
        if let Some(missing) = needed.iter().chain(client).find(|name| values.get(name).is_none()) {
            return Err(Missing((*missing).to_owned()));
        }
        if let Some(name) = &oauth2.operation {
            let operation = self.operation(name).ok_or_else(|| Missing(name.to_string()))?;
            let mut asked = Request { standing: Standing::None, ..self.request(operation, &values, None)? };
            if let (Some(_), Some(own)) = (&operation.url, values.get("account.token_url")) {
                asked.url = own.to_owned() + asked.url.find('?').map_or("", |at| asked.url.split_at(at).1);
            }
            return Ok(asked);
        }
        let form = self.token_form(grant, oauth2);
        let mut request = Request {
            operation: "token".into(),
            method: Method::Post,
            url: self.settings.address(&values, "account.token_url", oauth2.token_url.as_ref())?,
            headers: Vec::new(),
            body: Body::Bytes(urlencoded(&form, &values).into_bytes()),
            standing: Standing::None,
            signed: false,
        };
        request.set_header("Content-Type", "application/x-www-form-urlencoded".into());
        request.set_header("Accept", "application/json".into());
        if oauth2.client == ClientIn::Basic {
            let value = |name| values.get(name).unwrap_or_default();
            let (id, secret) = (value("account.client_id"), value("account.client_secret"));
            request.set_header("Authorization", basic(id, secret));
        }
        Ok(request)
    }

    /// The parameters of a request for a token.
    fn token_form(&self, grant: Grant, oauth2: &OAuth2) -> BTreeMap<String, Template> {
        let mut form = oauth2.parameters.clone();
        let mut add = |name: &str, template: &str| {
            if let Ok(template) = Template::parse(template) {
                form.insert(name.to_owned(), template);
            }
        };
        match grant {
            Grant::Client => add("grant_type", "client_credentials"),
            Grant::Refresh => {
                add("grant_type", "refresh_token");
                add("refresh_token", "${token.refresh}");
            }
            Grant::Code => {
                add("grant_type", "authorization_code");
                add("code", "${token.code}");
                add("redirect_uri", "${token.redirect}");
                add("code_verifier", "${token.verifier}");
            }
        }
        // What a person grants is not the application's to ask for.
        let is_own = matches!(self.settings.auth, Auth::Oauth2ClientCredentials(_));
        if grant == Grant::Client && is_own && !oauth2.scopes.is_empty() {
            add("scope", &oauth2.scopes.join(" "));
        }
        if oauth2.client == ClientIn::Body {
            add("client_id", "${account.client_id}");
            add("client_secret", "${account.client_secret}");
        }
        form
    }

    /// Reads the answer to a request for a token. `auth_revoked`: a person has to authorise anew.
    pub fn token(&self, answer: &Answer, now: Timestamp) -> Result<Token, Failure> {
        let own = self.settings.auth.oauth2().and_then(|oauth2| oauth2.operation.as_ref());
        if let Some(operation) = own.and_then(|name| self.operation(name)) {
            return self.token_of(operation, answer, now);
        }
        let content = Content::read(&answer.body);
        let text = |path: &str| Path::parse(path).ok().and_then(|path| content.root().text(&path));
        let access = text("access_token").filter(|_| (200..300).contains(&answer.status));
        let Some(access) = access else {
            let code = text("error").or_else(|| text("code")).map(str::to_owned);
            let class = match answer.status {
                429 => ErrorClass::RateLimited,
                200..=299 | 500..=599 => ErrorClass::Transient,
                400..=499 if code.is_some() => ErrorClass::AuthRevoked,
                _ => ErrorClass::InvalidRequest,
            };
            let message = text("error_description").or_else(|| text("message")).map(str::to_owned);
            return Err(Failure { class, code, message, wait: None });
        };
        Ok(self.held(access, text("refresh_token"), text("expires_in"), now))
    }

    /// The token that an operation of the counterpart's own gave.
    fn token_of(&self, operation: &Operation, answer: &Answer, now: Timestamp) -> Result<Token, Failure> {
        let failed = |failure: Failure| {
            let is_refused = matches!(failure.class, ErrorClass::AuthExpired | ErrorClass::InvalidRequest);
            let class = if is_refused { ErrorClass::AuthRevoked } else { failure.class };
            Failure { class, ..failure }
        };
        match self.classify(operation, answer, now) {
            Outcome::Done(given) => match given.get("token.access") {
                Some(access) => {
                    Ok(self.held(access, given.get("token.refresh"), given.get("token.seconds"), now))
                }
                None => Err(Failure { class: ErrorClass::Transient, code: None, message: None, wait: None }),
            },
            Outcome::Failed(failure) | Outcome::Unknown(failure) => Err(failed(failure)),
        }
    }

    /// A token with the end of its life. `seconds` is how long it holds, or the moment of its end since 1970: no token
    /// holds for thirty years.
    fn held(&self, access: &str, refresh: Option<&str>, seconds: Option<&str>, now: Timestamp) -> Token {
        let stated = seconds.and_then(|seconds| seconds.parse::<i64>().ok()).filter(|seconds| *seconds >= 0);
        let left = |seconds: i64| if seconds > 1_000_000_000 { seconds - now.as_second() } else { seconds };
        let declared = self.settings.auth.oauth2().map_or(hour().0, |oauth2| oauth2.holds.0);
        let holds = stated.map_or(declared, |seconds| SignedDuration::from_secs(left(seconds).max(0)));
        let later = |by: SignedDuration| now.checked_add(by).unwrap_or(now);
        Token {
            access: access.to_owned(),
            refresh: refresh.map(str::to_owned),
            expires_at: later(holds),
            refresh_at: later(holds * 4 / 5),
        }
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token(until {})", self.expires_at)
    }
}
