//! `GET …/widget`: what the element on somebody else's page paints from.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Code, Problem, WidgetState, routes};
use http::{HeaderMap, HeaderValue, header};

use super::assets;
use super::campaign::Found;
use super::widget_state::{self, Look};
use crate::http::cors::{self, Origin};
use crate::http::error::ApiError;
use crate::http::web::Web;

/// A widget, painted, and what it takes to bring it to life.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct PaintedWidget {
    /// One element with everything in it.
    pub html: String,
    pub state: WidgetState,
    /// The address of the style sheet. Absent from a build without the widget, as are the others.
    pub css: Option<String>,
    /// The address of the module that loads the WebAssembly.
    pub glue: Option<String>,
    /// The address of the WebAssembly.
    pub wasm: Option<String>,
}

/// A widget, painted for a page of another site.
#[utoipa::path(
    get,
    path = routes::WIDGET,
    tag = "campaign",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("lang" = Option<String>, Query, description = "BCP 47"),
        ("view" = Option<String>, Query, description = "`full` (the default) or `counter`"),
        ("theme" = Option<String>, Query, description = "`auto`, `light` or `dark`, if not the campaign's own"),
    ),
    responses(
        (status = 200, description = "HTML, the state behind it, and where the parts are", body = PaintedWidget),
        (status = 403, description = "The page's site is not on the campaign's list", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn paint(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    look: Look,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    // The site learns here, readably, what a pledge from it would only learn as a network error.
    if cors::judge(&web, &campaign, &headers) == Origin::Refused {
        return Err(ApiError::new(Code::OriginNotAllowed));
    }
    let state = widget_state::build(&web, &campaign, &look, &headers, None)?;
    let html = countersign_widget::render(&state);
    let address = |path: Option<String>| path.map(|path| format!("{}{path}", state.server));
    let painted = PaintedWidget {
        css: address(assets::path("widget", "css")),
        glue: address(assets::path("widget", "js")),
        wasm: address(assets::path("widget", "wasm")),
        html,
        state,
    };
    let caching = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("Origin, Accept-Language")),
    ];
    Ok((caching, axum::Json(painted)).into_response())
}
