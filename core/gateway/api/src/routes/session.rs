//! `/v1/session`: signing in and out, and who is signed in.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use dragoman_engine::people::{Actor, LONGEST, Right, Secret, SignIn, cookie};
use http::header::SET_COOKIE;
use http::{HeaderMap, Method, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::access::{self, Caller};
use crate::input::{Address, Command};
use crate::problem::{Body, Kind, MEDIA_TYPE, Problem};

/// Name and password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The user's name.
    name: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Standing {
    /// The name, as the journal has it.
    name: String,
    /// The tenant that all is in.
    tenant: String,
    /// What may be done.
    rights: Vec<Right>,
    /// What a page sends as `x-csrf-token` with all that changes something.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    csrf_token: Option<String>,
}

impl Standing {
    fn new(actor: Actor, session: Option<&Secret>) -> Self {
        let rights = actor.rights.iter().copied().collect();
        let csrf_token = session.map(cookie::form_token);
        Self { name: actor.name, tenant: actor.tenant, rights, csrf_token }
    }
}

/// Sign in with name and password.
///
/// The answer sets the cookie of the session. A session ends after two hours of rest, and after twelve in any case.
#[utoipa::path(
    post, path = "/v1/session", tag = "People", request_body = Credentials,
    responses(
        (status = 200, description = "The person is in", body = Standing),
        (status = 401, description = "Name or password is wrong", body = Body, content_type = MEDIA_TYPE),
        (status = 429, description = "Too many failures; `Retry-After` says how long to wait", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn sign_in(
    State(api): State<Api>,
    Address(address): Address,
    Command(credentials): Command<Credentials>,
) -> Result<Response, Problem> {
    let Credentials { name, password } = credentials;
    match api.people().sign_in(&name, password, &address, api.now()).await? {
        SignIn::Welcome(session, actor) => {
            tracing::info!(user = actor.name, tenant = actor.tenant, "signed in");
            let cookie = cookie::begin(&session, api.options().secure, LONGEST.as_secs());
            Ok(([(SET_COOKIE, cookie)], Json(Standing::new(actor, Some(&session)))).into_response())
        }
        SignIn::Refused => {
            tracing::warn!(address, "refused to sign in");
            Err(Problem::new(Kind::Unauthenticated).detail("name or password is wrong"))
        }
        SignIn::Wait(time) => {
            let seconds = time.as_secs().max(1).unsigned_abs();
            Err(Problem::new(Kind::TooMany).detail(format!("wait {seconds} seconds")).retry_after(seconds))
        }
    }
}

/// Show who asks.
#[utoipa::path(
    get, path = "/v1/session", tag = "People",
    responses((status = 200, description = "Who asks", body = Standing)),
)]
pub async fn show(State(api): State<Api>, Caller(actor): Caller, headers: HeaderMap) -> Json<Standing> {
    let session = access::session(&api, &headers).filter(|_| !actor.name.starts_with("key:"));
    Json(Standing::new(actor, session.as_ref()))
}

/// Sign out.
///
/// The session is over at once, wherever its cookie still is.
#[utoipa::path(
    delete, path = "/v1/session", tag = "People",
    responses(
        (status = 204, description = "Nobody is signed in"),
        (status = 403, description = "The token of the session is missing", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn sign_out(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(session) = access::session(&api, &headers) {
        access::proven(&session, &Method::DELETE, &headers)?;
        api.people().sign_out(&session).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::end(api.options().secure))]).into_response())
}
