//! The HTTP side: from a socket to a use case and back.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tokio::net::TcpListener;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tracing::Instrument as _;

use crate::App;
use crate::assets;
use crate::export::Format;

use observe::Observed;

pub mod admin;
pub mod body;
pub mod client_address;
mod closing;
pub mod cors;
pub mod edge;
pub mod error;
pub mod headers;
pub mod html;
pub mod json;
mod line;
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
    let stopping = async {
        let began = web.until_closing().await;
        web.app.hub.wake_all();
        // Whoever waits for a database that hangs is told so while their connection is still open.
        tokio::time::sleep_until(began + web.settings.writing_deadline).await;
        web.app.writer.give_up();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = listen::run(listener, router, web.manner(), shutdown) => {}
        () = stopping => {}
    }
    web.app.stop_by(web.until_closing().await + web.settings.stop_deadline).await;
    Ok(())
}

/// The layers that every request passes, the last one first.
fn layered(web: &Arc<Web>) -> Router {
    // Pages and what the widget is painted from are long, and phones are slow. Totals are short and
    // asked for often; frames of the stream must not wait for each other.
    let long_text = SizeAbove::new(4096).and(NotForContentType::SSE).and(NotForContentType::IMAGES);
    // Is compressed already, and its length is what a progress bar goes by.
    let long_text = long_text.and(NotForContentType::const_new(Format::Xlsx.content_type()));
    router::build(web)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(long_text))
        .layer(from_fn_with_state(Arc::clone(web), outermost))
}

/// What is done to every request and every answer, what the layers inside refuse among them. One
/// layer, because each costs every request a clone of all that lies inside it.
async fn outermost(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    // Every answer is counted, and every line of the log belongs to a request.
    let observed = Observed::begin(&web, &request);
    // The limits inside count by client.
    client_address::note(&web, &mut request);
    let mut response = next.run(request).instrument(observed.span()).await;
    headers::add(response.headers_mut());
    observed.end(&web, &mut response);
    response
}
