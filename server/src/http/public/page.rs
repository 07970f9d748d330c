//! `/c/{slug}`: the campaign's own page. Without script its form posts to itself.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use countersign_shared::widget::{Posted, Signed};
use countersign_shared::{Code, PledgeForm};
use http::{HeaderMap, StatusCode, header};

use super::campaign::Found;
use super::painted;
use super::pledge::{shown_number, take};
use super::widget_state::{self, Look};
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::cors::{self, Origin};
use crate::http::error::ApiError;
use crate::http::html::Framing;
use crate::http::public::form::{self, PostedForm};
use crate::http::web::Web;
use crate::store::StoredCampaign;

/// `GET /c/{slug}`.
pub async fn show(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    look: Look,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    respond(&web, &campaign, &look, &headers, StatusCode::OK, None)
}

/// `POST /c/{slug}`: the form, sent without script.
///
/// The answer is the page again: with the errors beside the fields and what was typed kept, or with
/// the thanks. No redirect: it would have to carry the name in an address. Sending it again by a
/// reload is the same pledge, by the key in [`PostedForm`].
pub async fn sign(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    client: ClientAddress,
    request: Request,
) -> Result<Response, ApiError> {
    let headers = request.headers().clone();
    if !is_form(&headers) {
        return Err(ApiError::new(Code::UnsupportedMediaType));
    }
    let bytes = body::read(request.into_body(), web.settings.body_deadline).await?;
    let PostedForm { mut form, key } = form::parse(&bytes);
    form::add_source(&mut form, &headers, &web.app.config.public_url);
    let look = Look { lang: Some(form.locale.clone()), ..Look::default() };
    // A page of ours asks once more, and what was typed stands in it: that a person pressed the
    // button is sure only where the button was ours or the campaign's.
    if cors::judge(&web, &campaign, &headers) == Origin::Refused {
        let refused = ApiError::new(Code::OriginNotAllowed);
        let (status, posted) = (refused.status(), failed(form, &refused));
        return respond(&web, &campaign, &look, &headers, status, Some(posted));
    }
    let taken = take(&web, &campaign, client, &form, Some(key)).await;
    let (status, posted) = match taken {
        Ok(accepted) => {
            let number = shown_number(&accepted);
            let signed = Signed { name: form.name, number, receipt: Some(accepted.receipt) };
            (StatusCode::OK, Posted { signed: Some(signed), ..Posted::default() })
        }
        Err(error) => {
            error.log();
            (error.status(), failed(form, &error))
        }
    };
    respond(&web, &campaign, &look, &headers, status, Some(posted))
}

/// The form again, as it was sent. The trap comes back empty, and the stamp is a new one.
fn failed(form: PledgeForm, error: &ApiError) -> Posted {
    let problem = error.problem();
    Posted {
        form: PledgeForm { website: None, rendered: None, ..form },
        problem: problem.fields.is_empty().then_some(problem.code),
        errors: problem.fields,
        retry_after: problem.retry_after,
        signed: None,
    }
}

fn respond(
    web: &Web,
    campaign: &StoredCampaign,
    look: &Look,
    headers: &HeaderMap,
    status: StatusCode,
    posted: Option<Posted>,
) -> Result<Response, ApiError> {
    let retry_after = posted.as_ref().and_then(|posted| posted.retry_after);
    let state = widget_state::build(web, campaign, look, headers, posted)?;
    let mut page = painted::page(web, &state, Framing::Nobody)?;
    page.status = status;
    page.head.push_str(&painted::describe(&state));
    let mut response = page.respond(web);
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
