//! `GET …/totals`: the counters as they stand, from memory.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Code, Problem, Totals, routes};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::campaign::Found;
use crate::http::error::ApiError;
use crate::http::web::Web;

/// A second is as fresh as anyone needs it; a cache may bridge ten minutes of our absence.
const CACHE: HeaderValue =
    HeaderValue::from_static("public, max-age=1, stale-while-revalidate=30, stale-if-error=600");

/// The counters as they stand.
#[utoipa::path(
    get,
    path = routes::TOTALS,
    tag = "totals",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag from before"),
    ),
    responses(
        (status = 200, description = "Total and countries", body = TotalsNow),
        (status = 304, description = "Unchanged"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let snapshot =
        web.app.hub.snapshot(campaign.id).ok_or_else(|| ApiError::new(Code::CampaignNotFound))?;
    if !web.app.store_answers() {
        return last_known(snapshot.totals.clone());
    }
    let etag = HeaderValue::from_str(&snapshot.etag).map_err(ApiError::internal)?;
    // This is asked for more often than anything else: the answer is put together in one go, with room
    // for what is added on its way out.
    let mut answer = Response::new(Body::empty());
    let own = answer.headers_mut();
    own.reserve(12);
    own.insert(header::ETAG, etag);
    own.insert(header::CACHE_CONTROL, CACHE);
    if is_current(&headers, &snapshot.etag) {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(answer);
    }
    own.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *answer.body_mut() = Body::from(snapshot.json.clone());
    Ok(answer)
}

/// The totals as they stand, or as they were last known.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct TotalsNow {
    #[serde(flatten)]
    totals: Totals,
    /// True while the database does not answer: what was last known. Absent otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    stale: bool,
}

/// Said as such. Caches keep it for a moment, and so keep the crowd away from us meanwhile.
fn last_known(totals: Totals) -> Result<Response, ApiError> {
    let json =
        serde_json::to_vec(&TotalsNow { totals, stale: true }).map_err(ApiError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=1")),
    ];
    Ok((headers, json).into_response())
}

/// Whether the client has this very answer: If-None-Match compares weakly (RFC 9110, 13.1.2).
pub fn is_current(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}
