//! The description of the interface (`OpenAPI` 3.1), completed with what is the same everywhere.

use std::collections::BTreeSet;

use dragoman_adapters::{Catalogue, Message};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response};
use utoipa::{PartialSchema, ToSchema};

use crate::media;
use crate::problem::{Body, Kind, MEDIA_TYPE};
use crate::reading::AUTO;
use crate::schema;
use dragoman_engine::people::cookie;

/// What the interface is, before any route.
pub fn beginning(secure: bool) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Dragoman")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Orders in, declarations out, and every answer back to the order line that it is about. Decimals are \
             strings, times are RFC 3339, lists come in pages (`data`, `next`), and whatever could not be done is a \
             problem (RFC 9457).",
        ))
        .license(Some(utoipa::openapi::License::new("Apache-2.0 OR MIT")))
        .build();
    let mut components = Components::new();
    let key = Http::new(HttpAuthScheme::Bearer);
    components.add_security_scheme("api_key", SecurityScheme::Http(key));
    let session = ApiKeyValue::new(cookie::name(secure));
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    let mut schemas = vec![(Body::name().into_owned(), Body::schema())];
    Body::schemas(&mut schemas);
    components.schemas.extend(schemas);
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// All operations of a path with their methods.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let all = [("get", get), ("put", put), ("post", post), ("delete", delete), ("patch", patch)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Where `from` and `to` are messages; elsewhere they are countries.
const TRANSLATE: &str = "/v1/translate";

/// Adds what is the same everywhere: names, the media types of messages, the problems that an operation of a kind can
/// end in.
pub fn complete(openapi: &mut OpenApi, catalogue: &Catalogue) {
    let names = message_names(catalogue);
    for (path, item) in &mut openapi.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(method, path));
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                body_of_any_kind(body);
            }
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    match parameter.name.as_str() {
                        // What is written has a name; only what is read can tell it by its content.
                        "as" if method == "get" => parameter.schema = Some(one_of(names.clone()).into()),
                        "to" if path == TRANSLATE => parameter.schema = Some(one_of(names.clone()).into()),
                        "from" if path != TRANSLATE => {}
                        "from" | "as" => {
                            let names = [AUTO.to_owned()].into_iter().chain(names.clone());
                            parameter.schema = Some(one_of(names).into());
                        }
                        _ => {}
                    }
                }
            }
            for kind in problems(path, operation) {
                let (status, _, title) = kind.parts();
                let answers = &mut operation.responses.responses;
                answers.entry(status.as_str().to_owned()).or_insert(RefOr::T(problem(title)));
            }
        }
    }
}

/// The names that a message can be asked for by.
fn message_names(catalogue: &Catalogue) -> Vec<String> {
    let mappings = catalogue.mapping_names().map(str::to_owned);
    let known: BTreeSet<_> = catalogue.message_names().chain(mappings).collect();
    [Message::CANONICAL.to_owned()].into_iter().chain(known).collect()
}

fn one_of(names: impl IntoIterator<Item = String>) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
}

/// `post /v1/declarations/{id}/amendments` to `post_declarations_id_amendments`.
fn name(method: &str, path: &str) -> String {
    let steps = path.split(['/', '{', '}', '.', '-']).filter(|step| !step.is_empty() && *step != "v1");
    std::iter::once(method).chain(steps).collect::<Vec<_>>().join("_")
}

fn problem(title: &str) -> Response {
    let schema: RefOr<Schema> = Ref::from_schema_name("Problem").into();
    let mut response = Response::new(title);
    response.content.insert(MEDIA_TYPE.to_owned(), Content::new(Some(schema)).into());
    response
}

/// A message has the media type of its syntax, too.
fn body_of_any_kind(body: &mut RequestBody) {
    let Some(any) = body.content.get(schema::ANY).cloned() else { return };
    for media_type in [media::XML, media::EDIFACT, media::X12] {
        body.content.insert(media_type.to_owned(), any.clone());
    }
    body.content.insert(media::JSON.to_owned(), Content::new(Some(serde_json::Value::schema())).into());
}

/// The problems that an operation can end in for what it takes and whom it lets in.
fn problems(path: &str, operation: &Operation) -> Vec<Kind> {
    let is_guarded = operation.security.is_some();
    let has_body = operation.request_body.is_some();
    let has_parameters = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    let applies = |(applies, kind): (bool, Kind)| applies.then_some(kind);
    [
        (has_body || has_parameters, Kind::Malformed),
        (is_guarded, Kind::Unauthenticated),
        (is_guarded, Kind::Forbidden),
        (path.contains('{') || (is_guarded && (has_body || has_parameters)), Kind::NotFound),
        (has_body, Kind::TooLarge),
        (has_body, Kind::MediaType),
        (has_body, Kind::Content),
        (path.starts_with("/v1"), Kind::Internal),
        (path.starts_with("/v1"), Kind::Unavailable),
    ]
    .into_iter()
    .filter_map(applies)
    .collect()
}
