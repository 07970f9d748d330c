//! One-time links: who is invited, and coming in.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{Path, State};
use countersign_shared::admin::account::{Accept, Invitation, Me};
use countersign_shared::{Problem, routes};
use http::{HeaderMap, Method};
use utoipa_axum::routes;

use super::access::Rule;
use super::account::{Header, begin};
use super::{Routes, cookie};
use crate::http::client_address::ClientAddress;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::web::Web;
use crate::organizer::session::Entrant;
use crate::organizer::{invitation, session, sign_in};
use crate::store::organizers::Purpose;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::anybody(Method::GET, routes::ADMIN_INVITATION),
    Rule::anybody(Method::POST, routes::ADMIN_INVITATION),
];

pub fn routes() -> Routes {
    Routes::new().routes(routes!(show, accept))
}

/// Who a link invites, and to what.
#[utoipa::path(
    get,
    path = routes::ADMIN_INVITATION,
    tag = "account",
    params(("token" = String, Path, description = "The end of the link")),
    responses(
        (status = 200, description = "An open invitation", body = Invitation),
        (status = 404, description = "Never was, was used, or is over", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(web): State<Arc<Web>>,
    Path(token): Path<String>,
) -> Result<Answer<Invitation>, ApiError> {
    let (_, invitation) = invitation::find(&web.app, &token).await?;
    let reset = invitation.purpose == Purpose::Reset;
    Ok(Answer(Invitation {
        email: invitation.email,
        organization: invitation.organization_name,
        role: invitation.role,
        expires_at: invitation.expires_at.to_string(),
        has_account: invitation.organizer.is_some() && !reset,
        reset,
    }))
}

/// Accepts an invitation, and signs in. Who has an account already gives its password, or is
/// signed in; everybody else gives a name and a new password, or adds a passkey next.
#[utoipa::path(
    post,
    path = routes::ADMIN_INVITATION,
    tag = "account",
    params(("token" = String, Path, description = "The end of the link")),
    request_body = Accept,
    responses(
        (status = 200, description = "Accepted and signed in", body = Me),
        (status = 401, description = "Not the password of the account", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Never was, was used, or is over", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some fields need another look", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn accept(
    State(web): State<Arc<Web>>,
    Path(token): Path<String>,
    client: ClientAddress,
    headers: HeaderMap,
    Json(form): Json<Accept>,
) -> Result<([Header; 1], Answer<Me>), ApiError> {
    let app = &web.app;
    sign_in::limited(app, Some(client.0), None)?;
    let visitor = match cookie::read(&headers, cookie::SESSION) {
        Some(ticket) => session::identify(app, ticket).await?,
        None => None,
    };
    let accepted = invitation::accept(app, &token, form, visitor.as_ref()).await?;
    begin(&web, &headers, Entrant::from(&accepted), "invitation").await
}
