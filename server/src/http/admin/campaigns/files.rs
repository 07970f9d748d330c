//! Settings and files, each made of the other; and what settings would do.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::admin::campaigns::{
    CampaignCheck, CampaignFile, CampaignSettings, SettingsFault,
};
use countersign_shared::{Problem, routes};
use http::{HeaderValue, header};
use serde_json::json;

use super::refuse;
use crate::campaign::Campaign;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::{Caller, audit};

/// What is wrong with settings, how well they can be read, and what each language lacks. Stores
/// nothing.
#[utoipa::path(
    post,
    path = routes::ADMIN_CAMPAIGN_CHECK,
    tag = "organizers",
    request_body = CampaignSettings,
    security(("token" = [])),
    responses((status = 200, description = "What was found", body = CampaignCheck))
)]
pub async fn check(Json(settings): Json<CampaignSettings>) -> Answer<CampaignCheck> {
    Answer(Campaign::check(&settings))
}

/// Reads a campaign file into settings. Stores nothing.
#[utoipa::path(
    post,
    path = routes::ADMIN_CAMPAIGN_IMPORT,
    tag = "organizers",
    request_body = CampaignFile,
    security(("token" = [])),
    responses(
        (status = 200, description = "The settings of the file", body = CampaignSettings),
        (status = 422, description = "Every fault, with its line and column", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn import(Json(file): Json<CampaignFile>) -> Result<Answer<CampaignSettings>, ApiError> {
    let campaign = Campaign::from_toml(&file.toml).map_err(|errors| {
        let place = |error: crate::campaign::ConfigError| SettingsFault {
            reason: format!("line {}, column {}: {}", error.line, error.column, error.reason),
            field: error.key,
        };
        refuse(errors.into_iter().map(place).collect())
    })?;
    Ok(Answer(campaign.settings()))
}

/// The campaign as a file that `countersign campaign apply` takes.
#[utoipa::path(
    get,
    path = routes::ADMIN_CAMPAIGN_TOML,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "TOML", content_type = "application/toml", body = String),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn export(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
) -> Result<Response, ApiError> {
    let slug = campaign.campaign.slug.as_str();
    audit::note(&web.app, &caller, "campaign.export", slug, json!({})).await?;
    let name = format!("attachment; filename=\"{slug}.toml\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/toml")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(ApiError::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, campaign.campaign.to_toml()).into_response())
}
