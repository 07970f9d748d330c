//! Many pledges at once: work in the background, with a preview, progress and an undo.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::supporters::{BulkJob, BulkRequest};
use countersign_shared::{Code, Problem, routes};
use http::Method;
use serde_json::json;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use super::numbered::Numbered;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, audit};
use crate::supporters::bulk;

/// What each route asks of its caller. What a job looks for may be an address.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_BULK, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_BULK, Permission::Moderate),
    Rule::new(Method::GET, routes::ADMIN_BULK_JOB, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_BULK_UNDO, Permission::Moderate),
];

pub fn routes() -> Routes {
    Routes::new().routes(routes!(list, create)).routes(routes!(one)).routes(routes!(undo))
}

/// The latest jobs.
#[utoipa::path(
    get,
    path = routes::ADMIN_BULK,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The latest first", body = Vec<BulkJob>),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Answer<Vec<BulkJob>>, ApiError> {
    let jobs = web.app.store.jobs(campaign.id).await?;
    Ok(Answer(jobs.into_iter().map(bulk::show).collect()))
}

/// Makes pledges invalid that a filter finds, or only counts them. Returns at once; the number comes
/// down in one step when all are found.
#[utoipa::path(
    post,
    path = routes::ADMIN_BULK,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
    ),
    request_body = BulkRequest,
    security(("token" = [])),
    responses(
        (status = 200, description = "The job, which has begun", body = BulkJob),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something in it is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn create(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Json(request): Json<BulkRequest>,
) -> Result<Answer<BulkJob>, ApiError> {
    let job = bulk::create(&web.app, &campaign, &request, &caller).await?;
    Ok(Answer(bulk::show(job)))
}

/// How far a job is.
#[utoipa::path(
    get,
    path = routes::ADMIN_BULK_JOB,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The job", body = BulkJob),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<BulkJob>, ApiError> {
    let job = web.app.store.job(campaign.id, id).await?;
    job.map(|job| Answer(bulk::show(job))).ok_or_else(|| ApiError::new(Code::NotFound))
}

/// Puts back what the job took out and nothing else has changed since.
#[utoipa::path(
    post,
    path = routes::ADMIN_BULK_UNDO,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The job, undone", body = BulkJob),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not possible in the state that it is in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn undo(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<BulkJob>, ApiError> {
    let subject = format!("{}/{id}", campaign.campaign.slug.as_str());
    let entry = audit::entry(&web.app, &caller, "bulk.undo", &subject, json!({}));
    let job = bulk::undo(&web.app, &campaign, id, &entry).await?;
    Ok(Answer(bulk::show(job)))
}
