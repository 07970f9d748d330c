//! The API's description: made from the handlers, kept as a reviewed snapshot in `openapi.json`.

use std::sync::LazyLock;

use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};

use super::admin::cookie;

/// The whole document.
pub static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let mut document = super::router::documented().into_openapi();
    let components = document.components.get_or_insert_default();
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("token", token);
    let session = ApiKey::Cookie(ApiKeyValue::new(cookie::SESSION));
    components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    document
});

/// What the document begins with.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        description = "Collects public commitments and makes them count. Version 1. Errors are \
                       RFC 9457 problem details with a stable `code` and, for input, `fields`."
    ),
    tags(
        (name = "campaign", description = "What a widget shows"),
        (name = "pledge", description = "Signing"),
        (name = "totals", description = "The number, now, live and over time"),
        (name = "organizers", description = "For whoever is signed in, or has a token: `countersign token create NAME`"),
        (name = "account", description = "An organizer's ways in, and what is theirs alone. Requests that change something come from our own pages"),
        (name = "team", description = "Who organizes, their tokens, and what was done. For owners"),
        (name = "osdi", description = "The Open Supporter Data Interface, for tools that speak it"),
        (name = "server", description = "For those who run it"),
    )
)]
pub struct Beginning;
