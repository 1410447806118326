//! Signing in and out.

use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Redirect};
use dragoman_engine::people::{LONGEST, SignIn, cookie};
use http::StatusCode;
use http::header::{RETRY_AFTER, SET_COOKIE};
use jiff::Timestamp;

use crate::access::{Fields, Posted, address, is_own, session};
use crate::pages::sign_in::sign_in as form;
use crate::respond::{Answer, Failed, foreign, page};
use crate::site::Site;
use crate::texts::{ENGLISH, filled};

/// A name and a password are short.
const FORM: usize = 8 << 10;

/// The page; on to the first one for who needs not sign in.
pub async fn show(State(site): State<Site>) -> Answer {
    if site.options().open.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    page(form(&ENGLISH, "", None, site.options().oidc))
}

/// Signs in.
pub async fn sign_in(State(site): State<Site>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    // A page elsewhere could sign a person in under another name, and read what they then write.
    if !is_own(&parts.headers) {
        return Ok(foreign());
    }
    let body = axum::body::to_bytes(body, FORM).await.map_err(|_| Failed::refused(ENGLISH.sign_in))?;
    let fields = Fields::read(&body);
    let (name, from) = (fields.get("name").trim(), address(&site, &parts));
    let tried = site.people().sign_in(name, fields.get("password").to_owned(), &from, Timestamp::now()).await;
    let again = |wrong: &str| Html(form(&ENGLISH, name, Some(wrong), site.options().oidc));
    match tried.map_err(Failed::broken)? {
        SignIn::Welcome(secret, actor) => {
            tracing::info!(user = actor.name, tenant = actor.tenant, "signed in");
            let cookie = cookie::begin(&secret, site.options().secure, LONGEST.as_secs());
            Ok(([(SET_COOKIE, cookie)], Redirect::to("/")).into_response())
        }
        SignIn::Refused => {
            tracing::warn!(address = from, "refused to sign in");
            Ok((StatusCode::UNAUTHORIZED, again(ENGLISH.sign_in_refused)).into_response())
        }
        SignIn::Wait(time) => {
            let seconds = time.as_secs().max(1).to_string();
            let text = filled(ENGLISH.sign_in_wait, &[&seconds]);
            Ok((StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds)], again(&text)).into_response())
        }
    }
}

/// Signs out.
pub async fn sign_out(State(site): State<Site>, headers: http::HeaderMap, _posted: Posted) -> Answer {
    if let Some(session) = session(&site, &headers) {
        site.people().sign_out(&session).await.map_err(Failed::broken)?;
    }
    let cookie = cookie::end(site.options().secure);
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}
