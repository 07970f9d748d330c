//! Messages to a webhook: what became of each, and sending one again.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse as _, Response};
use countersign_shared::admin::Page;
use countersign_shared::admin::hooks::Delivery;
use countersign_shared::{Code, FieldError, Problem, routes};
use http::StatusCode;
use http::request::Parts;
use jiff::Timestamp;
use serde_json::json;

use super::shown::delivery;
use super::{Named, entry, missing, one, private};
use crate::hooks;
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::public::widget_state::query;
use crate::http::web::Web;
use crate::organizer::Caller;

/// So many messages a page of the list.
const PAGE: u32 = 50;

/// The `after` of the query string.
pub struct After(Option<(Timestamp, String)>);

impl FromRequestParts<Arc<Web>> for After {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, ApiError> {
        let Some(after) = query(parts, "after") else { return Ok(Self(None)) };
        let read = |text: &str| {
            let (at, id) = text.split_once('-')?;
            Some((Timestamp::from_millisecond(at.parse().ok()?).ok()?, id.to_owned()))
        };
        let read = read(&after)
            .ok_or_else(|| ApiError::fields(vec![FieldError::new("after", Code::FieldInvalid)]))?;
        Ok(Self(Some(read)))
    }
}

/// Sends a message that tells nothing. Look at the deliveries for what became of it.
#[utoipa::path(
    post,
    path = routes::ADMIN_WEBHOOK_TEST,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The webhook"),
    ),
    security(("token" = [])),
    responses(
        (status = 202, description = "It is on its way", body = Delivery),
        (status = 404, description = "No such webhook", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn test(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    named: Named,
) -> Result<Response, ApiError> {
    let (app, now) = (&web.app, web.app.clock.now());
    let message = hooks::test_message(&campaign, &*app.entropy, now);
    let entry = entry(&web, &caller, "webhook.test", &campaign, named.id, json!({}));
    let written = app.store.write_delivery(campaign.id, named.id, message, now, &entry).await?;
    let written = written.ok_or_else(missing)?;
    app.courier.wake();
    Ok((StatusCode::ACCEPTED, private(delivery(written))).into_response())
}

/// The messages to a webhook, the latest first.
#[utoipa::path(
    get,
    path = routes::ADMIN_DELIVERIES,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The webhook"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "A page of them", body = Page<Delivery>),
        (status = 404, description = "No such webhook", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    named: Named,
    After(after): After,
) -> Result<Response, ApiError> {
    one(&web, campaign.id, named.id).await?;
    let items = web.app.store.deliveries(campaign.id, named.id, after, PAGE).await?;
    let last = items.last().filter(|_| items.len() >= PAGE as usize);
    let next = last.map(|it| format!("{}-{}", it.created_at.as_millisecond(), it.id));
    Ok(private(Page { items: items.into_iter().map(delivery).collect(), next }))
}

/// Sends a message again, under the same id.
#[utoipa::path(
    post,
    path = routes::ADMIN_REPLAY,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The webhook"),
        ("delivery" = String, Path, description = "The message"),
    ),
    security(("token" = [])),
    responses(
        (status = 202, description = "It is on its way", body = Delivery),
        (status = 404, description = "No such message", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn replay(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    named: Named,
) -> Result<Response, ApiError> {
    let (app, now) = (&web.app, web.app.clock.now());
    let detail = json!({ "delivery": named.delivery });
    let entry = entry(&web, &caller, "webhook.replay", &campaign, named.id, detail);
    let replayed = app.store.replay(campaign.id, named.id, named.delivery, now, &entry).await?;
    let replayed = replayed.ok_or_else(missing)?;
    app.courier.wake();
    Ok((StatusCode::ACCEPTED, private(delivery(replayed))).into_response())
}
