//! The Open Supporter Data Interface (<https://opensupporter.github.io/osdi-docs/>): tools that
//! speak it post signatures to us, and read them.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Code, Problem, routes};
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::{Value, json};
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::public::campaign::Found;
use crate::http::public::pledge::idempotency_key;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, audit};
use crate::pledge::{self, Submission};
use crate::store::StoredCampaign;
use crate::supporters::find;

mod hal;
mod recorded;
mod shown;
mod signatures;

use recorded::Recorded;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::OSDI, Permission::View),
    Rule::new(Method::GET, routes::OSDI_PETITIONS, Permission::View),
    Rule::new(Method::GET, routes::OSDI_PETITION, Permission::View),
    Rule::new(Method::POST, routes::OSDI_RECORD, Permission::Moderate),
    Rule::new(Method::GET, routes::OSDI_SIGNATURES, Permission::SeePeople),
    Rule::new(Method::GET, routes::OSDI_SIGNATURE, Permission::SeePeople),
    Rule::new(Method::GET, routes::OSDI_PERSON, Permission::SeePeople),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(entry))
        .routes(routes!(petitions))
        .routes(routes!(petition))
        .routes(routes!(record))
        .routes(routes!(signatures::list))
        .routes(routes!(signatures::one))
        .routes(routes!(signatures::person))
}

/// Where tools begin.
#[utoipa::path(
    get,
    path = routes::OSDI,
    tag = "osdi",
    security(("token" = [])),
    responses((status = 200, description = "OSDI's entry point", content_type = "application/hal+json", body = Object))
)]
pub async fn entry(State(web): State<Arc<Web>>) -> Response {
    hal(json!({
        "motd": "Countersign speaks the part of OSDI that is about petitions and signatures.",
        "vendor_name": "Countersign",
        "product_name": "Countersign",
        "osdi_version": "1.2.0",
        "max_pagesize": signatures::MOST,
        "namespace": "countersign",
        "_links": {
            "curies": [{
                "name": "osdi",
                "href": "https://opensupporter.github.io/osdi-docs/{rel}",
                "templated": true,
            }],
            "self": hal::link(&web, routes::OSDI),
            "osdi:petitions": hal::link(&web, routes::OSDI_PETITIONS),
        },
    }))
}

/// The campaigns of the caller's organization.
#[utoipa::path(
    get,
    path = routes::OSDI_PETITIONS,
    tag = "osdi",
    security(("token" = [])),
    responses((status = 200, description = "All of them, on one page", content_type = "application/hal+json", body = Object))
)]
pub async fn petitions(State(web): State<Arc<Web>>, caller: Caller) -> Result<Response, ApiError> {
    let mut campaigns = web.app.campaigns.all();
    campaigns.retain(|campaign| campaign.organization == caller.organization);
    campaigns.sort_by_key(|campaign| campaign.id);
    let mut all = Vec::with_capacity(campaigns.len());
    for campaign in &campaigns {
        all.push(described(&web, campaign).await?);
    }
    let links: Vec<Value> =
        campaigns.iter().map(|it| hal::petition_link(&web, it.campaign.slug.as_str())).collect();
    Ok(hal(json!({
        "page": 1,
        "per_page": all.len(),
        "total_pages": 1,
        "total_records": all.len(),
        "_links": { "self": hal::link(&web, routes::OSDI_PETITIONS), "osdi:petitions": links },
        "_embedded": { "osdi:petitions": all },
    })))
}

/// A campaign, as a petition.
#[utoipa::path(
    get,
    path = routes::OSDI_PETITION,
    tag = "osdi",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "OSDI's petition", content_type = "application/hal+json", body = Object),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn petition(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Response, ApiError> {
    Ok(hal(described(&web, &campaign).await?))
}

/// Records a signature and the person who gave it. A second one by the same mailbox adds nothing:
/// the answer is the signature that is there.
///
/// Send an Idempotency-Key: a request that is sent again with it has the effect of one.
#[utoipa::path(
    post,
    path = routes::OSDI_RECORD,
    tag = "osdi",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("OSDI-API-Token" = Option<String>, Header, description = "An API token; `Authorization: Bearer` does as well"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, made up by the tool for this signature"),
    ),
    security(("token" = [])),
    request_body(content = Recorded, content_type = "application/json"),
    responses(
        (status = 200, description = "OSDI's signature with its person", content_type = "application/hal+json", body = Object),
        (status = 400, description = "No JSON, or a bad Idempotency-Key", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The role may not", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The campaign is not open", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "What is wrong with the person, field by field; or a reused Idempotency-Key", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn record(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    headers: HeaderMap,
    Json(recorded): Json<Recorded>,
) -> Result<Response, ApiError> {
    let idempotency_key = idempotency_key(&headers)?;
    let form = recorded.form(campaign.campaign.fields);
    let form = form.parse(campaign.campaign.fields).map_err(recorded::in_their_words)?;
    let email = form.email.clone();
    let submission = Submission {
        form,
        website: None,
        rendered: None,
        idempotency_key,
        // The tool's own address says nothing about the person.
        client: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
    let accepted = pledge::accept_from_tool(&web.app, &campaign, submission).await?;
    let slug = campaign.campaign.slug.as_str();
    let detail = json!({ "receipt": accepted.receipt });
    audit::note(&web.app, &caller, "osdi.record", slug, detail).await?;
    let rows = find::of_mailbox(&web.app, &campaign, &email).await?;
    let row = rows.iter().find(|row| row.state == "counted").or_else(|| rows.first());
    // Gone only where somebody erased it within this moment.
    let row = row.ok_or_else(|| ApiError::new(Code::StateConflict))?;
    // Who may record may see people: they get what is stored, whoever stored it.
    let mut signature = shown::signature(&web, &campaign, row)?;
    if row.receipt == accepted.receipt {
        recorded.echo(&mut signature);
    }
    Ok(hal(signature))
}

async fn described(web: &Web, campaign: &StoredCampaign) -> Result<Value, ApiError> {
    let settings = &campaign.campaign;
    let slug = settings.slug.as_str();
    let (_, texts) = settings.texts_for(&settings.default_locale);
    let counters = web.app.store.counters(campaign.id).await?;
    Ok(json!({
        "identifiers": [format!("countersign:{slug}")],
        "origin_system": hal::US,
        "title": texts.title,
        "petition_text": texts.pledge,
        "browser_url": format!("{}{}", web.app.config.public_url, routes::page(slug)),
        "total_signatures": counters.total,
        "_links": {
            "self": hal::petition_link(web, slug),
            "osdi:signatures": hal::link(web, &hal::of(routes::OSDI_SIGNATURES, slug)),
            "osdi:record_signature_helper": hal::link(web, &hal::of(routes::OSDI_RECORD, slug)),
        },
    }))
}

fn hal(body: Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/hal+json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, body.to_string()).into_response()
}

/// A number of the query string.
fn number(text: Option<String>, field: &str) -> Result<Option<u64>, ApiError> {
    let fault = || countersign_shared::FieldError::new(field, Code::FieldInvalid);
    text.map(|text| text.parse().map_err(|_| ApiError::fields(vec![fault()]))).transpose()
}
