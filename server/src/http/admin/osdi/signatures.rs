//! The signatures of a campaign, page by page, each with its person.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::response::Response;
use countersign_shared::{Code, Problem, routes};
use http::request::Parts;
use serde_json::{Value, json};

use super::{hal, number, shown};
use crate::http::admin::numbered::Numbered;
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::public::widget_state::query;
use crate::http::web::Web;
use crate::organizer::{Caller, audit};
use crate::store::{ExportRow, StoredCampaign};
use crate::supporters::find;

/// So many a page, unless asked otherwise, and at most.
const USUAL: u64 = 25;
pub(super) const MOST: u64 = 100;

/// Rows that are not counted are passed over; after so many looks the page ends as it is.
const LOOKS: usize = 50;

/// Which page.
pub struct Asked {
    page: u64,
    per_page: u64,
    /// From the link to this page: the last row of the one before.
    after: Option<i64>,
}

impl FromRequestParts<Arc<Web>> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, ApiError> {
        let page = number(query(parts, "page"), "page")?.unwrap_or(1).max(1);
        let per_page = number(query(parts, "per_page"), "per_page")?.unwrap_or(USUAL);
        let after = number(query(parts, "after"), "after")?;
        let after = after.map(|after| i64::try_from(after).unwrap_or(i64::MAX));
        Ok(Self { page, per_page: per_page.clamp(1, MOST), after })
    }
}

/// The counted signatures, oldest first. Follow `next`: it knows where the page before ended.
#[utoipa::path(
    get,
    path = routes::OSDI_SIGNATURES,
    tag = "osdi",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("page" = Option<u64>, Query, description = "From 1"),
        ("per_page" = Option<u64>, Query, description = "25, and 100 at most"),
        ("after" = Option<u64>, Query, description = "Of the `next` link"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "OSDI's signatures, each with its person", content_type = "application/hal+json", body = Object),
        (status = 403, description = "The role may not see people", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    asked: Asked,
) -> Result<Response, ApiError> {
    let slug = campaign.campaign.slug.as_str();
    let detail = json!({ "page": asked.page, "per_page": asked.per_page, "after": asked.after });
    audit::note(&web.app, &caller, "osdi.signatures", slug, detail).await?;
    let (_, counted) = web.app.store.stored_pledges(campaign.id).await?;
    let (signatures, last) = match start(&web, &campaign, &asked).await? {
        Some(after) => gather(&web, &campaign, after, asked.per_page).await?,
        None => (Vec::new(), None),
    };
    let path = hal::of(routes::OSDI_SIGNATURES, slug);
    let here = format!("{path}?page={}&per_page={}", asked.page, asked.per_page);
    let mut links = json!({
        "self": hal::link(&web, &here),
        "osdi:petition": hal::petition_link(&web, slug),
    });
    if let Some(last) = last {
        let next = asked.page.saturating_add(1);
        let next = format!("{path}?page={next}&per_page={}&after={last}", asked.per_page);
        links["next"] = hal::link(&web, &next);
    }
    Ok(super::hal(json!({
        "page": asked.page,
        "per_page": asked.per_page,
        "total_pages": counted.div_ceil(asked.per_page),
        "total_records": counted,
        "_links": links,
        "_embedded": { "osdi:signatures": signatures },
    })))
}

/// The row that the page comes after; `None` where there is no such page.
async fn start(
    web: &Web,
    campaign: &StoredCampaign,
    asked: &Asked,
) -> Result<Option<i64>, ApiError> {
    if asked.after.is_some() || asked.page == 1 {
        return Ok(Some(asked.after.unwrap_or(0)));
    }
    let before = (asked.page - 1).saturating_mul(asked.per_page);
    let first = web.app.store.nth_counted(campaign.id, before).await?;
    Ok(first.map(|id| id - 1))
}

/// A page, and where the next one goes on; no next one after the end.
async fn gather(
    web: &Web,
    campaign: &StoredCampaign,
    mut after: i64,
    per_page: u64,
) -> Result<(Vec<Value>, Option<i64>), ApiError> {
    let limit = u32::try_from(per_page).unwrap_or(u32::MAX);
    let mut page = Vec::new();
    for _ in 0..LOOKS {
        let read = web.app.store.some_pledges(campaign.id, after, limit).await?;
        let Some((last, rows)) = read else { return Ok((page, None)) };
        for row in rows.rows() {
            let row = row?;
            if row.state == "counted" {
                page.push(shown::signature(web, campaign, &row)?);
            }
            if page.len() as u64 == per_page {
                return Ok((page, Some(row.id)));
            }
        }
        after = last;
    }
    Ok((page, Some(after)))
}

/// One signature: where `self` leads.
#[utoipa::path(
    get,
    path = routes::OSDI_SIGNATURE,
    tag = "osdi",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "OSDI's signature with its person", content_type = "application/hal+json", body = Object),
        (status = 403, description = "The role may not see people", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such signature", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Response, ApiError> {
    let row = row(&web, &campaign, id).await?;
    let slug = campaign.campaign.slug.as_str();
    audit::note(&web.app, &caller, "osdi.signature", slug, json!({ "id": id })).await?;
    Ok(super::hal(shown::signature(&web, &campaign, &row)?))
}

/// Who gave a signature: where `osdi:person` leads.
#[utoipa::path(
    get,
    path = routes::OSDI_PERSON,
    tag = "osdi",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Of the signature"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "OSDI's person", content_type = "application/hal+json", body = Object),
        (status = 403, description = "The role may not see people", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such person", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn person(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Response, ApiError> {
    let row = row(&web, &campaign, id).await?;
    let slug = campaign.campaign.slug.as_str();
    audit::note(&web.app, &caller, "osdi.person", slug, json!({ "id": id })).await?;
    let person = shown::opened(&web, &campaign, &row)?;
    Ok(super::hal(shown::person(&web, &campaign, &row, person.as_ref())))
}

async fn row(
    web: &Web,
    campaign: &StoredCampaign,
    id: i64,
) -> Result<ExportRow<'static>, ApiError> {
    let found = find::one(&web.app, campaign, id).await?;
    found.map(|(row, _)| row).ok_or_else(|| ApiError::new(Code::NotFound))
}
