//! Headers that every answer has.

use http::{HeaderMap, HeaderName, HeaderValue, header};

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
/// Our own form posts keep their Origin, which `no-referrer` would turn into `null`; other sites
/// learn the host and nothing of the address.
const REFERRER: HeaderValue = HeaderValue::from_static("strict-origin-when-cross-origin");
const PERMISSIONS: HeaderValue =
    HeaderValue::from_static("camera=(), geolocation=(), microphone=()");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Adds what is missing; a handler's own choice stands.
pub fn add(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.entry(header::REFERRER_POLICY).or_insert(REFERRER);
    headers.entry(PERMISSIONS_POLICY).or_insert(PERMISSIONS);
    // Hosts that isolate themselves (COEP) load only what says that it may be loaded.
    headers.entry(RESOURCE_POLICY).or_insert(HeaderValue::from_static("cross-origin"));
}
