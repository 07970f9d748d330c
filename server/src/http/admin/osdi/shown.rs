//! A stored pledge as OSDI's signature and person.

use countersign_shared::pledge::Source;
use countersign_shared::routes;
use serde_json::{Value, json};

use super::hal;
use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::secrets::Person;
use crate::store::{ExportRow, StoredCampaign};

/// A signature, with its person inside.
pub(super) fn signature(
    web: &Web,
    campaign: &StoredCampaign,
    row: &ExportRow<'_>,
) -> Result<Value, ApiError> {
    let slug = campaign.campaign.slug.as_str();
    let given = opened(web, campaign, row)?;
    let source: Source = serde_json::from_str(&row.source).unwrap_or_default();
    Ok(json!({
        "identifiers": [
            format!("countersign:{}", row.id), format!("countersign:{}", row.receipt),
        ],
        "origin_system": hal::US,
        "created_date": row.signed_at,
        "modified_date": row.signed_at,
        "action_date": row.signed_at,
        "comments": given.as_ref().and_then(|person| person.message.as_deref()),
        "referrer_data": hal::referrer(&source),
        "countersign:state": row.standing(),
        "_links": {
            "self": hal::link(web, &hal::one(routes::OSDI_SIGNATURE, slug, row.id)),
            "osdi:petition": hal::petition_link(web, slug),
            "osdi:person": hal::link(web, &hal::one(routes::OSDI_PERSON, slug, row.id)),
        },
        "_embedded": { "osdi:person": person(web, campaign, row, given.as_ref()) },
    }))
}

/// Whoever gave it; without a name where the personal data is deleted by now.
pub(super) fn person(
    web: &Web,
    campaign: &StoredCampaign,
    row: &ExportRow<'_>,
    given: Option<&Person>,
) -> Value {
    let slug = campaign.campaign.slug.as_str();
    let status = if row.updates { "subscribed" } else { "unsubscribed" };
    let mut told = json!({
        "identifiers": [format!("countersign:{}", row.id)],
        "origin_system": hal::US,
        "created_date": row.signed_at,
        "modified_date": row.signed_at,
        "postal_addresses": [{ "primary": true, "country": row.country }],
        "languages_spoken": [row.locale],
        "_links": {
            "self": hal::link(web, &hal::one(routes::OSDI_PERSON, slug, row.id)),
            "osdi:signatures": hal::link(web, &hal::one(routes::OSDI_SIGNATURE, slug, row.id)),
        },
    });
    if let Some(person) = given {
        let (given, family) = names(&person.name);
        told["given_name"] = json!(given);
        told["family_name"] = json!(family);
        told["email_addresses"] =
            json!([{ "primary": true, "address": person.email, "status": status }]);
    }
    told
}

/// What the seal holds; nothing once it was deleted.
pub(super) fn opened(
    web: &Web,
    campaign: &StoredCampaign,
    row: &ExportRow<'_>,
) -> Result<Option<Person>, ApiError> {
    let slug = &campaign.campaign.slug;
    let open =
        |sealed: &Vec<u8>| web.app.secrets.open(slug, row.key_version, &row.fingerprint, sealed);
    row.sealed.as_ref().map(open).transpose().map_err(ApiError::internal)
}

/// People gave us one name; OSDI has two places for it. Put together they are what was given.
fn names(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(' ') {
        Some((given, family)) => (given, Some(family)),
        None => (name, None),
    }
}
