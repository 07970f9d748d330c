//! Webhooks: who is told, and what became of each message.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::response::{IntoResponse as _, Response};
use countersign_shared::admin::hooks::{ChangeWebhook, EVENTS, MadeWebhook, NewWebhook, Webhook};
use countersign_shared::{Code, FieldError, Problem, routes};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, audit};
use crate::store::audit::Entry;
use crate::store::hooks::{HookChange, NewHook};
use crate::store::{CampaignId, StoredCampaign};

mod deliveries;
mod shown;

use shown::shown;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_WEBHOOKS, Permission::Manage),
    Rule::new(Method::POST, routes::ADMIN_WEBHOOKS, Permission::Manage),
    Rule::new(Method::PATCH, routes::ADMIN_WEBHOOK, Permission::Manage),
    Rule::new(Method::DELETE, routes::ADMIN_WEBHOOK, Permission::Manage),
    Rule::new(Method::POST, routes::ADMIN_WEBHOOK_ROTATE, Permission::Manage),
    Rule::new(Method::POST, routes::ADMIN_WEBHOOK_TEST, Permission::Manage),
    Rule::new(Method::GET, routes::ADMIN_DELIVERIES, Permission::Manage),
    Rule::new(Method::POST, routes::ADMIN_REPLAY, Permission::Manage),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list, create))
        .routes(routes!(change, delete))
        .routes(routes!(rotate))
        .routes(routes!(deliveries::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::replay))
}

/// The webhook that the path names.
#[derive(serde::Deserialize)]
pub struct Named {
    id: i64,
    #[serde(default)]
    delivery: String,
}

impl FromRequestParts<Arc<Web>> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let named = Path::<Self>::from_request_parts(parts, web).await;
        named.map(|Path(named)| named).map_err(|_| missing())
    }
}

/// The campaign's webhooks.
#[utoipa::path(
    get,
    path = routes::ADMIN_WEBHOOKS,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "All of them, without their secrets", body = Vec<Webhook>),
        (status = 403, description = "The role may not", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Response, ApiError> {
    let hooks = web.app.store.webhooks(campaign.id, None).await?;
    let now = web.app.clock.now();
    Ok(private(hooks.into_iter().map(|hook| shown(hook, now)).collect::<Vec<_>>()))
}

/// Makes a webhook. Its secret is in this answer and in no other.
#[utoipa::path(
    post,
    path = routes::ADMIN_WEBHOOKS,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    request_body = NewWebhook,
    responses(
        (status = 201, description = "Made", body = MadeWebhook),
        (status = 409, description = "There are as many as there may be", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "An address that is not public, or an unknown event", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn create(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Json(new): Json<NewWebhook>,
) -> Result<Response, ApiError> {
    check(&web, Some(&new.url), Some(&new.events))?;
    let (secret, sealed) = new_secret(&web, &campaign)?;
    let events = in_order(&new.events);
    let detail = json!({ "host": host(&new.url), "events": events });
    let hook = NewHook { campaign: campaign.id, url: new.url, events, secret: sealed };
    let slug = campaign.campaign.slug.as_str();
    let entry = audit::entry(&web.app, &caller, "webhook.create", slug, detail);
    let id = web.app.store.create_webhook(hook, web.app.clock.now(), &entry).await?;
    let id = id.ok_or_else(|| ApiError::new(Code::TooManyWebhooks))?;
    let webhook = one(&web, campaign.id, id).await?;
    Ok((StatusCode::CREATED, private(MadeWebhook { webhook, secret })).into_response())
}

/// Changes where a webhook leads, what it is told, or whether it is on.
#[utoipa::path(
    patch,
    path = routes::ADMIN_WEBHOOK,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The webhook"),
    ),
    security(("token" = [])),
    request_body = ChangeWebhook,
    responses(
        (status = 200, description = "As it is now", body = Webhook),
        (status = 404, description = "No such webhook", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "An address that is not public, or an unknown event", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn change(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    named: Named,
    Json(change): Json<ChangeWebhook>,
) -> Result<Response, ApiError> {
    check(&web, change.url.as_deref(), change.events.as_deref())?;
    let detail = json!({
        "host": change.url.as_deref().map(host), "events": change.events, "enabled": change.enabled,
    });
    let events = change.events.as_deref().map(in_order);
    let change = HookChange { url: change.url, events, enabled: change.enabled };
    let entry = entry(&web, &caller, "webhook.change", &campaign, named.id, detail);
    if !web.app.store.change_webhook(campaign.id, named.id, change, &entry).await? {
        return Err(missing());
    }
    web.app.courier.wake();
    Ok(private(one(&web, campaign.id, named.id).await?))
}

/// Deletes a webhook, and what waits for it.
#[utoipa::path(
    delete,
    path = routes::ADMIN_WEBHOOK,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The webhook"),
    ),
    security(("token" = [])),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such webhook", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn delete(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    named: Named,
) -> Result<StatusCode, ApiError> {
    let entry = entry(&web, &caller, "webhook.delete", &campaign, named.id, json!({}));
    if !web.app.store.delete_webhook(campaign.id, named.id, &entry).await? {
        return Err(missing());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a webhook another secret. For a day the one before signs too, so that the receiver can be
/// changed without losing a message.
#[utoipa::path(
    post,
    path = routes::ADMIN_WEBHOOK_ROTATE,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "The webhook"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "With the new secret, shown once", body = MadeWebhook),
        (status = 404, description = "No such webhook", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn rotate(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    named: Named,
) -> Result<Response, ApiError> {
    let (secret, sealed) = new_secret(&web, &campaign)?;
    let now = web.app.clock.now();
    let entry = entry(&web, &caller, "webhook.rotate", &campaign, named.id, json!({}));
    if !web.app.store.rotate_webhook(campaign.id, named.id, sealed, now, &entry).await? {
        return Err(missing());
    }
    let webhook = one(&web, campaign.id, named.id).await?;
    Ok(private(MadeWebhook { webhook, secret }))
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound)
}

/// For the eyes of whoever asked.
fn private(body: impl serde::Serialize) -> Response {
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (no_store, axum::Json(body)).into_response()
}

fn check(web: &Web, url: Option<&str>, events: Option<&[String]>) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    if url.is_some_and(|url| web.app.courier.check(url).is_err()) {
        faults.push(FieldError::new("url", Code::WebhookUrlRefused));
    }
    if events.is_some_and(<[String]>::is_empty) {
        faults.push(FieldError::new("events", Code::FieldMissing));
    }
    let unknown = |event: &String| !EVENTS.contains(&event.as_str());
    if events.is_some_and(|events| events.iter().any(unknown)) {
        faults.push(FieldError::new("events", Code::WebhookEventUnknown));
    }
    if faults.is_empty() { Ok(()) } else { Err(ApiError::fields(faults)) }
}

/// Each once, in the order in which they are documented.
fn in_order(events: &[String]) -> Vec<String> {
    let asked = |event: &&str| events.iter().any(|it| it == event);
    EVENTS.into_iter().filter(asked).map(str::to_owned).collect()
}

/// What the audit log may know of an address: its path may be a secret of the receiver.
fn host(url: &str) -> Option<String> {
    reqwest::Url::parse(url).ok()?.host_str().map(str::to_owned)
}

fn new_secret(web: &Web, campaign: &StoredCampaign) -> Result<(String, Vec<u8>), ApiError> {
    let (secrets, entropy) = (&web.app.secrets, &*web.app.entropy);
    let secret = secrets.new_hook_secret(entropy);
    let sealed = secrets.seal_hook(&campaign.campaign.slug, &secret, entropy);
    Ok((secret, sealed.map_err(ApiError::internal)?))
}

fn entry(
    web: &Web,
    caller: &Caller,
    action: &str,
    campaign: &StoredCampaign,
    id: i64,
    mut detail: serde_json::Value,
) -> Entry {
    detail["webhook"] = json!(id);
    let subject = campaign.campaign.slug.as_str();
    audit::entry(&web.app, caller, action, subject, detail)
}

async fn one(web: &Web, campaign: CampaignId, id: i64) -> Result<Webhook, ApiError> {
    let found = web.app.store.webhooks(campaign, Some(id)).await?;
    let now = web.app.clock.now();
    found.into_iter().next().map(|hook| shown(hook, now)).ok_or_else(missing)
}
