//! Whether the process lives, and whether it can take pledges.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Problem, routes};
use http::{HeaderValue, header};

use crate::http::error::ApiError;
use crate::http::web::Web;

const NO_STORE: [(header::HeaderName, HeaderValue); 1] =
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];

/// The process answers. Says nothing of the database: restarting would not mend that.
#[utoipa::path(get, path = routes::HEALTH, tag = "server",
    responses((status = 200, description = "The process lives", body = String, content_type = "text/plain")))]
pub async fn alive() -> Response {
    (NO_STORE, "ok\n").into_response()
}

/// Pledges can be stored now.
#[utoipa::path(get, path = routes::READY, tag = "server",
    responses(
        (status = 200, description = "Pledges can be stored", body = String, content_type = "text/plain"),
        (status = 503, description = "They cannot", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn ready(State(web): State<Arc<Web>>) -> Result<Response, ApiError> {
    web.app.probe().await?;
    Ok((NO_STORE, "ready\n").into_response())
}
