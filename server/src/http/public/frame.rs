//! `/embed/{slug}`: the widget alone, for a frame on somebody else's page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::campaign::Found;
use super::painted;
use super::widget_state::{self, Look};
use crate::http::error::ApiError;
use crate::http::html::Framing;
use crate::http::web::Web;
use crate::store::StoredCampaign;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// `GET /embed/{slug}`.
pub async fn show(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    look: Look,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut state = widget_state::build(&web, &campaign, &look, &headers, None)?;
    // Pages of other sites cannot read this page, so they cannot read the token either.
    state.embed_token = Some(web.app.secrets.embed_token(&campaign.campaign.slug));
    let page = painted::page(&web, &state, framing(&campaign))?;
    let mut response = page.respond(&web);
    // People are to find the campaign's page, not a piece of somebody else's.
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex"));
    Ok(response)
}

/// The sites that may sign may show the frame.
fn framing(campaign: &StoredCampaign) -> Framing {
    let settings = &campaign.campaign;
    if settings.allows_any_origin() {
        return Framing::Anybody;
    }
    Framing::Sites(settings.origins.iter().map(|origin| origin.as_str().to_owned()).collect())
}
