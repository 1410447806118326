//! `/v1/session/oidc`: signing in at an `OpenID` provider.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use dragoman_engine::people::oidc::{Discovered, OidcError, Provider};
use dragoman_engine::people::{LONGEST, SignIn, cookie};
use dragoman_transport::{Http, Settings};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, Request, StatusCode};

use crate::Api;
use crate::back::{Back, go_on};
use crate::input::Query;
use crate::media;
use crate::problem::{Body, Kind, MEDIA_TYPE, Problem};

/// Go to the provider to sign in.
#[utoipa::path(
    get, path = "/v1/session/oidc", tag = "People",
    responses(
        (status = 303, description = "On to the provider"),
        (status = 404, description = "No provider is configured", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn leave(State(api): State<Api>) -> Result<Response, Problem> {
    let provider = provider(&api)?;
    let http = Http::new(&Settings::default()).map_err(Problem::internal)?;
    let (secret, url) = provider.leave(&discovered(provider, &http).await?).map_err(refused)?;
    let cookie = cookie::leave(&secret, api.options().secure);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, url), (SET_COOKIE, cookie)]).into_response())
}

/// Come back from the provider.
#[utoipa::path(
    get, path = "/v1/session/oidc/callback", tag = "People", params(Back),
    responses(
        (status = 200, description = "The person is in, and the page goes on", body = String, content_type = "text/html"),
        (status = 401, description = "The provider's answer lets nobody in", body = Body, content_type = MEDIA_TYPE),
        (status = 404, description = "No provider is configured", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn come_back(
    State(api): State<Api>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let provider = provider(&api)?;
    let secure = api.options().secure;
    if let Some(said) = back.refusal() {
        return Err(refused(OidcError::Refused(said)));
    }
    let mut cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let left = cookies.find_map(|cookies| cookie::left(cookies, secure));
    let left = left.ok_or_else(|| refused(OidcError::State))?;
    let form = provider.come_back(&left, &back.state.unwrap_or_default(), back.code.unwrap_or_default());
    let form = form.map_err(refused)?;
    let http = Http::new(&Settings::default()).map_err(Problem::internal)?;
    let found = discovered(provider, &http).await?;
    let request = Request::post(&found.token_endpoint)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, media::JSON)
        .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(provider.credentials())))
        .body(Bytes::from(form.encoded()));
    let answer = ask(&http, request.map_err(Problem::internal)?).await?;
    let name = provider.name(&answer, &left, api.now()).map_err(refused)?;
    match api.people().sign_in_by(&name, api.now()).await? {
        SignIn::Welcome(session, actor) => {
            tracing::info!(user = actor.name, tenant = actor.tenant, "signed in at the provider");
            let begin = cookie::begin(&session, secure, LONGEST.as_secs());
            let cookies = [(SET_COOKIE, begin), (SET_COOKIE, cookie::back(secure))];
            let mut response = go_on("Signed in", "/").into_response();
            for (name, value) in cookies {
                response.headers_mut().append(name, value.parse().map_err(Problem::internal)?);
            }
            Ok(response)
        }
        _ => Err(Problem::new(Kind::Unauthenticated).detail(format!("there is no user `{name}` here"))),
    }
}

fn provider(api: &Api) -> Result<&Provider, Problem> {
    api.options().oidc.as_ref().ok_or_else(|| Problem::not_found("no provider is configured"))
}

async fn discovered(provider: &Provider, http: &Http) -> Result<Discovered, Problem> {
    let request = Request::get(provider.discovery_url()).header(ACCEPT, media::JSON).body(Bytes::new());
    let answer = ask(http, request.map_err(Problem::internal)?).await?;
    provider.discovered(&answer).map_err(refused)
}

/// What a provider answers, where it answers well.
async fn ask(http: &Http, request: Request<Bytes>) -> Result<Bytes, Problem> {
    let unavailable = || Problem::new(Kind::Unavailable).detail("the provider does not answer");
    let answer = http.send(request).await.map_err(|failure| {
        tracing::warn!("the provider: {failure}");
        unavailable()
    })?;
    match answer.status() {
        StatusCode::OK => Ok(answer.into_body()),
        status if status.is_client_error() => Err(refused(OidcError::Refused(status.to_string()))),
        _ => Err(unavailable()),
    }
}

fn refused(error: OidcError) -> Problem {
    tracing::warn!("nobody signed in at the provider: {error}");
    match error {
        OidcError::Random(_) => Problem::internal(error),
        error => Problem::new(Kind::Unauthenticated).detail(error),
    }
}
