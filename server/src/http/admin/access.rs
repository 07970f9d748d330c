//! Who is let in: one layer around every route of the organizers, and one table of what each route
//! asks.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::Code;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, header};

use super::{RULES, cookie, csrf};
use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, session, token};

/// What a route asks of its caller.
#[derive(Clone, Debug)]
pub struct Rule {
    pub method: Method,
    /// As the router has it, such as `/api/v1/admin/campaigns/{slug}`.
    pub path: &'static str,
    /// `None` for the ways in, which anybody may try.
    pub permission: Option<Permission>,
}

impl Rule {
    pub const fn new(method: Method, path: &'static str, permission: Permission) -> Self {
        Self { method, path, permission: Some(permission) }
    }

    /// A way in.
    pub const fn anybody(method: Method, path: &'static str) -> Self {
        Self { method, path, permission: None }
    }
}

/// The rule of a route. HEAD asks what GET asks.
fn rule(method: &Method, path: &str) -> Option<&'static Rule> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    RULES.iter().copied().flatten().find(|rule| rule.method == *method && rule.path == path)
}

/// Lets in who may: finds the caller, holds them against the rule of the route, and against the
/// organization of the campaign that the path names. What belongs to another organization is not
/// there: 404, whatever the role.
pub async fn admit(
    State(web): State<Arc<Web>>,
    path: MatchedPath,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let slug = params.iter().find(|(name, _)| *name == "slug").map(|(_, slug)| slug.to_owned());
    // Apart from its body, which cannot be shared between threads while somebody is looked up.
    let (mut parts, body) = request.into_parts();
    match judge(&web, path.as_str(), slug.as_deref(), &parts).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                parts.extensions.insert(caller);
            }
            let mut answer = next.run(Request::from_parts(parts, body)).await;
            // What an organizer saw is for them alone, also on a shared machine.
            let kept = answer.headers_mut().entry(header::CACHE_CONTROL);
            kept.or_insert(HeaderValue::from_static("no-store"));
            answer
        }
        Err(error) => error.into_response(),
    }
}

async fn judge(
    web: &Web,
    path: &str,
    slug: Option<&str>,
    parts: &Parts,
) -> Result<Option<Caller>, ApiError> {
    let Some(rule) = rule(&parts.method, path) else {
        return Err(ApiError::new(Code::MethodNotAllowed));
    };
    let token = bearer(&parts.headers).or_else(|| osdi(&parts.headers));
    let changes = !parts.method.is_safe();
    let Some(permission) = rule.permission else {
        // A way in: nobody may be let into another account than they think.
        if changes {
            csrf::check(&web.app.config.public_url, &parts.headers)?;
        }
        return Ok(None);
    };
    let caller = match (token, cookie::read(&parts.headers, cookie::SESSION)) {
        (Some(token), _) => token::identify(&web.app, token).await?,
        (None, Some(ticket)) => {
            if changes {
                csrf::check(&web.app.config.public_url, &parts.headers)?;
            }
            session::identify(&web.app, ticket).await?
        }
        (None, None) => None,
    };
    let caller = caller.ok_or_else(|| ApiError::new(Code::Unauthorized))?;
    if let Some(slug) = slug {
        let campaign = web.app.campaigns.get(slug);
        if campaign.is_none_or(|campaign| campaign.organization != caller.organization) {
            return Err(ApiError::new(Code::CampaignNotFound));
        }
    }
    // A token is nobody, and has no account.
    let has_one = permission != Permission::Account || caller.organizer.is_some();
    if !(caller.may(permission) && has_one) {
        return Err(ApiError::new(Code::Forbidden));
    }
    Ok(Some(caller))
}

/// The token of `Authorization: Bearer …` (RFC 6750); the scheme's case does not matter.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The token as OSDI's clients send it.
fn osdi(headers: &HeaderMap) -> Option<&str> {
    headers.get("osdi-api-token")?.to_str().ok().map(str::trim)
}

/// [`admit`] found out who it is.
impl FromRequestParts<Arc<Web>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| ApiError::internal("a route without a rule asks who calls"))
    }
}
