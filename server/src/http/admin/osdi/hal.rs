//! Links and small objects that OSDI's resources share.

use countersign_shared::pledge::Source;
use countersign_shared::routes;
use serde_json::{Value, json};

use crate::http::web::Web;

/// What we call ourselves as a system.
pub(super) const US: &str = "Countersign";

/// A path of a campaign.
pub(super) fn of(path: &str, slug: &str) -> String {
    path.replace("{slug}", slug)
}

/// A path of one thing in a campaign.
pub(super) fn one(path: &str, slug: &str, id: i64) -> String {
    of(path, slug).replace("{id}", &id.to_string())
}

pub(super) fn link(web: &Web, path: &str) -> Value {
    json!({ "href": format!("{}{path}", web.app.config.public_url) })
}

pub(super) fn petition_link(web: &Web, slug: &str) -> Value {
    link(web, &of(routes::OSDI_PETITION, slug))
}

/// OSDI's `referrer_data`.
pub(super) fn referrer(source: &Source) -> Value {
    json!({ "source": source.utm_source, "website": source.referrer })
}
