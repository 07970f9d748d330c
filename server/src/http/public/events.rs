//! `POST …/events`: a widget was seen, somebody began to type, or passed the campaign on.
//!
//! The request is one that browsers send across origins without asking first: its body says
//! `text/plain`. A question before every view would double the requests, and there is nothing to
//! protect by it: no cookie is read, nothing personal is taken, and a page that is not on the
//! campaign's list is refused by its Origin as it is with pledges. JSON is taken as well.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use countersign_shared::pledge::Source;
use countersign_shared::{Code, Problem, routes};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::campaign::Found;
use crate::http::client_address::ClientAddress;
use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::http::{body, json};
use crate::insight::visits::Happening;
use crate::pledge::limit::Limit;

/// What happened, and where the person came from. Names nobody.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub kind: Happening,
    #[serde(default)]
    pub source: Source,
}

/// Counts a view, a start or a share. No cookie is read or set; the address limits how often this may
/// be sent and is not kept; nothing tells one sender from another.
#[utoipa::path(
    post,
    path = routes::EVENTS,
    tag = "campaign",
    params(("slug" = String, Path, description = "The campaign's short name")),
    request_body(content = Event, content_type = "text/plain", description = "JSON. Sent as text/plain, a browser asks no permission first; application/json is taken too"),
    responses(
        (status = 204, description = "Counted"),
        (status = 403, description = "The page's site is not on the campaign's list", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Neither text/plain nor application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No such kind, or a field that is not known", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many from this address: see Retry-After", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn tell(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    client: ClientAddress,
    request: Request,
) -> Result<Response, ApiError> {
    if !is_text_or_json(request.headers()) {
        return Err(ApiError::new(Code::UnsupportedMediaType));
    }
    web.app.limits.check_event(campaign.id, client.0).map_err(|wait| {
        ApiError::new(Code::RateLimited).retry_after(wait).detail(Limit::Events.message())
    })?;
    let bytes = body::read(request.into_body(), web.settings.body_deadline).await?;
    let Event { kind, source } = json::parse(&bytes)?;
    web.app.visits.count(campaign.id, kind, &source, web.app.clock.now());
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::NO_CONTENT, no_store).into_response())
}

fn is_text_or_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    ["text/plain", "application/json"].iter().any(|kind| essence.eq_ignore_ascii_case(kind))
}
