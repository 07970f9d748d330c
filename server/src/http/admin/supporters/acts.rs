//! What is done with one who signed. Each answers with what became of them, and the number after it.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::supporters::{Correction, Done};
use countersign_shared::{Problem, routes};
use serde_json::{Value, json};

use super::super::numbered::Numbered;
use super::shown;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::{Caller, audit};
use crate::store::StoredCampaign;
use crate::store::audit::Entry;
use crate::store::supporters::Act;
use crate::supporters::act;

/// Corrects what a person gave. A country moves from one counter to the other.
#[utoipa::path(
    patch,
    path = routes::ADMIN_SUPPORTER,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    request_body = Correction,
    security(("token" = [])),
    responses(
        (status = 200, description = "As it is now", body = Done),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not possible in the state that it is in", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something in it is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn correct(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
    Json(correction): Json<Correction>,
) -> Result<Answer<Done>, ApiError> {
    let fields: Vec<&str> = [
        ("name", correction.name.is_some()),
        ("country", correction.country.is_some()),
        ("message", correction.message.is_some()),
        ("updates", correction.updates.is_some()),
        ("public_name", correction.public_name.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, given)| given.then_some(name))
    .collect();
    let detail = json!({ "fields": fields });
    let entry = entry(&web, &caller, "supporter.correct", &campaign, id, detail);
    let total = act::correct(&web.app, &campaign, id, &correction, &entry).await?;
    done(&web, &caller, &campaign, id, total).await
}

/// Takes a pledge out of the number because the person asked for it. They may sign again.
#[utoipa::path(
    post,
    path = routes::ADMIN_WITHDRAW,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "As it is now; the same when it was so already", body = Done),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not possible in the state that it is in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn withdraw(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<Done>, ApiError> {
    decide(&web, &caller, &campaign, id, Act::Withdraw).await
}

/// Takes what was held back, refused or invalidated into the number.
#[utoipa::path(
    post,
    path = routes::ADMIN_RELEASE,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "As it is now; the same when it was so already", body = Done),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not possible in the state that it is in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn release(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<Done>, ApiError> {
    decide(&web, &caller, &campaign, id, Act::Release).await
}

/// Keeps a pledge out of the number for good: this mailbox does not come in again.
#[utoipa::path(
    post,
    path = routes::ADMIN_REFUSE,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "As it is now; the same when it was so already", body = Done),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not possible in the state that it is in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn refuse(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<Done>, ApiError> {
    decide(&web, &caller, &campaign, id, Act::Refuse).await
}

/// Deletes a pledge and the person. It is in no list, no search and no later export; the number falls
/// by one where the pledge was in it.
#[utoipa::path(
    post,
    path = routes::ADMIN_ERASE,
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
pub async fn erase(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<Done>, ApiError> {
    let entry = entry(&web, &caller, "supporter.erase", &campaign, id, json!({}));
    let total = act::erase(&web.app, &campaign, id, &entry).await?;
    Ok(Answer(Done { supporter: None, total }))
}

async fn decide(
    web: &Web,
    caller: &Caller,
    campaign: &StoredCampaign,
    id: i64,
    act: Act,
) -> Result<Answer<Done>, ApiError> {
    let action = match act {
        Act::Withdraw => "supporter.withdraw",
        Act::Release => "supporter.release",
        Act::Refuse => "supporter.refuse",
        Act::Confirm => "supporter.confirm",
    };
    let entry = entry(web, caller, action, campaign, id, json!({}));
    let total = act::act(&web.app, campaign, id, act, &entry).await?;
    done(web, caller, campaign, id, total).await
}

async fn done(
    web: &Web,
    caller: &Caller,
    campaign: &StoredCampaign,
    id: i64,
    total: u64,
) -> Result<Answer<Done>, ApiError> {
    Ok(Answer(Done { supporter: shown(web, caller, campaign, id).await?, total }))
}

fn entry(
    web: &Web,
    caller: &Caller,
    action: &str,
    campaign: &StoredCampaign,
    id: i64,
    detail: Value,
) -> Entry {
    let subject = format!("{}/{id}", campaign.campaign.slug.as_str());
    audit::entry(&web.app, caller, action, &subject, detail)
}
