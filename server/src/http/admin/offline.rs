//! Signatures from paper.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::offline::{
    ImportReport, ImportRequest, LabelledCount, NewLabelledCount, Offline,
};
use countersign_shared::admin::supporters::Done;
use countersign_shared::{Problem, routes};
use http::Method;
use serde_json::json;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use super::numbered::Numbered;
use crate::http::error::ApiError;
use crate::http::json::{Json, LargeJson};
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, audit};
use crate::store::StoredCampaign;
use crate::store::audit::Entry;
use crate::supporters::paper;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_OFFLINE, Permission::View),
    Rule::new(Method::POST, routes::ADMIN_IMPORTS, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_IMPORT_UNDO, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_LABELLED, Permission::Moderate),
    Rule::new(Method::DELETE, routes::ADMIN_LABELLED_COUNT, Permission::Moderate),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list))
        .routes(routes!(import))
        .routes(routes!(undo))
        .routes(routes!(label))
        .routes(routes!(unlabel))
}

/// Everything from paper.
#[utoipa::path(
    get,
    path = routes::ADMIN_OFFLINE,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The latest first", body = Offline),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Answer<Offline>, ApiError> {
    Ok(Answer(paper::list(&web.app, &campaign).await?))
}

/// Adds the rows of a file, up to 20 MiB. Bad rows are left out and explained; who had signed is not
/// added again. A dry run stores nothing and reports the same.
#[utoipa::path(
    post,
    path = routes::ADMIN_IMPORTS,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
    ),
    request_body = ImportRequest,
    security(("token" = [])),
    responses(
        (status = 200, description = "What became of the rows", body = ImportReport),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "More than 20 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something in it is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn import(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    LargeJson(request): LargeJson<ImportRequest>,
) -> Result<Answer<ImportReport>, ApiError> {
    Ok(Answer(paper::import(&web.app, &campaign, request, &caller).await?))
}

/// Deletes what an import added; those that stand in later files may be imported again.
#[utoipa::path(
    post,
    path = routes::ADMIN_IMPORT_UNDO,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The total after it", body = Done),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn undo(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<Done>, ApiError> {
    let entry = entry(&web, &caller, "import.undo", &campaign, id);
    let total = paper::undo(&web.app, &campaign, id, &entry).await?;
    Ok(Answer(Done { supporter: None, total }))
}

/// Adds signatures that are only a number.
#[utoipa::path(
    post,
    path = routes::ADMIN_LABELLED,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
    ),
    request_body = NewLabelledCount,
    security(("token" = [])),
    responses(
        (status = 200, description = "As it is stored", body = LabelledCount),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something in it is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn label(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Json(new): Json<NewLabelledCount>,
) -> Result<Answer<LabelledCount>, ApiError> {
    Ok(Answer(paper::add_labelled(&web.app, &campaign, &new, &caller).await?))
}

/// Takes a labelled count out of the number.
#[utoipa::path(
    delete,
    path = routes::ADMIN_LABELLED_COUNT,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The total after it", body = Done),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn unlabel(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<Done>, ApiError> {
    let entry = entry(&web, &caller, "labelled.delete", &campaign, id);
    let total = paper::delete_labelled(&web.app, &campaign, id, &entry).await?;
    Ok(Answer(Done { supporter: None, total }))
}

fn entry(web: &Web, caller: &Caller, action: &str, campaign: &StoredCampaign, id: i64) -> Entry {
    let subject = format!("{}/{id}", campaign.campaign.slug.as_str());
    audit::entry(&web.app, caller, action, &subject, json!({}))
}
