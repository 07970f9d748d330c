//! API tokens of the organization.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{Path, State};
use countersign_shared::admin::account::{MadeToken, NewToken, Token};
use countersign_shared::{Code, Problem, routes};
use http::{Method, StatusCode};
use serde_json::json;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::web::Web;
use crate::organizer::token::{self, Wish};
use crate::organizer::{Caller, Permission, audit};

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_TOKENS, Permission::Manage),
    Rule::new(Method::POST, routes::ADMIN_TOKENS, Permission::Manage),
    Rule::new(Method::DELETE, routes::ADMIN_TOKEN, Permission::Manage),
];

pub fn routes() -> Routes {
    Routes::new().routes(routes!(list, make)).routes(routes!(remove))
}

/// The organization's tokens, without their texts.
#[utoipa::path(
    get,
    path = routes::ADMIN_TOKENS,
    tag = "team",
    security(("token" = []), ("session" = [])),
    responses((status = 200, description = "In the order they were made", body = Vec<Token>))
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    caller: Caller,
) -> Result<Answer<Vec<Token>>, ApiError> {
    let tokens = web.app.store.tokens(caller.organization).await?;
    let shown = tokens.into_iter().map(|kept| Token {
        id: kept.id,
        name: kept.name,
        role: kept.role,
        made_by: kept.made_by,
        created_at: kept.created_at.to_string(),
        expires_at: kept.expires_at.map(|end| end.to_string()),
        used_at: kept.used_at.map(|used| used.to_string()),
    });
    Ok(Answer(shown.collect()))
}

/// Makes a token for a script, with the rights of a role.
#[utoipa::path(
    post,
    path = routes::ADMIN_TOKENS,
    tag = "team",
    security(("token" = []), ("session" = [])),
    request_body = NewToken,
    responses(
        (status = 201, description = "The token, shown once", body = MadeToken),
        (status = 422, description = "Some fields need another look", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn make(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Json(form): Json<NewToken>,
) -> Result<(StatusCode, Answer<MadeToken>), ApiError> {
    let (app, now) = (&web.app, web.app.clock.now());
    let wish = Wish { name: form.name.clone(), role: form.role, days: form.days };
    let made = token::make(&*app.store, &app.secrets, &*app.entropy, now, &caller, wish).await?;
    let detail = json!({ "role": form.role, "days": form.days });
    audit::note(app, &caller, "token.create", form.name.trim(), detail).await?;
    let shown = Token {
        id: made.id,
        name: form.name.trim().to_owned(),
        role: form.role,
        made_by: caller.actor.clone(),
        created_at: now.to_string(),
        expires_at: made.expires_at.map(|end| end.to_string()),
        used_at: None,
    };
    Ok((StatusCode::CREATED, Answer(MadeToken { token: made.token, made: shown })))
}

/// Ends a token.
#[utoipa::path(
    delete,
    path = routes::ADMIN_TOKEN,
    tag = "team",
    params(("id" = i64, Path, description = "The token")),
    security(("token" = []), ("session" = [])),
    responses(
        (status = 204, description = "It opens nothing any more"),
        (status = 404, description = "No such token", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn remove(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, ApiError> {
    let missing = || ApiError::new(Code::NotFound);
    let tokens = web.app.store.tokens(caller.organization).await?;
    let token = tokens.into_iter().find(|token| token.id == id).ok_or_else(missing)?;
    let detail = json!({ "role": token.role });
    let entry = audit::entry(&web.app, &caller, "token.delete", &token.name, detail);
    let done = web.app.store.delete_token(caller.organization, id, &entry).await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(missing()) }
}
