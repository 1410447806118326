//! `/v1/goods`: the customs master, and what it lacks.

use axum::Json;
use axum::extract::State;
use dragoman_engine::MasterImport;

use crate::Api;
use crate::access::Caller;
use crate::input::Content;
use crate::media;
use crate::problem::{Body, Kind, MEDIA_TYPE, Problem};
use crate::schema;

/// Take a customs master in.
///
/// The body is a table (`text/csv`) with the columns `sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from`.
/// The rows of an article replace those that were there. Rows with errors are left out, and said.
#[utoipa::path(
    post, path = "/v1/goods", tag = "Goods",
    request_body(content = schema::Content, content_type = "text/csv"),
    responses(
        (status = 200, description = "What was taken, and what is wrong row by row", body = MasterImport),
        (status = 422, description = "This is no customs master", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn import(
    State(api): State<Api>,
    Caller(actor): Caller,
    content: Content,
) -> Result<Json<MasterImport>, Problem> {
    if !media::is(&content.headers, media::CSV) {
        return Err(Problem::new(Kind::MediaType).detail("this takes `text/csv`"));
    }
    let text =
        std::str::from_utf8(&content.bytes).map_err(|_| Problem::malformed("the table is not UTF-8"))?;
    Ok(Json(api.gateway().import_master(&actor, text).await?))
}
