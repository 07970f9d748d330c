//! What is known of each request: a span, a counter, an id. Never who, and never what they sent.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use tracing::Span;

use super::web::Web;

/// Names a request in our log, so that a person can quote it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const UNMATCHED: &str = "unmatched";

/// The instruments by what they count: looked up for each request, so kept at hand rather than
/// registered anew with labels that have to be made first.
#[derive(Default)]
pub struct Meters(RwLock<HashMap<&'static str, HashMap<Box<str>, Route>>>);

#[derive(Clone)]
struct Route {
    seconds: metrics::Histogram,
    answers: HashMap<u16, metrics::Counter>,
}

impl Meters {
    fn record(&self, method: &'static str, route: &str, status: StatusCode, seconds: f64) {
        let status = status.as_u16();
        let known = |meters: &Self| {
            let routes = meters.0.read().unwrap_or_else(PoisonError::into_inner);
            let route = routes.get(method)?.get(route)?;
            route.seconds.record(seconds);
            route.answers.get(&status)?.increment(1);
            Some(())
        };
        if known(self).is_none() {
            self.register(method, route, status, seconds);
        }
    }

    fn register(&self, method: &'static str, name: &str, status: u16, seconds: f64) {
        let labels = [("route", name.to_owned()), ("method", method.to_owned())];
        let mut routes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let routes = routes.entry(method).or_default();
        let route = routes.entry(name.into()).or_insert_with(|| {
            let histogram = metrics::histogram!("countersign_http_request_seconds", &labels);
            histogram.record(seconds);
            Route { seconds: histogram, answers: HashMap::new() }
        });
        let counter = route.answers.entry(status).or_insert_with(|| {
            let [route, method] = labels;
            let labels = [route, method, ("status", status.to_string())];
            metrics::counter!("countersign_http_requests_total", &labels)
        });
        counter.increment(1);
    }
}

/// A request that is being answered.
pub struct Observed {
    id: String,
    method: &'static str,
    route: Option<MatchedPath>,
    started: Instant,
    span: Span,
}

impl Observed {
    /// Traces and counts by matched route: a raw path or a query string may hold personal data.
    pub fn begin(web: &Web, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let method = method_label(request.method());
        let id = web.random_id();
        let name = route.as_ref().map_or(UNMATCHED, MatchedPath::as_str);
        let span = tracing::info_span!("request", id, method, route = name);
        Self { id, method, route, started: Instant::now(), span }
    }

    /// What is logged within it belongs to this request.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    pub fn end(self, web: &Web, response: &mut Response) {
        let elapsed = self.started.elapsed();
        let status = response.status();
        self.span.in_scope(|| {
            tracing::debug!(status = status.as_u16(), ms = elapsed.as_millis(), "answered");
        });
        let route = self.route.as_ref().map_or(UNMATCHED, MatchedPath::as_str);
        web.meters.record(self.method, route, status, elapsed.as_secs_f64());
        if let Ok(id) = HeaderValue::try_from(self.id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }
}

/// A client can make methods up; labels are few.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
