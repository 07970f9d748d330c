//! One's own account and sessions.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::account::{
    ChangeOrganization, Me, Membership, Profile, Session, SignIn,
};
use countersign_shared::{Code, Problem, routes};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;
use utoipa_axum::routes;

use super::access::Rule;
use super::{Routes, cookie};
use crate::http::client_address::ClientAddress;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::web::Web;
use crate::organizer::session::Entrant;
use crate::organizer::{Caller, Permission, audit, passkey, session, sign_in};
use crate::store::OrganizationId;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_SESSION, Permission::Account),
    Rule::anybody(Method::POST, routes::ADMIN_SESSION),
    Rule::new(Method::PATCH, routes::ADMIN_SESSION, Permission::Account),
    Rule::new(Method::DELETE, routes::ADMIN_SESSION, Permission::Account),
    Rule::new(Method::POST, routes::ADMIN_SESSION_ORGANIZATION, Permission::Account),
    Rule::new(Method::GET, routes::ADMIN_SESSIONS, Permission::Account),
    Rule::new(Method::DELETE, routes::ADMIN_SESSIONS, Permission::Account),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(me, enter, change, leave))
        .routes(routes!(change_organization))
        .routes(routes!(list, leave_everywhere))
}

/// A header of an answer.
pub type Header = (HeaderName, HeaderValue);

/// Who is signed in, and where.
#[utoipa::path(
    get,
    path = routes::ADMIN_SESSION,
    tag = "account",
    security(("session" = [])),
    responses(
        (status = 200, description = "The caller", body = Me),
        (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn me(State(web): State<Arc<Web>>, caller: Caller) -> Result<Answer<Me>, ApiError> {
    whoami(&web, &caller).await.map(Answer)
}

/// Signs in with a password. The answer sets the cookie `__Host-countersign`.
#[utoipa::path(
    post,
    path = routes::ADMIN_SESSION,
    tag = "account",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in", body = Me),
        (status = 401, description = "Address and password do not go together", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not sent by our own page", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn enter(
    State(web): State<Arc<Web>>,
    client: ClientAddress,
    headers: HeaderMap,
    Json(form): Json<SignIn>,
) -> Result<([Header; 1], Answer<Me>), ApiError> {
    let entrant = sign_in::with_password(&web.app, form, client.0).await?;
    begin(&web, &headers, entrant, "password").await
}

/// Changes one's name, time zone, number format or password.
#[utoipa::path(
    patch,
    path = routes::ADMIN_SESSION,
    tag = "account",
    security(("session" = [])),
    request_body = Profile,
    responses(
        (status = 200, description = "Changed", body = Me),
        (status = 422, description = "Some fields need another look", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Json(form): Json<Profile>,
) -> Result<Answer<Me>, ApiError> {
    let with_password = form.password.is_some();
    let detail = json!({ "password": with_password });
    let entry = audit::entry(&web.app, &caller, "account.update", &caller.actor, detail);
    sign_in::change_profile(&web.app, &caller, form, &entry).await?;
    whoami(&web, &caller).await.map(Answer)
}

/// Goes on in another organization that one belongs to: the session ends, and another one begins.
#[utoipa::path(
    post,
    path = routes::ADMIN_SESSION_ORGANIZATION,
    tag = "account",
    security(("session" = [])),
    request_body = ChangeOrganization,
    responses(
        (status = 200, description = "Signed in there", body = Me),
        (status = 404, description = "Not an organization of the caller's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change_organization(
    State(web): State<Arc<Web>>,
    caller: Caller,
    headers: HeaderMap,
    Json(form): Json<ChangeOrganization>,
) -> Result<([Header; 1], Answer<Me>), ApiError> {
    let to = OrganizationId(form.organization);
    let entrant = sign_in::change_organization(&web.app, &caller, to).await?;
    // As old as the one before: nobody has proved anew who they are.
    let since = caller.since.unwrap_or(Timestamp::MIN);
    begin_since(&web, &headers, entrant, "organization", since).await
}

/// Signs out.
#[utoipa::path(
    delete,
    path = routes::ADMIN_SESSION,
    tag = "account",
    security(("session" = [])),
    responses((status = 204, description = "The session is over"))
)]
pub async fn leave(
    State(web): State<Arc<Web>>,
    caller: Caller,
) -> Result<(StatusCode, [Header; 1]), ApiError> {
    if let Some(session) = caller.session {
        let entry = audit::entry(&web.app, &caller, "session.end", &caller.actor, json!({}));
        web.app.store.end_session(session, &entry).await?;
    }
    Ok((StatusCode::NO_CONTENT, [cookie::remove(cookie::SESSION)?]))
}

/// Where one is signed in, the last seen first.
#[utoipa::path(
    get,
    path = routes::ADMIN_SESSIONS,
    tag = "account",
    security(("session" = [])),
    responses((status = 200, description = "All sessions", body = Vec<Session>))
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    caller: Caller,
) -> Result<Answer<Vec<Session>>, ApiError> {
    let sessions = session::list(&web.app, session::own(&caller)?).await?;
    Ok(Answer(sessions.iter().map(|it| session::shown(it, &caller)).collect()))
}

/// Signs out everywhere, here as well.
#[utoipa::path(
    delete,
    path = routes::ADMIN_SESSIONS,
    tag = "account",
    security(("session" = [])),
    responses((status = 204, description = "All sessions are over"))
)]
pub async fn leave_everywhere(
    State(web): State<Arc<Web>>,
    caller: Caller,
) -> Result<(StatusCode, [Header; 1]), ApiError> {
    let entry = audit::entry(&web.app, &caller, "session.end_all", &caller.actor, json!({}));
    web.app.store.end_sessions(session::own(&caller)?, &entry).await?;
    Ok((StatusCode::NO_CONTENT, [cookie::remove(cookie::SESSION)?]))
}

/// Begins a session for whoever has proved who they are, in place of the browser's earlier one.
pub async fn begin(
    web: &Web,
    headers: &HeaderMap,
    entrant: Entrant,
    way: &str,
) -> Result<([Header; 1], Answer<Me>), ApiError> {
    begin_since(web, headers, entrant, way, web.app.clock.now()).await
}

async fn begin_since(
    web: &Web,
    headers: &HeaderMap,
    entrant: Entrant,
    way: &str,
    since: Timestamp,
) -> Result<([Header; 1], Answer<Me>), ApiError> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let earlier = cookie::read(headers, cookie::SESSION);
    let agent = agent.unwrap_or_default();
    let ticket = session::begin_since(&web.app, entrant, agent, earlier, since).await?;
    let caller = session::identify(&web.app, &ticket).await?;
    // Removed from the team at this very moment.
    let caller = caller.ok_or_else(|| ApiError::new(Code::SignInFailed))?;
    let detail = json!({ "with": way });
    audit::note(&web.app, &caller, "session.begin", &caller.actor, detail).await?;
    Ok(([cookie::session(&ticket)?], Answer(whoami(web, &caller).await?)))
}

async fn whoami(web: &Web, caller: &Caller) -> Result<Me, ApiError> {
    let organizer = session::own(caller)?;
    let account = web.app.store.organizer(organizer).await?;
    let account = account.ok_or_else(|| ApiError::new(Code::Unauthorized))?;
    let began = caller.since.unwrap_or_else(|| web.app.clock.now());
    let mut organizations = Vec::new();
    for (id, role) in web.app.store.memberships(&account.email).await? {
        let name = web.app.store.organization_name(id).await?;
        let current = id == caller.organization;
        organizations.push(Membership { id: id.0, name, role, current });
    }
    // Each at its place, wherever the last visit was.
    organizations.sort_by_key(|it| it.id);
    Ok(Me {
        email: account.email,
        name: account.name,
        role: caller.role,
        organization: web.app.store.organization_name(caller.organization).await?,
        organizations,
        time_zone: account.time_zone,
        locale: account.locale,
        has_password: account.password.is_some(),
        passkeys: u32::try_from(account.passkeys).unwrap_or(u32::MAX),
        passkeys_possible: passkey::possible(&web.app.config),
        session_ends_at: session::latest(began),
    })
}
