//! What organizers say moved the number, and what followed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawPathParams, State};
use axum::response::{IntoResponse as _, Response};
use countersign_shared::admin::insight::{Mark, NewMark};
use countersign_shared::{Code, FieldError, Problem, routes, unicode};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

use crate::http::error::ApiError;
use crate::http::json::Json as Body;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::{Caller, audit};
use crate::store::StoredCampaign;
use crate::store::insight::StoredMark;

/// A chart with more says nothing.
const MOST: i64 = 200;
/// In characters.
const LONGEST_LABEL: usize = 120;

/// All marks of the campaign, as the API gives them.
pub async fn all(web: &Web, campaign: &StoredCampaign) -> Result<Vec<Mark>, ApiError> {
    let marks = web.app.store.marks(campaign.id, web.app.clock.now()).await?;
    let mark = |mark: StoredMark| Mark {
        id: mark.id,
        at: mark.at.to_string(),
        label: mark.label,
        minutes: mark.minutes,
        after: mark.after,
        before: mark.before,
    };
    Ok(marks.into_iter().map(mark).collect())
}

/// The marks, the earliest first, each with how many signed online in the 48 hours after it, or as
/// long as it has been, and in as long a time before it.
#[utoipa::path(
    get,
    path = routes::ADMIN_MARKS,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses((status = 200, description = "The earliest first", body = Vec<Mark>))
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Json<Vec<Mark>>, ApiError> {
    Ok(Json(all(&web, &campaign).await?))
}

/// Adds a mark.
#[utoipa::path(
    post,
    path = routes::ADMIN_MARKS,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    request_body = NewMark,
    responses(
        (status = 201, description = "Added", body = Mark),
        (status = 422, description = "No time, no label, or more than 200 marks", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn add(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    caller: Caller,
    Body(new): Body<NewMark>,
) -> Result<Response, ApiError> {
    let (at, label) = parse(&new).map_err(ApiError::fields)?;
    let slug = campaign.campaign.slug.as_str();
    let entry = audit::entry(&web.app, &caller, "mark.add", slug, json!({ "label": label }));
    let id = web.app.store.add_mark(campaign.id, at, &label, MOST, &entry).await?;
    let id = id.ok_or_else(|| {
        let full = ApiError::fields(vec![FieldError::new("", Code::FieldInvalid)]);
        full.detail("A campaign has at most 200 marks.")
    })?;
    Ok((StatusCode::CREATED, Json(one(&web, &campaign, id).await?)).into_response())
}

/// Changes when it was, and what it is called.
#[utoipa::path(
    put,
    path = routes::ADMIN_MARK,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The mark"),
    ),
    security(("token" = [])),
    request_body = NewMark,
    responses(
        (status = 200, description = "As it is now", body = Mark),
        (status = 404, description = "No such mark", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No time, or no label", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    caller: Caller,
    params: RawPathParams,
    Body(new): Body<NewMark>,
) -> Result<Json<Mark>, ApiError> {
    let id = id(&params)?;
    let (at, label) = parse(&new).map_err(ApiError::fields)?;
    let slug = campaign.campaign.slug.as_str();
    let detail = json!({ "mark": id, "label": label });
    let entry = audit::entry(&web.app, &caller, "mark.change", slug, detail);
    if !web.app.store.change_mark(campaign.id, id, at, &label, &entry).await? {
        return Err(ApiError::new(Code::NotFound));
    }
    Ok(Json(one(&web, &campaign, id).await?))
}

async fn one(web: &Web, campaign: &StoredCampaign, id: i64) -> Result<Mark, ApiError> {
    let mark = all(web, campaign).await?.into_iter().find(|mark| mark.id == id);
    mark.ok_or_else(|| ApiError::new(Code::NotFound))
}

/// The mark that the path names.
fn id(params: &RawPathParams) -> Result<i64, ApiError> {
    let id = params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id);
    id.and_then(|id| id.parse().ok()).ok_or_else(|| ApiError::new(Code::NotFound))
}

/// Takes a mark away.
#[utoipa::path(
    delete,
    path = routes::ADMIN_MARK,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The mark"),
    ),
    security(("token" = [])),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "No such mark", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn delete(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    caller: Caller,
    params: RawPathParams,
) -> Result<StatusCode, ApiError> {
    let id = id(&params)?;
    let slug = campaign.campaign.slug.as_str();
    let entry = audit::entry(&web.app, &caller, "mark.delete", slug, json!({ "mark": id }));
    if !web.app.store.delete_mark(campaign.id, id, &entry).await? {
        return Err(ApiError::new(Code::NotFound));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Everything that is wrong with it at once.
fn parse(new: &NewMark) -> Result<(Timestamp, String), Vec<FieldError>> {
    let mut errors = Vec::new();
    let at = new.at.parse::<Timestamp>();
    if at.is_err() {
        errors.push(FieldError::new("at", Code::FieldInvalid));
    }
    let label = new.label.trim();
    let code = match label {
        "" => Some(Code::FieldMissing),
        _ if label.chars().count() > LONGEST_LABEL => Some(Code::FieldTooLong),
        _ if label.chars().any(unicode::is_invisible) => Some(Code::FieldInvalid),
        _ => None,
    };
    errors.extend(code.map(|code| FieldError::new("label", code)));
    match at {
        Ok(at) if errors.is_empty() => Ok((at, label.to_owned())),
        _ => Err(errors),
    }
}
