//! `/v1/users`: the people of the tenant.

use axum::Json;
use axum::extract::State;
use dragoman_engine::people::{Role, User, UserChange};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::access::Caller;
use crate::input::{Command, Path};
use crate::page::Page;
use crate::problem::{Body, MEDIA_TYPE, Problem};

/// A person who may sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// What the person signs in with.
    name: String,
    /// What the person may do.
    role: Role,
    /// When the person was added.
    created: Timestamp,
    /// Whether the person may no longer sign in.
    disabled: bool,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self { name: user.name, role: user.role, created: user.created, disabled: user.disabled }
    }
}

/// A person to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// What the person signs in with; the gateway has it once.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$")]
    name: String,
    /// What the person may do.
    role: Role,
    /// The password, at least 12 characters.
    #[schema(min_length = 12, max_length = 256, format = Password)]
    password: String,
}

/// A change of a person; absent members stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Another role.
    #[serde(default)]
    role: Option<Role>,
    /// Another password.
    #[serde(default)]
    #[schema(min_length = 12, max_length = 256, format = Password)]
    password: Option<String>,
    /// Whether the person may no longer sign in.
    #[serde(default)]
    disabled: Option<bool>,
}

/// List the people of the tenant.
#[utoipa::path(
    get, path = "/v1/users", tag = "People",
    responses((status = 200, description = "All of them, by name", body = Page<UserView>)),
)]
pub async fn list(State(api): State<Api>, Caller(actor): Caller) -> Result<Json<Page<UserView>>, Problem> {
    let users = api.people().users(&actor.tenant).await?;
    Ok(Json(Page { data: users.into_iter().map(UserView::from).collect(), next: None }))
}

/// Add a person.
#[utoipa::path(
    post, path = "/v1/users", tag = "People", request_body = NewUser,
    responses(
        (status = 201, description = "The person", body = UserView),
        (status = 409, description = "The name is taken", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "Name or password cannot be one", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn add(
    State(api): State<Api>,
    Caller(actor): Caller,
    Command(new): Command<NewUser>,
) -> Result<(StatusCode, Json<UserView>), Problem> {
    let user = api.people().add_user(&actor, &new.name, new.role, Some(new.password), api.now()).await?;
    tracing::info!(by = actor.name, user = user.name, role = user.role.word(), "user added");
    Ok((StatusCode::CREATED, Json(user.into())))
}

/// Change a person's role or password, or whether the person may sign in.
///
/// Sessions that are open end.
#[utoipa::path(
    patch, path = "/v1/users/{name}", tag = "People", request_body = UserPatch,
    params(("name" = String, Path, description = "The user's name")),
    responses(
        (status = 200, description = "The person as changed", body = UserView),
        (status = 409, description = "Nobody would be left who may administer", body = Body, content_type = MEDIA_TYPE),
        (status = 422, description = "The password cannot be one", body = Body, content_type = MEDIA_TYPE),
    ),
)]
pub async fn change(
    State(api): State<Api>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Command(patch): Command<UserPatch>,
) -> Result<Json<UserView>, Problem> {
    let UserPatch { role, password, disabled } = patch;
    let change = UserChange { role, password, disabled };
    let user = api.people().change_user(&actor, &name, change, api.now()).await?;
    let user = user.ok_or_else(|| Problem::not_found(format!("there is no user `{name}`")))?;
    tracing::info!(by = actor.name, user = user.name, "user changed");
    Ok(Json(user.into()))
}
