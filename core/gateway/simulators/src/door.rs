//! The door of the office: which operation a request is, whether it may come in, and what is said at once.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dragoman_channel::{Channel, Encoding, Operation, Place, Standing, Template, Values};
use futures_util::stream;

use crate::answers;
use crate::behaviour::Behaviour;
use crate::office::{Heard, Office};

/// The largest message that is read.
const LARGEST: usize = 16 << 20;
/// What stands for every value of a template while paths are compared.
const ANY: &str = "-any-";

/// Takes any request but those of the control.
pub async fn enter(State(office): State<Arc<Office>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let Some(channel) = office.channel() else { return StatusCode::NOT_FOUND.into_response() };
    let path = parts.uri.path();
    if is_token(channel, path) {
        return token(&office);
    }
    let found = channel
        .operations
        .iter()
        .find_map(|operation| Some((operation, taken(operation, &parts.method, path)?)));
    let Some((operation, id)) = found else {
        return refuse(
            channel,
            StatusCode::NOT_FOUND,
            "MATCHING_RESOURCE_NOT_FOUND",
            "there is nothing here",
        );
    };
    match refused(&office, channel, operation, &parts.headers) {
        Some(refusal) => refusal,
        None if operation.message.is_some() => hear(&office, channel, operation, &body),
        None => pull(&office, channel, operation, &id),
    }
}

/// True where access tokens are given out.
fn is_token(channel: &Channel, path: &str) -> bool {
    let asked = channel.settings.auth.oauth2().map(|oauth2| filled(&oauth2.token_url));
    asked.is_some_and(|url| url.strip_prefix(ANY).unwrap_or(&url) == path)
}

/// A template with something in the place of every value.
fn filled(template: &Template) -> String {
    let mut values = Values::new();
    for name in template.names() {
        values.set(name, ANY);
    }
    template.fill(&values, Encoding::Plain).unwrap_or_default()
}

/// What stands in the place of the value of an operation's path, where the request is that operation.
fn taken(operation: &Operation, method: &Method, path: &str) -> Option<String> {
    let expected = filled(operation.path.as_ref()?);
    if operation.method.word() != method.as_str() {
        return None;
    }
    match expected.split_once(ANY) {
        None => (expected == path).then(String::new),
        Some((before, after)) => {
            let value = path.strip_prefix(before)?.strip_suffix(after)?;
            (!value.is_empty() && !value.contains('/')).then(|| value.to_owned())
        }
    }
}

fn token(office: &Office) -> Response {
    let body = serde_json::json!({
        "access_token": office.token(), "refresh_token": office.token(), "token_type": "bearer", "expires_in": 14400,
    });
    axum::Json(body).into_response()
}

/// Why a request may not come in.
fn refused(
    office: &Office,
    channel: &Channel,
    operation: &Operation,
    headers: &HeaderMap,
) -> Option<Response> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(oauth2) = channel.settings.auth.oauth2()
        && operation.standing != Some(Standing::None)
        && !text(&oauth2.header)
            .strip_prefix(oauth2.prefix.as_str())
            .is_some_and(|token| office.knows(token.trim()))
    {
        return Some(refuse(
            channel,
            StatusCode::UNAUTHORIZED,
            "INVALID_CREDENTIALS",
            "the access token is not known",
        ));
    }
    if let Some(accept) = operation.accept.as_ref().map(filled) {
        let (before, after) = accept.split_once(ANY).unwrap_or((&accept, ""));
        let given = text(header::ACCEPT.as_str());
        if !given.starts_with(before) || !given.ends_with(after) {
            return Some(refuse(
                channel,
                StatusCode::NOT_ACCEPTABLE,
                "ACCEPT_HEADER_INVALID",
                "the Accept header is wrong",
            ));
        }
    }
    if let Some(expected) = &operation.content_type {
        let plain = |text: &str| text.replace(' ', "").to_ascii_lowercase();
        if plain(text(header::CONTENT_TYPE.as_str())) != plain(expected) {
            return Some(refuse(
                channel,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "the Content-Type is wrong",
            ));
        }
    }
    let a_second = channel
        .limits_of(operation)
        .map(|limit| 1.0 / limit.rate.interval.as_secs_f64())
        .fold(f64::INFINITY, f64::min);
    (office.has_limits() && a_second.is_finite() && !office.admits(a_second)).then(|| throttled(channel))
}

fn throttled(channel: &Channel) -> Response {
    refuse(channel, StatusCode::TOO_MANY_REQUESTS, "MESSAGE_THROTTLED_OUT", "there were too many requests")
}

/// Takes a message, as the behaviour that is next says.
fn hear(office: &Arc<Office>, channel: &Channel, operation: &Operation, body: &Bytes) -> Response {
    let behaviour = office.behaviour();
    match behaviour {
        Behaviour::Throttle => return throttled(channel),
        Behaviour::FailBefore => return trouble(channel),
        Behaviour::HangUp => return hung_up(),
        _ => {}
    }
    match office.hear(&operation.name, body, behaviour) {
        Heard::Malformed(findings) => {
            let said: Vec<_> = findings.into_iter().map(|finding| finding.message).collect();
            refuse(channel, StatusCode::BAD_REQUEST, "BAD_REQUEST", &said.join("; "))
        }
        Heard::Taken { conversation, answers } => {
            answers::give(office, answers);
            match behaviour {
                // The message is in, and the caller does not learn it.
                Behaviour::FailAfter => StatusCode::GATEWAY_TIMEOUT.into_response(),
                Behaviour::HangUpAfter => hung_up(),
                _ => accepted(operation, &conversation),
            }
        }
    }
}

fn accepted(operation: &Operation, conversation: &str) -> Response {
    let mut response = StatusCode::ACCEPTED.into_response();
    if let Some(Place::Header(name)) = operation.gives.get("conversation")
        && let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(conversation))
    {
        response.headers_mut().insert(name, value);
    }
    response
}

fn trouble(channel: &Channel) -> Response {
    refuse(
        channel,
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL_SERVER_ERROR",
        "the simulator was told to fail",
    )
}

/// An answer that breaks off: the connection is closed before it is whole.
fn hung_up() -> Response {
    let broken = stream::once(async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
    });
    (StatusCode::ACCEPTED, [(header::CONTENT_LENGTH, "64")], Body::from_stream(broken)).into_response()
}

/// Notifications, for those who fetch them.
fn pull(office: &Office, channel: &Channel, operation: &Operation, id: &str) -> Response {
    let Some(notifications) = &channel.notifications else { return StatusCode::NOT_FOUND.into_response() };
    let Some(pull) = &notifications.pull else { return StatusCode::NOT_FOUND.into_response() };
    let is = |name: Option<&str>| name == Some(&*operation.name);
    let lists = [(Some(&*pull.list), false), (pull.fetched.as_deref(), true)];
    if let Some((_, pulled)) = lists.into_iter().find(|(name, _)| is(*name)) {
        return list(channel, &office.waiting(pulled));
    }
    let Some(one) = office.fetch(id) else {
        return refuse(channel, StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND", "there is no such notification");
    };
    let mut response = one.bytes.into_response();
    if let Some(name) = notifications.conversation.as_ref().and_then(|name| name.parse::<HeaderName>().ok())
        && let Ok(value) = HeaderValue::from_str(&one.conversation)
    {
        response.headers_mut().insert(name, value);
    }
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}

/// A list of notifications, in the shape of a resource with links.
fn list(channel: &Channel, ids: &[String]) -> Response {
    let get = channel.notifications.as_ref().and_then(|all| all.pull.as_ref()).map(|pull| &*pull.get);
    let path = get
        .and_then(|name| channel.operation(name))
        .and_then(|operation| operation.path.as_ref())
        .map(filled);
    let path = path.unwrap_or_default();
    let mut text = String::from("<resource href=\"/notifications\">");
    for id in ids {
        let _ = write!(text, "<link rel=\"notification\" href=\"{}\"/>", path.replace(ANY, id));
    }
    text.push_str("</resource>");
    ([(header::CONTENT_TYPE, "application/xml")], text).into_response()
}

/// An error in the shape that the channel says the counterpart's errors have.
fn refuse(channel: &Channel, status: StatusCode, code: &str, message: &str) -> Response {
    let problem = &channel.settings.problem;
    let place = |paths: &[dragoman_channel::Path]| paths.last().map(|path| path.text().to_owned());
    let (Some(codes), Some(messages)) = (place(&problem.code), place(&problem.message)) else {
        return (status, message.to_owned()).into_response();
    };
    let (above, code_name) = codes.rsplit_once('.').unwrap_or(("error", &codes));
    let message_name = messages.rsplit('.').next().unwrap_or("message");
    let escaped = message.replace('&', "&amp;").replace('<', "&lt;");
    let inner = format!("<{code_name}>{code}</{code_name}><{message_name}>{escaped}</{message_name}>");
    let text = above.rsplit('.').fold(inner, |inner, name| format!("<{name}>{inner}</{name}>"));
    (status, [(header::CONTENT_TYPE, "application/xml")], text).into_response()
}
