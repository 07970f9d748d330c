//! `GET /api/v1/admin/campaigns/{slug}/pledges.csv | .ndjson`: every pledge, for who holds a token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Problem, routes};
use futures_util::StreamExt as _;
use http::{HeaderValue, Method, header};
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::export::{self, ExportError, Format};
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::Permission;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::EXPORT_CSV, Permission::SeePeople),
    Rule::new(Method::GET, routes::EXPORT_NDJSON, Permission::SeePeople),
];

pub fn routes() -> Routes {
    Routes::new().routes(routes!(csv)).routes(routes!(ndjson))
}

/// Every pledge as CSV, oldest first.
#[utoipa::path(
    get,
    path = routes::EXPORT_CSV,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "RFC 4180, UTF-8, safe to open in a spreadsheet", content_type = "text/csv", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn csv(State(web): State<Arc<Web>>, campaign: Found) -> Result<Response, ApiError> {
    download(&web, &campaign, Format::Csv).await
}

/// Every pledge as one JSON object a line, oldest first.
#[utoipa::path(
    get,
    path = routes::EXPORT_NDJSON,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "One object a line", content_type = "application/x-ndjson", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ndjson(State(web): State<Arc<Web>>, campaign: Found) -> Result<Response, ApiError> {
    download(&web, &campaign, Format::Ndjson).await
}

async fn download(
    web: &Web,
    Found(campaign): &Found,
    format: Format,
) -> Result<Response, ApiError> {
    let chunks = match format {
        Format::Csv => export::csv(&web.app, campaign).await,
        Format::Ndjson => export::ndjson(&web.app, campaign).await,
    };
    let chunks = chunks.map_err(explain)?;
    // The head is sent by then: cutting the connection is what tells that the file is not whole.
    let chunks = chunks.inspect(|chunk| {
        if let Err(error) = chunk {
            tracing::error!(%error, "an export broke off");
        }
    });
    let slug = campaign.campaign.slug.as_str();
    let name = format!("attachment; filename=\"{slug}-pledges.{}\"", format.extension());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(ApiError::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(chunks)).into_response())
}

fn explain(error: ExportError) -> ApiError {
    match error {
        ExportError::Store(error) => error.into(),
        other => ApiError::internal(other),
    }
}
