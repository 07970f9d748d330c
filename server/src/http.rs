//! The HTTP side: from a socket to a use case and back.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};

use crate::App;
use crate::assets;

pub mod admin;
pub mod body;
pub mod client_address;
pub mod cors;
pub mod edge;
pub mod error;
pub mod headers;
pub mod html;
pub mod json;
mod listen;
pub mod observe;
pub mod openapi;
pub mod public;
pub mod router;
mod stall;
pub mod waiting;
pub mod web;

pub use web::{Settings, Web};

/// Serves until `shutdown`, then stops within ten seconds: no new connections, streams closed at
/// random moments, requests finished, the queue of pledges written.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    serve_web(listener, Web::new(app, Settings::default()), shutdown).await
}

/// [`serve`] with other time limits.
pub async fn serve_web(
    listener: TcpListener,
    web: Arc<Web>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    if !assets::has_widget() {
        tracing::warn!(
            "THIS BUILD HAS NO WIDGET: pages work without script only, and embeds do not work. \
             Build with `cargo xtask run`."
        );
    }
    let router = layered(&web);
    listen::run(listener, router, Arc::clone(&web), shutdown).await;
    web.app.stop().await;
    Ok(())
}

/// The layers that every request passes, the last one first.
fn layered(web: &Arc<Web>) -> Router {
    // Pages and what the widget is painted from are long, and phones are slow. Totals are short and
    // asked for often; frames of the stream must not wait for each other.
    let long_text = SizeAbove::new(4096).and(NotForContentType::SSE).and(NotForContentType::IMAGES);
    router::build(web)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(long_text))
        // The limits inside count by client.
        .layer(from_fn_with_state(Arc::clone(web), client_address::layer))
        // Also on what the layers inside refuse.
        .layer(from_fn(headers::layer))
        // Outermost: every answer is counted, and every line of the log belongs to a request.
        .layer(from_fn_with_state(Arc::clone(web), observe::layer))
}
