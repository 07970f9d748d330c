//! `GET …/open-data.csv` and `.json`: a campaign's numbers by day and country, where it publishes
//! them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use countersign_shared::{Code, Problem, routes};
use http::{HeaderValue, header};

use super::campaign::Found;
use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::insight::open_data::{Files, OpenData};
use crate::insight::{k_of, open_data_of};
use crate::store::StoredCampaign;

const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=600");

/// Signatures by day and country as CSV: `day,country,counted`, groups under the campaign's k hidden.
#[utoipa::path(
    get,
    path = routes::OPEN_DATA_CSV,
    tag = "totals",
    params(("slug" = String, Path, description = "The campaign's short name")),
    responses(
        (status = 200, description = "RFC 4180, UTF-8", content_type = "text/csv", body = String),
        (status = 404, description = "No such campaign, or it does not publish its numbers", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn csv(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Response, ApiError> {
    let csv = files(&web, &campaign).await?.csv;
    Ok(answer("text/csv; charset=utf-8", csv))
}

/// The same as JSON.
#[utoipa::path(
    get,
    path = routes::OPEN_DATA_JSON,
    tag = "totals",
    params(("slug" = String, Path, description = "The campaign's short name")),
    responses(
        (status = 200, description = "By day and country; groups under the campaign's k are hidden", body = OpenData),
        (status = 404, description = "No such campaign, or it does not publish its numbers", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn json(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Response, ApiError> {
    let json = files(&web, &campaign).await?.json;
    Ok(answer("application/json", json))
}

async fn files(web: &Web, stored: &StoredCampaign) -> Result<Files, ApiError> {
    if !open_data_of(&stored.campaign) {
        return Err(ApiError::new(Code::NotFound));
    }
    Ok(web.app.open_data.files(&web.app, stored, k_of(&stored.campaign)).await?)
}

fn answer(kind: &'static str, body: Bytes) -> Response {
    let kind = HeaderValue::from_static(kind);
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)], body).into_response()
}
