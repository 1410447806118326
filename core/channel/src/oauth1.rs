//! OAuth 1.0 (RFC 5849): each request is signed with the secrets of the application and of its token. Nothing is asked for; whoever
//! runs the shop gave the token.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use sha1::Sha1;
use sha2::Sha256;

use crate::auth::Auth;
use crate::http::Request;
use crate::signer::{CodeOut, Signed, pairs, path_and_query};
use crate::template::{Encoding, Missing, Template};
use crate::values::Values;

/// Who signs requests by OAuth 1.0, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth1 {
    /// The application's key.
    pub consumer_key: Template,
    /// Its secret.
    pub consumer_secret: Template,
    /// The token; none where the application speaks for itself.
    pub token: Option<Template>,
    /// The secret of the token.
    pub token_secret: Option<Template>,
    /// What makes the signature.
    #[serde(default)]
    pub method: Signature,
    /// True where it is for addresses without TLS alone.
    #[serde(default)]
    pub plain: bool,
}

/// What makes a signature of OAuth 1.0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// HMAC with SHA-256.
    #[default]
    HmacSha256,
    /// HMAC with SHA-1 (RFC 5849, 3.4.2).
    HmacSha1,
}

impl Auth {
    /// The way that an account shows its standing at an address: of several the first whose values it has, else the last.
    pub fn of(&self, url: &str, values: &Values) -> &Self {
        let Self::Either(all) = self else { return self };
        let fits = |one: &&Self| {
            let is_for = !matches!(one, Self::Oauth1(oauth1) if oauth1.plain && !url.starts_with("http://"));
            is_for && one.templates().all(|template| template.fill(values, Encoding::Plain).is_ok())
        };
        all.iter().find(fits).or(all.last()).unwrap_or(&Self::None)
    }
}

impl OAuth1 {
    /// The templates in it.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let own = [&self.consumer_key, &self.consumer_secret];
        own.into_iter().chain(&self.token).chain(&self.token_secret)
    }

    /// Signs a request: RFC 5849, 3.4.1, with its signature in a header (3.5.1). `nonce` was never used at this moment.
    pub(crate) fn sign(
        &self,
        request: &mut Request,
        values: &Values,
        now: Timestamp,
        nonce: &str,
    ) -> Result<Signed, Missing> {
        let fill = |template: &Template| template.fill(values, Encoding::Plain);
        let of_token = |template: &Option<Template>| template.as_ref().map(fill).transpose();
        let (token, token_secret) = (of_token(&self.token)?, of_token(&self.token_secret)?);
        let mut own = vec![("oauth_consumer_key", fill(&self.consumer_key)?)];
        own.extend(token.map(|token| ("oauth_token", token)));
        own.push(("oauth_signature_method", self.method.word().to_owned()));
        own.push(("oauth_timestamp", now.as_second().to_string()));
        own.push(("oauth_nonce", nonce.to_owned()));
        let base = base(request, &own);
        let key = format!(
            "{}&{}",
            encoded(&fill(&self.consumer_secret)?),
            encoded(&token_secret.unwrap_or_default())
        );
        let code = CodeOut::Base64.write(&self.method.code(key.as_bytes(), base.as_bytes()));
        own.push(("oauth_signature", code.clone()));
        let shown: Vec<_> =
            own.iter().map(|(name, value)| format!("{name}=\"{}\"", encoded(value))).collect();
        request.set_header("Authorization", format!("OAuth {}", shown.join(", ")));
        Ok(Signed { base, code })
    }
}

impl Signature {
    const fn word(self) -> &'static str {
        match self {
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha1 => "HMAC-SHA1",
        }
    }

    fn code(self, key: &[u8], text: &[u8]) -> Vec<u8> {
        match self {
            Self::HmacSha256 => code::<Hmac<Sha256>>(key, text),
            Self::HmacSha1 => code::<Hmac<Sha1>>(key, text),
        }
    }
}

fn code<M: Mac + KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length.
    let mac = <M as KeyInit>::new_from_slice(key);
    mac.map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec()).unwrap_or_default()
}

/// What is signed: RFC 5849, 3.4.1.
fn base(request: &Request, own: &[(&str, String)]) -> String {
    let (_, query) = path_and_query(&request.url);
    let mut all = of_form(query);
    let is_form = |media: &str| media.starts_with("application/x-www-form-urlencoded");
    if request.header("Content-Type").is_some_and(is_form) {
        all.extend(of_form(&String::from_utf8_lossy(request.bytes())));
    }
    all.extend(own.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let mut all: Vec<_> = all.iter().map(|(name, value)| (encoded(name), encoded(value))).collect();
    all.sort();
    let all: Vec<_> = all.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (address, parameters) = (encoded(&address(&request.url)), encoded(&all.join("&")));
    format!("{}&{address}&{parameters}", request.method.word())
}

/// Names and values of a query or a form, in which a `+` is a space.
fn of_form(text: &str) -> Vec<(String, String)> {
    pairs(&text.replace('+', "%20"))
}

/// An address as it is signed: RFC 5849, 3.4.1.2.
fn address(url: &str) -> String {
    let (scheme, behind) = url.split_once("://").unwrap_or(("", url));
    let scheme = scheme.to_ascii_lowercase();
    let host = behind.split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let (path, _) = path_and_query(url);
    format!("{scheme}://{}{path}", host.strip_suffix(usual).unwrap_or(&host))
}

fn encoded(text: &str) -> String {
    Encoding::Url.encode(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Method, Standing};

    fn request(method: Method, url: &str, form: &str) -> Request {
        let mut request = Request {
            operation: "example".into(),
            method,
            url: url.into(),
            headers: Vec::new(),
            body: Body::Bytes(form.into()),
            standing: Standing::Account,
            signed: false,
        };
        if !form.is_empty() {
            request.set_header("Content-Type", "application/x-www-form-urlencoded".into());
        }
        request
    }

    fn signer(key: &str, secret: &str, token: Option<(&str, &str)>, method: Signature) -> OAuth1 {
        let template = |text: &str| Template::parse(text).unwrap();
        OAuth1 {
            consumer_key: template(key),
            consumer_secret: template(secret),
            token: token.map(|(token, _)| template(token)),
            token_secret: token.map(|(_, secret)| template(secret)),
            method,
            plain: false,
        }
    }

    fn signed(signer: &OAuth1, request: &mut Request, second: i64, nonce: &str) -> Signed {
        let now = Timestamp::from_second(second).unwrap();
        signer.sign(request, &Values::new(), now, nonce).unwrap()
    }

    /// RFC 5849, 1.2: the request for a photo.
    #[test]
    fn the_signature_of_the_standard_is_reproduced() {
        let mut asked =
            request(Method::Get, "http://photos.example.net/photos?file=vacation.jpg&size=original", "");
        let token = Some(("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"));
        let signer = signer("dpf43f3p2l4k3l03", "kd94hf93k423kf44", token, Signature::HmacSha1);
        let found = signed(&signer, &mut asked, 137_131_202, "chapoH");
        assert_eq!(found.code, "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
        let shown = "OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"nnch734d00sl2jdk\", \
                     oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\", \
                     oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"";
        assert_eq!(asked.header("Authorization"), Some(shown));
    }

    /// RFC 5849, 3.4.1.1.
    #[test]
    fn the_base_string_of_the_standard_is_reproduced() {
        let url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b";
        let mut asked = request(Method::Post, url, "c2&a3=2+q");
        let signer = signer("9djdj82h48djs9d2", "", Some(("kkk9d7dh3k39sjv7", "")), Signature::HmacSha1);
        let found = signed(&signer, &mut asked, 137_131_201, "7d8f3e4a");
        let expected = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D\
                        %26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a\
                        %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201\
                        %26oauth_token%3Dkkk9d7dh3k39sjv7";
        assert_eq!(found.base, expected);
    }

    /// As `oauthlib` 4.0.1 signs it: without a token, at a port of its own.
    #[test]
    fn an_application_that_speaks_for_itself_has_no_token() {
        let url = "http://shop.example:8080/wp-json/wc/v3/orders?modified_after=2026-11-22T10%3A00%3A00&dates_are_gmt=true";
        let mut asked = request(Method::Get, url, "");
        let signer = signer("ck_1", "cs_2", None, Signature::HmacSha256);
        let found = signed(&signer, &mut asked, 1_795_348_800, "n0");
        assert_eq!(found.code, "ARM2zovQom8xQWlofoRfMCGPB11hJf/USrSsh7rx7/8=");
    }
}
