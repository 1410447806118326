//! `/v1/adapters`: what can be read and written, and for whom.

use axum::Json;
use axum::extract::State;
use dragoman_adapters::{Adapter, Catalogue, Party};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::input::Path;
use crate::media;
use crate::page::Page;
use crate::problem::Problem;

/// A country's customs service, a platform or a format.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdapterView {
    /// Its name, the first half of its messages' names.
    name: String,
    /// What people call it.
    title: String,
    /// What it stands for.
    kind: PartyKind,
    /// The country (ISO 3166-1 alpha-2, or `EU`) or the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    party: Option<String>,
    /// Its messages.
    messages: Vec<MessageView>,
}

/// Whom an adapter speaks with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PartyKind {
    /// A customs administration.
    Customs,
    /// A platform that orders come from.
    Platform,
    /// Anybody who uses the format.
    Format,
}

/// One kind of message.
#[derive(Debug, Serialize, ToSchema)]
struct MessageView {
    /// The name that `from`, `to` and `as` take.
    #[schema(example = "edifact/cusdec")]
    name: String,
    /// `out` where it is sent to the counterpart, `in` where it comes from there.
    direction: String,
    /// The canonical document that it holds.
    document: String,
    /// The media type it is written as.
    media_type: String,
}

/// List the adapters.
#[utoipa::path(
    get, path = "/v1/adapters", tag = "Adapters",
    responses((status = 200, description = "All adapters", body = Page<AdapterView>)),
)]
pub async fn list(State(api): State<Api>) -> Result<Json<Page<AdapterView>>, Problem> {
    let catalogue = api.catalogue().clone();
    api.work(move || {
        let adapters = catalogue.adapters().iter();
        let data: Result<_, _> = adapters.map(|adapter| view(&catalogue, adapter)).collect();
        Ok(Json(Page { data: data?, next: None }))
    })
    .await?
}

/// Show an adapter.
#[utoipa::path(
    get, path = "/v1/adapters/{name}", tag = "Adapters",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, description = "The adapter", body = AdapterView)),
)]
pub async fn show(State(api): State<Api>, Path(name): Path<String>) -> Result<Json<AdapterView>, Problem> {
    let catalogue = api.catalogue().clone();
    api.work(move || {
        let adapter = catalogue.adapters().iter().find(|adapter| adapter.name == name);
        let adapter = adapter.ok_or_else(|| Problem::not_found(format!("there is no adapter `{name}`")))?;
        view(&catalogue, adapter).map(Json)
    })
    .await?
}

fn view(catalogue: &Catalogue, adapter: &Adapter) -> Result<AdapterView, Problem> {
    let message = |message: &dragoman_adapters::AdapterMessage| {
        let name = format!("{}/{}", adapter.name, message.name);
        let loaded = catalogue.message(&name).map_err(Problem::internal)?;
        let document = loaded.mapping().map(|mapping| mapping.model());
        let document = document.map(|place| dragoman_model::Schema::standard().name_of(place).to_owned());
        Ok(MessageView {
            direction: message.direction.word().to_owned(),
            document: document.unwrap_or_default(),
            media_type: media::of(loaded.syntax()).to_owned(),
            name,
        })
    };
    let (kind, party) = match &adapter.party {
        Party::Customs(country) => (PartyKind::Customs, Some(country.clone())),
        Party::Platform(platform) => (PartyKind::Platform, Some(platform.clone())),
        Party::Any => (PartyKind::Format, None),
    };
    let messages: Result<_, Problem> = adapter.messages.iter().map(message).collect();
    Ok(AdapterView {
        name: adapter.name.clone(),
        title: adapter.title.clone(),
        kind,
        party,
        messages: messages?,
    })
}
