//! `GET /api/v1/campaigns/{slug}`: what a widget needs to know.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams, State};
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Code, Problem, PublicCampaign, routes};
use http::request::Parts;
use http::{HeaderValue, header};

use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::organizer::Caller;
use crate::store::StoredCampaign;

/// The campaign that the path names.
pub struct Found(pub Arc<StoredCampaign>);

impl FromRequestParts<Arc<Web>> for Found {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let missing = || ApiError::new(Code::CampaignNotFound);
        let params = RawPathParams::from_request_parts(parts, web).await.map_err(|_| missing())?;
        let (_, slug) = params.iter().find(|(name, _)| *name == "slug").ok_or_else(missing)?;
        let found = web.app.campaigns.get(slug).ok_or_else(missing)?;
        // A draft is there for those who were let in as its organizers.
        if found.campaign.is_draft() && parts.extensions.get::<Caller>().is_none() {
            return Err(missing());
        }
        Ok(Self(found))
    }
}

/// The campaign: texts by language, fields, goal, theme, privacy notice, status, totals.
#[utoipa::path(
    get,
    path = routes::CAMPAIGN,
    tag = "campaign",
    params(("slug" = String, Path, description = "The campaign's short name")),
    responses(
        (status = 200, description = "What a widget needs", body = PublicCampaign),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Response, ApiError> {
    let public = public(&web, &campaign)?;
    // It carries a stamp of when it was rendered, so it is nobody else's.
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((no_store, axum::Json(public)).into_response())
}

/// The campaign as the public sees it now.
pub fn public(web: &Web, campaign: &StoredCampaign) -> Result<PublicCampaign, ApiError> {
    let app = &web.app;
    let snapshot =
        app.hub.snapshot(campaign.id).ok_or_else(|| ApiError::new(Code::CampaignNotFound))?;
    let settings = &campaign.campaign;
    let now = app.clock.now();
    let share_url = format!("{}{}", app.config.public_url, routes::page(settings.slug.as_str()));
    let rendered = app.secrets.stamp(&settings.slug, now);
    let mut totals = snapshot.totals.clone();
    // The totals hear of new settings a moment earlier. Whoever is painted from these must not take
    // them for the new ones.
    totals.revision = u64::try_from(campaign.revision).unwrap_or(0);
    Ok(settings.public(now, totals, rendered, share_url))
}
