//! Asking the pages as a browser does, without one.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use tower::ServiceExt;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// Where it sends on to.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The cookie that it sets.
    pub fn cookie(&self) -> &str {
        let set = self.headers.get(SET_COOKIE).map(|value| value.to_str().unwrap()).unwrap_or_default();
        set.split(';').next().unwrap()
    }

    /// The value of the first hidden field of a name.
    pub fn hidden(&self, name: &str) -> &str {
        let from = self.text.split(&format!("name=\"{name}\" value=\"")).nth(1);
        from.and_then(|rest| rest.split('"').next()).unwrap_or_default()
    }
}

async fn answered(site: &Router, request: Request<Body>) -> Answer {
    let response = site.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.into()).unwrap() }
}

/// Asks for a page, with a cookie where there is one.
pub async fn get(site: &Router, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path).header(HOST, "gateway").header(COOKIE, cookie);
    answered(site, request.body(Body::empty()).unwrap()).await
}

/// Posts a form from one of our own pages.
pub async fn post(site: &Router, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    post_from(site, "http://gateway", path, cookie, fields).await
}

/// Posts a form from a page of some origin.
pub async fn post_from(
    site: &Router,
    origin: &str,
    path: &str,
    cookie: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, "gateway")
        .header(ORIGIN, origin)
        .header(COOKIE, cookie)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    answered(site, request.body(Body::from(body)).unwrap()).await
}
