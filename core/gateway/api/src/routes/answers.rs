//! `/v1/accounts/{name}/answers`: answers that came otherwise than over the account's channel.

use axum::Json;
use axum::extract::State;
use dragoman_engine::AnswerTaken;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::input::{Content, Path};
use crate::problem::{Body, MEDIA_TYPE, Problem};
use crate::schema;

/// What became of the answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answers {
    /// One for each answer, in their order.
    data: Vec<AnswerTaken>,
}

/// Take answers in that came by mail, in a table, or from who filed for us.
///
/// The body is any message that the account's adapter reads as an answer. Each answer goes to the declaration that it is
/// about, with its number, status and duties; one that nobody waits for is parked. What was taken in before changes nothing.
#[utoipa::path(
    post, path = "/v1/accounts/{name}/answers", tag = "Receivers",
    params(("name" = String, Path, description = "The name of the account")),
    request_body(content = schema::Content, content_type = schema::ANY),
    responses(
        (status = 200, description = "They are stored", body = Answers),
        (status = 404, description = "There is no such account, or it has no answers", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "This is no answer", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn take(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    content: Content,
) -> Result<Json<Answers>, Problem> {
    let data = api.gateway().take_answers(&actor, &name, &content.bytes).await?;
    Ok(Json(Answers { data }))
}
