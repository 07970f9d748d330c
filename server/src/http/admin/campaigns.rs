//! Campaigns: settings, stages, files, previews, snippets.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::Permission;
use countersign_shared::admin::campaigns::{
    CampaignDetail, CampaignSettings, CampaignSummary, SaveCampaign, SettingsFault, Stage,
};
use countersign_shared::{Code, FieldError, Problem, routes};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::campaign::Campaign;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::{Caller, audit};
use crate::store::{StoredCampaign, Written};

mod embed;
mod files;
mod preview;
mod stage;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_CAMPAIGNS, Permission::View),
    Rule::new(Method::POST, routes::ADMIN_CAMPAIGNS, Permission::Edit),
    Rule::new(Method::GET, routes::ADMIN_CAMPAIGN, Permission::View),
    Rule::new(Method::PUT, routes::ADMIN_CAMPAIGN, Permission::Edit),
    Rule::new(Method::POST, routes::ADMIN_CAMPAIGN_CHECK, Permission::Edit),
    Rule::new(Method::POST, routes::ADMIN_CAMPAIGN_PREVIEW, Permission::Edit),
    Rule::new(Method::POST, routes::ADMIN_CAMPAIGN_IMPORT, Permission::Edit),
    Rule::new(Method::GET, routes::ADMIN_CAMPAIGN_TOML, Permission::View),
    Rule::new(Method::POST, routes::ADMIN_CAMPAIGN_DUPLICATE, Permission::Edit),
    Rule::new(Method::POST, routes::ADMIN_CAMPAIGN_STAGE, Permission::Edit),
    Rule::new(Method::GET, routes::ADMIN_EMBED, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_EMBED_CHECK, Permission::View),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(show, save))
        .routes(routes!(files::check))
        .routes(routes!(files::import))
        .routes(routes!(files::export))
        .routes(routes!(preview::paint))
        .routes(routes!(stage::change))
        .routes(routes!(stage::duplicate))
        .routes(routes!(embed::snippets))
        .routes(routes!(embed::check))
}

/// The organization's campaigns: live ones first, then drafts, then archived ones.
#[utoipa::path(
    get,
    path = routes::ADMIN_CAMPAIGNS,
    tag = "organizers",
    security(("token" = [])),
    responses(
        (status = 200, description = "Every campaign", body = Vec<CampaignSummary>),
        (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(web): State<Arc<Web>>, caller: Caller) -> Answer<Vec<CampaignSummary>> {
    let mut campaigns = web.app.campaigns.all();
    campaigns.retain(|campaign| campaign.organization == caller.organization);
    let order = |campaign: &StoredCampaign| match campaign.campaign.stage {
        Stage::Live => 0,
        Stage::Draft => 1,
        Stage::Archived => 2,
    };
    campaigns.sort_by_key(|it| (order(it), it.campaign.slug.as_str().to_owned()));
    Answer(campaigns.iter().map(|campaign| summary(&web, campaign)).collect())
}

fn summary(web: &Web, stored: &StoredCampaign) -> CampaignSummary {
    let campaign = &stored.campaign;
    let total = web.app.hub.snapshot(stored.id).map_or(0, |snapshot| snapshot.counters.total);
    CampaignSummary {
        slug: campaign.slug.as_str().to_owned(),
        title: campaign.texts_for(&campaign.default_locale).1.title.clone(),
        stage: campaign.stage,
        status: campaign.status(web.app.clock.now()),
        total,
        goal: campaign.goal_for(total),
        revision: stored.revision,
    }
}

/// Makes a campaign of the settings.
#[utoipa::path(
    post,
    path = routes::ADMIN_CAMPAIGNS,
    tag = "organizers",
    request_body = SaveCampaign,
    security(("token" = [])),
    responses(
        (status = 201, description = "The new campaign", body = CampaignDetail),
        (status = 403, description = "Not for this role", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The slug is taken", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Settings with faults", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn create(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Json(asked): Json<SaveCampaign>,
) -> Result<(StatusCode, Answer<CampaignDetail>), ApiError> {
    let campaign = Campaign::from_settings(&asked.settings).map_err(refuse)?;
    made(&web, &caller, &campaign, "campaign.create", json!({})).await
}

/// A campaign's settings.
#[utoipa::path(
    get,
    path = routes::ADMIN_CAMPAIGN,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "All settings, and which edition they are", body = CampaignDetail),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Answer<CampaignDetail>, ApiError> {
    Ok(Answer(detail(&web, &campaign)))
}

/// Changes a campaign's settings. Its name and its stage stay: `stage` is not read here, since going
/// live and vanishing are steps of their own, `POST …/stage`.
#[utoipa::path(
    put,
    path = routes::ADMIN_CAMPAIGN,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    request_body = SaveCampaign,
    security(("token" = [])),
    responses(
        (status = 200, description = "The settings as they are now", body = CampaignDetail),
        (status = 403, description = "Not for this role", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody else has changed it meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Settings with faults", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn save(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(stored): Found,
    Json(asked): Json<SaveCampaign>,
) -> Result<Answer<CampaignDetail>, ApiError> {
    let mut campaign = Campaign::from_settings(&asked.settings).map_err(refuse)?;
    campaign.stage = stored.campaign.stage;
    if campaign.slug != stored.campaign.slug {
        return Err(refuse(vec![SettingsFault {
            field: "slug".to_owned(),
            reason: "never changes; duplicate the campaign instead".to_owned(),
        }]));
    }
    // Over whatever is there now, and never over a stage that this node has not heard of yet.
    let revision = asked.revision.or(Some(stored.revision));
    changed(&web, &caller, &stored, &campaign, revision, "campaign.update").await
}

/// Stores a new campaign of the caller's organization.
async fn made(
    web: &Web,
    caller: &Caller,
    campaign: &Campaign,
    action: &str,
    what: Value,
) -> Result<(StatusCode, Answer<CampaignDetail>), ApiError> {
    let app = &web.app;
    let now = app.clock.now();
    let entry = audit::entry(app, caller, action, campaign.slug.as_str(), what);
    let written = app.store.create_campaign(caller.organization, campaign, now, &entry).await?;
    if written != Written::Created {
        return Err(ApiError::new(Code::SlugTaken));
    }
    Ok((StatusCode::CREATED, now_stored(web, campaign).await?))
}

/// Stores what became of `before`, and says in the log which settings are others now.
async fn changed(
    web: &Web,
    caller: &Caller,
    before: &StoredCampaign,
    campaign: &Campaign,
    revision: Option<i64>,
    action: &str,
) -> Result<Answer<CampaignDetail>, ApiError> {
    let app = &web.app;
    let what = json!({ "changed": differing(&before.campaign, campaign)? });
    let entry = audit::entry(app, caller, action, campaign.slug.as_str(), what);
    match app.store.save_campaign(campaign, revision, app.clock.now(), &entry).await? {
        Written::Unchanged | Written::Updated => {}
        Written::ChangedMeanwhile => return Err(ApiError::new(Code::ChangedMeanwhile)),
        _ => return Err(ApiError::new(Code::CampaignNotFound)),
    }
    now_stored(web, campaign).await
}

/// The campaign as everybody sees it from now on.
async fn now_stored(web: &Web, campaign: &Campaign) -> Result<Answer<CampaignDetail>, ApiError> {
    web.app.refresh().await?;
    let stored = web.app.campaigns.get(campaign.slug.as_str());
    let stored = stored.ok_or_else(|| ApiError::new(Code::CampaignNotFound))?;
    Ok(Answer(detail(web, &stored)))
}

fn detail(web: &Web, stored: &StoredCampaign) -> CampaignDetail {
    let (campaign, server) = (&stored.campaign, &web.app.config.public_url);
    CampaignDetail {
        settings: campaign.settings(),
        status: campaign.status(web.app.clock.now()),
        revision: stored.revision,
        embed_token: web.app.secrets.embed_token(&campaign.slug),
        page_url: page_url(web, &campaign.settings()),
        server_url: server.clone(),
    }
}

fn page_url(web: &Web, settings: &CampaignSettings) -> String {
    format!("{}{}", web.app.config.public_url, routes::page(&settings.slug))
}

/// The names of the settings that differ.
fn differing(before: &Campaign, after: &Campaign) -> Result<Vec<String>, ApiError> {
    let fields = |campaign: &Campaign| match serde_json::to_value(campaign.settings()) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(ApiError::internal("settings are no object")),
        Err(error) => Err(ApiError::internal(error)),
    };
    let (before, after) = (fields(before)?, fields(after)?);
    Ok(after.into_iter().filter(|(k, v)| before.get(k) != Some(v)).map(|(k, _)| k).collect())
}

/// Every fault, at its field. The reasons are ours and hold nothing that was sent.
fn refuse(faults: Vec<SettingsFault>) -> ApiError {
    let field = |fault: SettingsFault| FieldError {
        message: fault.reason,
        ..FieldError::new(fault.field, Code::FieldInvalid)
    };
    ApiError::fields(faults.into_iter().map(field).collect())
}
