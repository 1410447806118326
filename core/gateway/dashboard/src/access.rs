//! Who looks, and whether what is posted comes from a page of ours. Every handler that shows or does something asks for
//! a [`Visitor`]; every one that changes something for [`Posted`].

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Redirect, Response};
use dragoman_engine::people::{Actor, Secret, cookie, same};
use http::header::{COOKIE, HOST, ORIGIN, REFERER};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use url::{Url, form_urlencoded};

use crate::frame::Frame;
use crate::respond::{Failed, foreign};
use crate::site::Site;
use crate::texts::ENGLISH;

/// The longest form that is taken, in bytes: a customs master is pasted into one.
const LONGEST: usize = 8 << 20;

/// Who looks.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// In whose name all is done.
    pub actor: Actor,
    /// The token of the session; empty where nobody signs in.
    pub token: String,
    is_open: bool,
}

impl Visitor {
    /// What is around the pages that they see; `done` is the word for what was done before.
    pub fn frame<'f>(&'f self, done: &'f str) -> Frame<'f> {
        Frame {
            texts: &ENGLISH,
            actor: &self.actor,
            token: &self.token,
            is_open: self.is_open,
            done: (!done.is_empty()).then_some(done),
        }
    }
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        if let Some(session) = session(site, &parts.headers) {
            let person = site.people().person(&session, Timestamp::now()).await;
            if let Some(actor) = person.map_err(|error| Failed::broken(error).into_response())? {
                return Ok(Self { actor, token: cookie::form_token(&session), is_open: false });
            }
        }
        match &site.options().open {
            Some(actor) => Ok(Self { actor: actor.clone(), token: String::new(), is_open: true }),
            None => Err(Redirect::to("/sign-in").into_response()),
        }
    }
}

/// The session that the cookies show.
pub fn session(site: &Site, headers: &HeaderMap) -> Option<Secret> {
    let mut cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.find_map(|cookies| cookie::session(cookies, site.options().secure))
}

/// A form of ours, and who posted it.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Who.
    pub visitor: Visitor,
    /// The fields, in their order.
    pub fields: Fields,
}

/// The fields of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a body.
    pub fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first of a name; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All of a name.
    pub fn all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest<Site> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, site).await?;
        let body = axum::body::to_bytes(body, LONGEST).await.map_err(|_| foreign())?;
        let fields = Fields::read(&body);
        let is_own = is_own(&parts.headers) && (visitor.is_open || same(fields.get("token"), &visitor.token));
        is_own.then_some(Self { visitor, fields }).ok_or_else(foreign)
    }
}

/// False where a browser says that another site's page posts. The session's token tells too; where nobody signs in,
/// this alone.
pub fn is_own(headers: &HeaderMap) -> bool {
    const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(SITE).is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text(ORIGIN).or_else(|| text(REFERER)) else { return true };
    let host = text(HOST).unwrap_or_default();
    let Ok(origin) = Url::parse(origin) else { return false };
    let of = |url: &Url| match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    of(&origin).eq_ignore_ascii_case(host)
}

/// Where a request comes from; only a proxy of ours is believed about others.
pub fn address(site: &Site, parts: &Parts) -> String {
    let forwarded = || {
        let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        Some(last.rsplit(',').next()?.trim().to_owned())
    };
    let direct = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string());
    let address = if site.options().behind_proxy { forwarded().or_else(direct) } else { direct() };
    address.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn another_sites_page_is_told_from_our_own() {
        let host = ("host", "127.0.0.1:8080");
        assert!(is_own(&headers(&[host])), "a program without a browser");
        assert!(is_own(&headers(&[host, ("origin", "http://127.0.0.1:8080")])));
        assert!(is_own(&headers(&[
            host,
            ("sec-fetch-site", "same-origin"),
            ("referer", "http://127.0.0.1:8080/x")
        ])));
        for other in [
            ("origin", "http://127.0.0.1:8081"),
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("referer", "http://evil.example/127.0.0.1:8080"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert!(!is_own(&headers(&[host, other])), "{other:?}");
        }
    }

    #[test]
    fn fields_keep_their_order() {
        let fields = Fields::read(b"path=a&new=1&path=b&new=&token=%C3%BC");
        assert_eq!(fields.all("path").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((fields.get("new"), fields.get("token"), fields.get("x")), ("1", "ü", ""));
    }
}
