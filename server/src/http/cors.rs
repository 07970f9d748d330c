//! Which sites' pages may read an answer, and which may send a pledge.
//!
//! Cross-origin requests carry no cookies here, so reading is open to all. Sending is not: a
//! campaign's list says which sites may ask people to sign.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::Code;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::error::ApiError;
use super::web::Web;
use crate::store::StoredCampaign;

/// Carries a campaign's embed token, which stands in for an origin where there is none.
pub const EMBED_TOKEN: HeaderName = HeaderName::from_static("countersign-embed-token");

const ANY: HeaderValue = HeaderValue::from_static("*");
const EXPOSED: HeaderValue = HeaderValue::from_static("Retry-After, X-Request-Id");

/// Where a request comes from, as far as its campaign cares.
#[derive(Debug, PartialEq, Eq)]
pub enum Origin {
    /// No Origin header: not a page in a browser.
    None,
    /// Our own page, or a site on the campaign's list.
    Allowed(HeaderValue),
    Refused,
}

/// Judges the Origin header of a request to `campaign`.
///
/// `null` is what a sandboxed frame sends, and what any page can make a frame send; only the
/// campaign's token tells ours apart. No list, not even one that allows any site, lets it pass.
pub fn judge(web: &Web, campaign: &StoredCampaign, headers: &HeaderMap) -> Origin {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return Origin::None };
    let (None, Ok(text)) = (origins.next(), origin.to_str()) else { return Origin::Refused };
    let allowed = match text {
        "null" => {
            let token = headers.get(EMBED_TOKEN).and_then(|token| token.to_str().ok());
            token
                .is_some_and(|token| web.app.secrets.is_embed_token(&campaign.campaign.slug, token))
        }
        _ => is_own(web, headers, text) || campaign.campaign.allows_origin(text),
    };
    if allowed { Origin::Allowed(origin.clone()) } else { Origin::Refused }
}

/// Our own page, under the public address or under whichever other name it was asked for by.
fn is_own(web: &Web, headers: &HeaderMap, origin: &str) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    web.app.config.public_url.eq_ignore_ascii_case(origin)
        || host.zip(origin_host).is_some_and(|(host, origin)| host.eq_ignore_ascii_case(origin))
}

/// For what anyone may read: answers, errors among them, to any page.
pub async fn open_to_all(request: Request, next: Next) -> Response {
    let mut response = match is_preflight(&request) {
        true => preflight("GET, HEAD", "If-None-Match, Last-Event-ID, Cache-Control"),
        false => next.run(request).await,
    };
    allow(&mut response, ANY);
    response
}

/// For pledges: a page on the campaign's list may send them, and read the answer, errors among them.
pub async fn pledges(
    State(web): State<Arc<Web>>,
    Path(slug): Path<String>,
    request: Request,
    next: Next,
) -> Response {
    // Nothing that a page could not learn elsewhere, so that it learns why.
    let found = web.app.campaigns.get(&slug).filter(|found| !found.campaign.is_draft());
    let Some(campaign) = found else {
        let mut response = ApiError::new(Code::CampaignNotFound).into_response();
        allow(&mut response, ANY);
        return response;
    };
    if is_preflight(&request) {
        return answer_preflight(&web, &campaign, request.headers());
    }
    let (mut response, origin) = match judge(&web, &campaign, request.headers()) {
        Origin::None => (next.run(request).await, None),
        Origin::Allowed(origin) => (next.run(request).await, Some(origin)),
        Origin::Refused => (ApiError::new(Code::OriginNotAllowed).into_response(), None),
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        allow(&mut response, origin);
    }
    response
}

fn answer_preflight(web: &Web, campaign: &StoredCampaign, headers: &HeaderMap) -> Response {
    let null = HeaderValue::from_static("null");
    let origin = match judge(web, campaign, headers) {
        Origin::Allowed(origin) => Some(origin),
        // The token itself comes with the request that this one asks about.
        _ if headers.get(header::ORIGIN) == Some(&null) => Some(null),
        _ => None,
    };
    let Some(origin) = origin else {
        return ApiError::new(Code::OriginNotAllowed).into_response();
    };
    let mut response = preflight("POST", "Content-Type, Idempotency-Key, Countersign-Embed-Token");
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    allow(&mut response, origin);
    response
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight(methods: &'static str, asked: &'static str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(asked));
    // Two hours is the longest that browsers keep it.
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    response
}

fn allow(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
