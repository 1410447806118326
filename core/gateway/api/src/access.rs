//! Who asks, and whether that may be: every guarded route goes through here before anything of the tenant is touched.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use dragoman_engine::people::{Actor, KEY, Right, Secret, cookie, same};
use http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::OpenApiRouter;

use crate::Api;
use crate::problem::{Kind, Problem};

/// The header that proves that a page of ours asks, not one that the browser also has open.
pub const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");

/// Who asks: in the tenant of this actor, and with its rights.
#[derive(Clone, Debug)]
pub struct Caller(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // A route without guard has no caller: nothing is open by omission.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new(Kind::Unauthenticated))
    }
}

/// Lets only those through who have a right, and says so in the reference.
pub fn guarded(api: &Api, right: Right, routes: OpenApiRouter<Api>) -> OpenApiRouter<Api> {
    let mut routes = routes.route_layer(from_fn_with_state((api.clone(), right), admit));
    for item in routes.get_openapi_mut().paths.paths.values_mut() {
        for (_, operation) in crate::openapi::operations(item) {
            let none: [&str; 0] = [];
            let word = [right.word()];
            operation.security = Some(vec![
                SecurityRequirement::new("api_key", word),
                SecurityRequirement::new("session", none),
            ]);
        }
    }
    routes
}

async fn admit(State((api, right)): State<(Api, Right)>, mut request: Request, next: Next) -> Response {
    match caller(&api, request.method(), request.headers()).await {
        Ok(actor) if actor.may(right) => {
            request.extensions_mut().insert(Caller(actor));
            next.run(request).await
        }
        Ok(_) => {
            let detail = format!("this needs the right `{}`", right.word());
            Problem::new(Kind::Forbidden).detail(detail).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// Who asks: a program by its key, a person by the session in the cookie.
async fn caller(api: &Api, method: &Method, headers: &HeaderMap) -> Result<Actor, Problem> {
    if let Some(shown) = headers.get(AUTHORIZATION) {
        let refused = || Problem::new(Kind::Unauthenticated).detail("the key opens nothing, or no longer");
        let text = shown.to_str().ok().and_then(|text| text.split_once(' '));
        let key = text.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let key = key.and_then(|(_, key)| Secret::shown(KEY, key.trim())).ok_or_else(refused)?;
        return api.people().program(&key, api.now()).await?.ok_or_else(refused);
    }
    if let Some(session) = session(api, headers)
        && let Some(actor) = api.people().person(&session, api.now()).await?
    {
        return proven(&session, method, headers).map(|()| actor);
    }
    match &api.options().open {
        Some(actor) => is_own(headers).then(|| actor.clone()).ok_or_else(foreign),
        None => Err(Problem::new(Kind::Unauthenticated)),
    }
}

/// The session that the cookies show.
pub fn session(api: &Api, headers: &HeaderMap) -> Option<Secret> {
    let mut cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.find_map(|cookies| cookie::session(cookies, api.options().secure))
}

/// That what changes something comes from our own page: it knows the token that goes with the session.
pub fn proven(session: &Secret, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let shown = headers.get(CSRF).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_safe = method.is_safe() || same(shown, &cookie::form_token(session));
    is_safe.then_some(()).ok_or_else(|| foreign().hint("send the token of the session as `x-csrf-token`"))
}

fn foreign() -> Problem {
    Problem::new(Kind::Forbidden).detail("the request does not come from a page of the gateway")
}

/// False where a browser says that another site's page asks. Where nobody signs in, nothing else tells.
fn is_own(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let text = |value: &http::HeaderValue| value.to_str().map(str::to_owned).unwrap_or_default();
    let host = headers.get(HOST).map(text).unwrap_or_default();
    text(origin).split_once("://").is_some_and(|(_, of)| of == host)
}
