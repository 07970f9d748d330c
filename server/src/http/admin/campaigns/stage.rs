//! The life of a campaign: draft, live, closed, archived; and another like it.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::campaigns::{
    CampaignDetail, ChangeStage, Duplicate, SettingsFault, Stage,
};
use countersign_shared::{Code, FieldError, Problem, routes};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

use super::{changed, made, refuse};
use crate::campaign::Campaign;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::Caller;

/// Takes a campaign to another stage.
///
/// `closed` ends it now, unless it has ended, and `open` takes away an end that has come; both lead
/// out of the archive as well. `archived` leaves the dates as they are: personal data is kept as long
/// as people were told.
#[utoipa::path(
    post,
    path = routes::ADMIN_CAMPAIGN_STAGE,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    request_body = ChangeStage,
    security(("token" = [])),
    responses(
        (status = 200, description = "The settings as they are now", body = CampaignDetail),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody else has changed it meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "There is no such stage, or no way to it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(stored): Found,
    Json(asked): Json<ChangeStage>,
) -> Result<Answer<CampaignDetail>, ApiError> {
    let mut campaign = stored.campaign.clone();
    move_to(&mut campaign, &asked.to, web.app.clock.now())?;
    let action = format!("campaign.{}", word(&asked.to));
    changed(&web, &caller, &stored, &campaign, Some(stored.revision), &action).await
}

/// In the log: what was done.
fn word(to: &str) -> &'static str {
    match to {
        "draft" => "withhold",
        "archived" => "archive",
        "closed" => "close",
        "open" => "reopen",
        _ => "publish",
    }
}

fn move_to(campaign: &mut Campaign, to: &str, now: Timestamp) -> Result<(), ApiError> {
    match to {
        "draft" => campaign.stage = Stage::Draft,
        "live" => campaign.stage = Stage::Live,
        "archived" => campaign.stage = Stage::Archived,
        "closed" => {
            if campaign.opens.is_some_and(|opens| opens >= now) {
                return Err(not_from_here("closed: it is not open yet"));
            }
            campaign.stage = Stage::Live;
            // The store counts milliseconds.
            let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
            campaign.closes = Some(campaign.closes.map_or(now, |closes| closes.min(now)));
        }
        "open" => {
            campaign.stage = Stage::Live;
            campaign.closes = campaign.closes.filter(|closes| *closes > now);
        }
        _ => return Err(ApiError::fields(vec![FieldError::new("to", Code::FieldInvalid)])),
    }
    Ok(())
}

fn not_from_here(reason: &str) -> ApiError {
    refuse(vec![SettingsFault { field: "to".to_owned(), reason: reason.to_owned() }])
}

/// Makes a draft with the same texts and settings under another name; nobody who signed goes along.
#[utoipa::path(
    post,
    path = routes::ADMIN_CAMPAIGN_DUPLICATE,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    request_body = Duplicate,
    security(("token" = [])),
    responses(
        (status = 201, description = "The new campaign", body = CampaignDetail),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The slug is taken", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The slug has another form", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn duplicate(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(stored): Found,
    Json(asked): Json<Duplicate>,
) -> Result<(StatusCode, Answer<CampaignDetail>), ApiError> {
    let mut settings = stored.campaign.settings();
    let from = std::mem::replace(&mut settings.slug, asked.slug);
    settings.stage = Stage::Draft;
    // The dates of the first are over, or its own.
    (settings.opens, settings.closes) = (None, None);
    let campaign = Campaign::from_settings(&settings).map_err(refuse)?;
    made(&web, &caller, &campaign, "campaign.duplicate", json!({ "from": from })).await
}
