//! A campaign's web site on another origin, as a site owner would have it: an ugly style sheet of
//! its own, sometimes a strict policy, and one line that embeds the widget.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

const BLOG: &str = include_str!("hostsite/blog.html");
const UGLY: &str = include_str!("hostsite/ugly.css");
const FORGED: &str = include_str!("hostsite/forged.html");

/// Where the pages embed from, and what.
#[derive(Clone)]
pub struct HostSite {
    /// Origin of the Countersign server.
    pub server: String,
    pub campaign: String,
}

/// The site's pages. `/` is the ordinary one; the others show what a site's policy does.
pub fn router(site: HostSite) -> Router {
    Router::new()
        .route("/", get(blog))
        .route("/plain", get(plain))
        .route("/arabic", get(arabic))
        .route("/forged", get(forged))
        .route("/{policy}", get(with_policy))
        .with_state(site)
}

impl HostSite {
    fn script(&self) -> String {
        format!(r#"<script type="module" src="{}/embed.js"></script>"#, self.server)
    }

    fn blog(&self, lang: &str, dir: &str) -> String {
        BLOG.replace("{style}", UGLY)
            .replace("{script}", &self.script())
            .replace("{campaign}", &self.campaign)
            .replace("{server}", &self.server)
            .replace("{lang}", lang)
            .replace("{dir}", dir)
    }

    /// A clean page with one element, its attributes taken from the query.
    fn plain(&self, attributes: &HashMap<String, String>) -> String {
        let campaign = attributes.get("campaign").unwrap_or(&self.campaign);
        let mut element = format!(r#"<pledge-widget campaign="{}""#, escape(campaign));
        for name in ["view", "lang", "theme"] {
            if let Some(value) = attributes.get(name) {
                element.push_str(&format!(r#" {name}="{}""#, escape(value)));
            }
        }
        format!(
            "<!doctype html><html lang=en><meta charset=utf-8>\
             <meta name=viewport content=\"width=device-width\"><title>A plain page</title>\
             <style>body{{margin:16px auto;max-width:420px}}</style>{}\
             <main><h1>A plain page</h1>{element}></pledge-widget></main></html>",
            self.script()
        )
    }
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

async fn blog(State(site): State<HostSite>) -> Html<String> {
    Html(site.blog("en", "ltr"))
}

async fn arabic(State(site): State<HostSite>) -> Html<String> {
    Html(site.blog("ar", "rtl"))
}

async fn plain(
    State(site): State<HostSite>,
    Query(attributes): Query<HashMap<String, String>>,
) -> Html<String> {
    Html(site.plain(&attributes))
}

async fn forged(State(site): State<HostSite>) -> Html<String> {
    Html(FORGED.replace("{server}", &site.server).replace("{campaign}", &site.campaign))
}

/// The clean page under a Content-Security-Policy.
async fn with_policy(
    State(site): State<HostSite>,
    Path(policy): Path<String>,
    Query(attributes): Query<HashMap<String, String>>,
) -> Response {
    let server = &site.server;
    let csp = match policy.as_str() {
        "csp-strict" => format!(
            "default-src 'none'; script-src {server} 'wasm-unsafe-eval'; connect-src {server}; \
             style-src 'unsafe-inline'; frame-src {server}"
        ),
        "csp-no-wasm" => format!(
            "default-src 'none'; script-src {server}; connect-src {server}; \
             style-src 'unsafe-inline'; frame-src {server}"
        ),
        "csp-no-frames" => format!(
            "default-src 'none'; script-src {server}; connect-src {server}; \
             style-src 'unsafe-inline'; frame-src 'none'"
        ),
        "trusted-types" => "require-trusted-types-for 'script'".to_owned(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&csp) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    (headers, Html(site.plain(&attributes))).into_response()
}
