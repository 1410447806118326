//! `/v1/refilings`: one cause, many declarations; mended once, and sent off together.

use axum::Json;
use axum::extract::State;
use dragoman_engine::{Refiled, Sharing};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::access::Caller;
use crate::input::{Command, Query};
use crate::page::Page;
use crate::problem::Problem;

/// Which cause.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Cause {
    /// The cause, as the rejections of a declaration name it: `master:LAMP-3:code`.
    cause: String,
}

/// List the declarations that share a cause, each with what making it anew would change.
#[utoipa::path(
    get, path = "/v1/refilings", tag = "Goods", params(Cause),
    responses((status = 200, description = "Those that were rejected for it, and those that wait with it in them", body = Page<Sharing>)),
)]
pub async fn sharing(
    State(api): State<Api>,
    Caller(actor): Caller,
    Query(Cause { cause }): Query<Cause>,
) -> Result<Json<Page<Sharing>>, Problem> {
    Ok(Json(Page { data: api.gateway().same_cause(&actor, &cause).await?, next: None }))
}

/// Make the declarations that share a cause anew, and send them off.
#[utoipa::path(
    post, path = "/v1/refilings", tag = "Goods", request_body = Cause,
    responses((status = 200, description = "What became of each", body = Refiled)),
)]
pub async fn refile(
    State(api): State<Api>,
    Caller(actor): Caller,
    Command(Cause { cause }): Command<Cause>,
) -> Result<Json<Refiled>, Problem> {
    Ok(Json(api.gateway().refile(&actor, &cause).await?))
}
