//! `/v1/accounts`: our standings at counterparts.

use axum::Json;
use axum::extract::State;
use dragoman_engine::AccountView;

use crate::Api;
use crate::access::Caller;
use crate::input::Path;
use crate::page::Page;
use crate::problem::Problem;

/// List the accounts of the tenant.
#[utoipa::path(
    get, path = "/v1/accounts", tag = "Accounts",
    responses((status = 200, description = "All of them, by name", body = Page<AccountView>)),
)]
pub async fn list(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Page<AccountView>>, Problem> {
    Ok(Json(Page { data: api.gateway().accounts(&actor).await?, next: None }))
}

/// Show an account.
#[utoipa::path(
    get, path = "/v1/accounts/{name}", tag = "Accounts",
    params(("name" = String, Path, description = "Its name")),
    responses((status = 200, description = "The account", body = AccountView)),
)]
pub async fn show(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(name): Path<String>,
) -> Result<Json<AccountView>, Problem> {
    let found = api.gateway().accounts(&actor).await?.into_iter().find(|account| account.name == name);
    found.map(Json).ok_or_else(|| Problem::not_found(format!("there is no account `{name}`")))
}
