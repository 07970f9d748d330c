//! Passkeys: adding one's own, and signing in with one.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{Path, State};
use countersign_shared::admin::account::{Me, NewPasskey, Passkey};
use countersign_shared::{Problem, routes};
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;
use utoipa_axum::routes;

use super::access::Rule;
use super::account::{Header, begin};
use super::{Routes, cookie};
use crate::http::client_address::ClientAddress;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, passkey, session};

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_PASSKEYS, Permission::Account),
    Rule::new(Method::POST, routes::ADMIN_PASSKEYS, Permission::Account),
    Rule::new(Method::POST, routes::ADMIN_PASSKEYS_BEGIN, Permission::Account),
    Rule::new(Method::DELETE, routes::ADMIN_PASSKEY, Permission::Account),
    Rule::anybody(Method::POST, routes::ADMIN_SESSION_PASSKEY_BEGIN),
    Rule::anybody(Method::POST, routes::ADMIN_SESSION_PASSKEY),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, add))
        .routes(routes!(begin_adding))
        .routes(routes!(remove))
        .routes(routes!(begin_sign_in))
        .routes(routes!(enter))
}

/// One's own passkeys.
#[utoipa::path(
    get,
    path = routes::ADMIN_PASSKEYS,
    tag = "account",
    security(("session" = [])),
    responses((status = 200, description = "In the order they were added", body = Vec<Passkey>))
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    caller: Caller,
) -> Result<Answer<Vec<Passkey>>, ApiError> {
    let passkeys = web.app.store.passkeys(session::own(&caller)?).await?;
    let shown = passkeys.into_iter().map(|kept| Passkey {
        id: kept.id,
        name: kept.name,
        created_at: kept.created_at.to_string(),
        used_at: kept.used_at.map(|used| used.to_string()),
    });
    Ok(Answer(shown.collect()))
}

/// The first half of adding a passkey: what `PublicKeyCredential.parseCreationOptionsFromJSON`
/// takes, under `publicKey`. The answer sets a cookie for five minutes.
#[utoipa::path(
    post,
    path = routes::ADMIN_PASSKEYS_BEGIN,
    tag = "account",
    security(("session" = [])),
    responses(
        (status = 200, description = "Options for the browser", body = Value),
        (status = 409, description = "This server's address cannot have passkeys", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn begin_adding(
    State(web): State<Arc<Web>>,
    caller: Caller,
) -> Result<([Header; 1], Answer<Value>), ApiError> {
    let begun = passkey::begin_adding(&web.app, &caller).await?;
    Ok(([cookie::ceremony(&begun.ticket)?], Answer(begun.options)))
}

/// The second half: the passkey that the browser made.
#[utoipa::path(
    post,
    path = routes::ADMIN_PASSKEYS,
    tag = "account",
    security(("session" = [])),
    request_body = NewPasskey<Value>,
    responses(
        (status = 204, description = "Added"),
        (status = 422, description = "Not the passkey that was asked for", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn add(
    State(web): State<Arc<Web>>,
    caller: Caller,
    headers: HeaderMap,
    Json(form): Json<NewPasskey<Value>>,
) -> Result<(StatusCode, [Header; 1]), ApiError> {
    let ticket = cookie::read(&headers, cookie::CEREMONY);
    passkey::add(&web.app, &caller, ticket, &form.name, form.credential).await?;
    Ok((StatusCode::NO_CONTENT, [cookie::remove(cookie::CEREMONY)?]))
}

/// Removes a passkey, unless nothing else would let its owner in.
#[utoipa::path(
    delete,
    path = routes::ADMIN_PASSKEY,
    tag = "account",
    params(("id" = i64, Path, description = "The passkey")),
    security(("session" = [])),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, description = "No such passkey", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The last way in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn remove(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, ApiError> {
    passkey::remove(&web.app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The first half of a sign-in with a passkey: what
/// `PublicKeyCredential.parseRequestOptionsFromJSON` takes, under `publicKey`. The answer sets a
/// cookie for five minutes.
#[utoipa::path(
    post,
    path = routes::ADMIN_SESSION_PASSKEY_BEGIN,
    tag = "account",
    responses(
        (status = 200, description = "Options for the browser", body = Value),
        (status = 409, description = "This server's address cannot have passkeys", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn begin_sign_in(
    State(web): State<Arc<Web>>,
    client: ClientAddress,
) -> Result<([Header; 1], Answer<Value>), ApiError> {
    let begun = passkey::begin_sign_in(&web.app, client.0).await?;
    Ok(([cookie::ceremony(&begun.ticket)?], Answer(begun.options)))
}

/// The second half: what `PublicKeyCredential.toJSON()` says. The answer sets the cookie
/// `__Host-countersign`.
#[utoipa::path(
    post,
    path = routes::ADMIN_SESSION_PASSKEY,
    tag = "account",
    request_body = Value,
    responses(
        (status = 200, description = "Signed in", body = Me),
        (status = 422, description = "Not a passkey that is known here", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn enter(
    State(web): State<Arc<Web>>,
    headers: HeaderMap,
    Json(credential): Json<Value>,
) -> Result<([Header; 1], Answer<Me>), ApiError> {
    let ticket = cookie::read(&headers, cookie::CEREMONY);
    let entrant = passkey::sign_in(&web.app, ticket, credential).await?;
    begin(&web, &headers, entrant, "passkey").await
}
