//! Every route, as a table.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler as _;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use countersign_shared::{Code, Problem, routes};
use http::header;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::admin::{self, access};
use super::cors;
use super::edge::{self, Edge};
use super::error::ApiError;
use super::html::{Escaped, Page};
use super::openapi::Beginning;
use super::public::{
    admin_page, assets, campaign, confirm, docs, events, frame, health, history, home, locale,
    manage, open_data, page, pledge, qr, stream, totals, widget,
};
use super::web::Web;

type Routes = OpenApiRouter<Arc<Web>>;

/// What any page may read.
fn open() -> Routes {
    OpenApiRouter::new()
        .routes(routes!(campaign::show))
        .routes(routes!(widget::paint))
        .routes(routes!(locale::show))
        .routes(routes!(totals::show))
        .routes(routes!(stream::open))
        .routes(routes!(history::show))
        .routes(routes!(open_data::csv))
        .routes(routes!(open_data::json))
        .routes(routes!(qr::svg))
        .route(routes::OPENAPI, get(docs::json))
        .route(routes::EMBED_JS, get(assets::embed_js))
        .route(routes::ASSETS, get(assets::hashed))
}

/// What pages on a campaign's list may send.
fn pledges() -> Routes {
    OpenApiRouter::new().routes(routes!(pledge::sign)).routes(routes!(events::tell))
}

/// What load balancers ask, as often as they like.
fn probes() -> Routes {
    OpenApiRouter::new().routes(routes!(health::alive)).routes(routes!(health::ready))
}

/// What people look at.
fn pages() -> Router<Arc<Web>> {
    Router::new()
        .route("/", get(home::show))
        .route(routes::PAGE, get(page::show).post(page::sign))
        .route(routes::FRAME, get(frame::show))
        .route(routes::CONFIRM, get(confirm::show).post(confirm::confirm))
        .route(routes::MANAGE, get(manage::show).post(manage::change))
        .route(routes::DOCS, get(docs::show))
        .route(routes::ADMIN, get(admin_page::show))
        .route(routes::ADMIN_SLASH, get(admin_page::show))
        .route(routes::ADMIN_PAGES, get(admin_page::show))
}

/// All that the API's description describes.
pub fn documented() -> Routes {
    OpenApiRouter::with_openapi(Beginning::openapi())
        .merge(open())
        .merge(pledges())
        .merge(admin::routes())
        .merge(probes())
}

/// All routes, each group inside the layers it needs.
pub fn build(web: &Arc<Web>) -> Router {
    let edge = edge::layer(web);
    let site_list = from_fn_with_state(Arc::clone(web), cors::pledges);
    // Only where a route is: what is no route is nowhere, whoever asks.
    let admit = from_fn_with_state(Arc::clone(web), access::admit);
    let admin = Router::from(admin::routes()).route_layer(admit);
    let as_pages = || from_fn_with_state(Arc::clone(web), as_page);
    let nowhere = nowhere.layer(as_pages()).with_state(Arc::clone(web));
    Router::new()
        .merge(guarded(open().into(), &edge).layer(from_fn(cors::open_to_all)))
        .merge(guarded(pledges().into(), &edge).layer(site_list))
        .merge(guarded(admin, &edge))
        .merge(guarded(pages(), &edge).layer(as_pages()))
        .merge(guarded(probes().into(), &None))
        .fallback_service(nowhere)
        .with_state(Arc::clone(web))
}

/// The innermost layers. Whatever adds CORS headers lies outside of them, so that a page can read
/// that it was limited, or that we failed.
fn guarded(routes: Router<Arc<Web>>, edge: &Option<Edge>) -> Router<Arc<Web>> {
    routes
        .method_not_allowed_fallback(async || ApiError::new(Code::MethodNotAllowed))
        // A panic ends one request, and neither its connection nor the server.
        .layer(CatchPanicLayer::custom(after_panic))
        // Before a body is read or a campaign looked up.
        .layer(option_layer(edge.clone()))
}

/// What it panicked with is not logged here: it may hold what a person typed.
fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::internal("a handler panicked").into_response()
}

async fn nowhere() -> ApiError {
    ApiError::new(Code::NotFound)
}

/// Turns a problem into a page, for people. Programs keep the problem.
async fn as_page(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let for_programs = request.uri().path().starts_with("/api/");
    let answer = next.run(request).await;
    let Some(problem) = answer.extensions().get::<Problem>().filter(|_| !for_programs) else {
        return answer;
    };
    let title = Escaped(&problem.title);
    let detail = problem.detail.as_deref().unwrap_or_default();
    let body =
        format!("<main class=\"page\">\n<h1>{title}</h1>\n<p>{}</p>\n</main>\n", Escaped(detail));
    let mut page = Page::plain(&web, problem.title.clone(), body);
    page.status = answer.status();
    page.head = home::stylesheet();
    let mut response = page.respond(&web);
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = answer.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}
