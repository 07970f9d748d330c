//! `POST …/pledges`: a person signs.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Code, PledgeForm, Problem, Totals, routes};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::campaign::Found;
use crate::http::client_address::ClientAddress;
use crate::http::error::ApiError;
use crate::http::json::Json;
use crate::http::web::Web;
use crate::pledge::{self, Accepted, Submission};
use crate::store::StoredCampaign;

pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The answer to a pledge: the same for a first signature, a second one by the same mailbox, and
/// one that is set aside.
// Only described; `taken` writes it.
#[derive(utoipa::ToSchema)]
pub struct PledgeTaken {
    /// `counted`; or `check_email` where the campaign asks the mailbox first: it counts once that has
    /// confirmed it.
    pub state: &'static str,
    /// The signer's number. Absent while the campaign hides its count, and where it asks first.
    pub number: Option<u64>,
    pub totals: Totals,
    /// A reference to quote. Opens nothing.
    pub receipt: String,
}

/// A person signs.
///
/// Send an Idempotency-Key: a request that is sent again with it has the effect of one, and the
/// answer of the first.
#[utoipa::path(
    post,
    path = routes::PLEDGES,
    tag = "pledge",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, made up by the client for this pledge"),
        ("Countersign-Embed-Token" = Option<String>, Header, description = "From the frame's state; needed where the Origin is null"),
    ),
    request_body(content = PledgeForm, content_type = "application/json"),
    responses(
        (status = 201, description = "Taken and stored for good", body = PledgeTaken),
        (status = 400, description = "No JSON, or a bad Idempotency-Key", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The page's site is not on the campaign's list", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body took too long to arrive", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The campaign is not open", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "More than 64 KiB", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not application/json", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Fields at fault, each named; or a reused Idempotency-Key", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many from this address: see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not stored, or not known to be: send it again after Retry-After with the same key", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn sign(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    client: ClientAddress,
    headers: HeaderMap,
    Json(form): Json<PledgeForm>,
) -> Result<Response, ApiError> {
    let key = idempotency_key(&headers)?;
    let accepted = take(&web, &campaign, client, &form, key).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::CREATED, headers, taken(&accepted)).into_response())
}

/// [`PledgeTaken`] as JSON. The totals were written once, for everybody.
fn taken(accepted: &Accepted) -> Vec<u8> {
    let mut json = Vec::with_capacity(accepted.totals.json.len() + 128);
    let state = if accepted.check_email { "check_email" } else { "counted" };
    json.extend_from_slice(format!(r#"{{"state":"{state}","#).as_bytes());
    if let Some(number) = shown_number(accepted) {
        json.extend_from_slice(format!(r#""number":{number},"#).as_bytes());
    }
    json.extend_from_slice(br#""totals":"#);
    json.extend_from_slice(&accepted.totals.json);
    // Digits and capital letters: nothing in a receipt is to be escaped.
    json.extend_from_slice(format!(r#","receipt":"{}"}}"#, accepted.receipt).as_bytes());
    json
}

/// Parses the form and hands it on; shared by the API and the page that works without script.
pub async fn take(
    web: &Web,
    campaign: &Arc<StoredCampaign>,
    client: ClientAddress,
    form: &PledgeForm,
    idempotency_key: Option<String>,
) -> Result<Accepted, ApiError> {
    let pledge = form.parse(campaign.campaign.fields).map_err(ApiError::fields)?;
    let submission = Submission {
        form: pledge,
        website: form.website.clone(),
        rendered: form.rendered.clone(),
        idempotency_key,
        client: client.0,
    };
    Ok(pledge::accept(&web.app, campaign, submission).await?)
}

/// The signer's number says the total: it is hidden with it. Who is asked first has none yet.
pub fn shown_number(accepted: &Accepted) -> Option<u64> {
    let shown = !accepted.check_email && accepted.totals.totals.total.is_some();
    shown.then_some(accepted.number)
}

/// One header of 1 to 255 visible ASCII characters, or none.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let invalid = || ApiError::new(Code::IdempotencyKeyInvalid);
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().map_err(|_| invalid())?;
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if values.next().is_some() || !(1..=255).contains(&key.len()) || !visible {
        return Err(invalid());
    }
    Ok(Some(key.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_key_is_one_header_of_visible_ascii() {
        let longest = "k".repeat(255);
        let too_long = "k".repeat(256);
        let table: &[(&[&[u8]], bool)] = &[
            (&[], true),
            (&[b"0b1c"], true),
            (&[longest.as_bytes()], true),
            (&[b""], false),
            (&[too_long.as_bytes()], false),
            (&[b"a b"], false),
            (&["é".as_bytes()], false),
            (&[b"a", b"b"], false),
        ];
        for (values, good) in table {
            let mut headers = HeaderMap::new();
            for value in *values {
                headers.append(IDEMPOTENCY_KEY, HeaderValue::from_bytes(value).unwrap());
            }
            assert_eq!(idempotency_key(&headers).is_ok(), *good, "{values:?}");
        }
    }
}
