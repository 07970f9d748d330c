//! `/admin` and everything below it: the one page of the organizers' dashboard. What it shows comes
//! from the API; the page itself holds nothing of anybody and asks nobody who they are.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};

use super::assets;
use super::home::stylesheet;
use crate::http::html::{Escaped, Page};
use crate::http::web::Web;

/// From this server alone, no script inline, and framed by nobody. Frames inside it hold the
/// preview of a widget, which the page makes itself: they have this policy too, and the style of the
/// previewed campaign carries the nonce.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; connect-src 'self'; img-src 'self' data: blob:; \
         frame-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
/// Passkeys are made and asked for by this page alone; a screen in a hall is kept awake.
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), geolocation=(), microphone=(), publickey-credentials-create=(self), \
     publickey-credentials-get=(self), screen-wake-lock=(self)",
);
/// What an organizer looks at is told to no other site, not even that there is a dashboard.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");

const NO_SCRIPT: &str = "The dashboard needs JavaScript. Everything that it does can be done by \
                         the API too.";
const FAILED: &str =
    "This browser cannot show the dashboard: it needs WebAssembly. Try a newer one.";
const NOT_BUILT: &str = "This server was built without the dashboard. Build it, and then the \
                         server:";

/// `GET /admin` and `GET /admin/{*path}`.
pub async fn show(State(web): State<Arc<Web>>) -> Response {
    let mut page = Page::plain(&web, "Countersign", String::new());
    match head() {
        Some(head) => {
            page.head = head;
            page.body = format!(
                "<div id=\"app\" data-failed=\"{failed}\" data-nonce=\"{nonce}\"></div>\n\
                 <noscript><p>{NO_SCRIPT} <a href=\"/docs\">/docs</a></p></noscript>\n",
                failed = Escaped(FAILED),
                nonce = page.nonce,
            );
        }
        None => {
            page.head = stylesheet();
            page.body = format!(
                "<main class=\"page\">\n<h1>No dashboard</h1>\n<p>{NOT_BUILT}</p>\n\
                 <pre><code>cargo xtask widget &amp;&amp; cargo build --release</code></pre>\n</main>\n"
            );
        }
    }
    let policy = HeaderValue::from_str(&policy(&page.nonce));
    let mut response = page.respond(&web);
    let headers = response.headers_mut();
    if let Ok(policy) = policy {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::REFERRER_POLICY, REFERRER);
    headers.insert("permissions-policy", PERMISSIONS);
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

/// Style first, and the WebAssembly on its way before the script that asks for it. `None` in a
/// build without the dashboard.
fn head() -> Option<String> {
    let style = assets::path("dashboard", "css")?;
    let script = assets::path("dashboard", "js")?;
    let wasm = assets::path("dashboard", "wasm")?;
    let mut head = format!(
        "<link rel=\"stylesheet\" href=\"{style}\">\n\
         <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" \
         crossorigin data-wasm>\n\
         <script type=\"module\" src=\"{script}\"></script>\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n",
        style = Escaped(&style),
        script = Escaped(&script),
        wasm = Escaped(&wasm),
    );
    if let Some(map) = assets::path("map", "json") {
        let _ = writeln!(head, "<meta name=\"countersign-map\" content=\"{}\">", Escaped(&map));
    }
    Some(head)
}
