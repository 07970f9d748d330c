//! `GET …/qr.svg`: the way to the campaign's page, for posters and screens.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Problem, routes};
use http::{HeaderValue, header};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::campaign::Found;
use crate::http::error::ApiError;
use crate::http::web::Web;

const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Pixels; it scales.
const SIZE: u32 = 480;

/// A QR code of the campaign's page. Who comes by it is counted as `utm qr`.
#[utoipa::path(
    get,
    path = routes::QR,
    tag = "campaign",
    params(("slug" = String, Path, description = "The campaign's short name")),
    responses(
        (status = 200, description = "Black on white, with its margin", content_type = "image/svg+xml", body = String),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn svg(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Response, ApiError> {
    let page = routes::page(campaign.campaign.slug.as_str());
    let link = format!("{}{page}?utm_source=qr", web.app.config.public_url);
    // A quarter of it may be damaged: it hangs in the rain.
    let code = QrCode::with_error_correction_level(link.as_bytes(), EcLevel::Q);
    let picture = code
        .map_err(ApiError::internal)?
        .render()
        .min_dimensions(SIZE, SIZE)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    let kind = HeaderValue::from_static("image/svg+xml");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)], picture).into_response())
}
