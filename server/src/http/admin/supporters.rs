//! People who signed, one by one.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{FromRequestParts, State};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_shared::admin::supporters::{Supporter, SupporterPage};
use countersign_shared::{Code, FieldError, Problem, routes};
use http::Method;
use http::request::Parts;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use super::filtered::Filtered;
use super::numbered::Numbered;
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::public::widget_state::query;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission};
use crate::store::StoredCampaign;
use crate::store::supporters::Place;
use crate::supporters::{find, show};

mod acts;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_SUPPORTERS, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_SUPPORTER, Permission::View),
    Rule::new(Method::PATCH, routes::ADMIN_SUPPORTER, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_WITHDRAW, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_ERASE, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_RELEASE, Permission::Moderate),
    Rule::new(Method::POST, routes::ADMIN_REFUSE, Permission::Moderate),
];

pub fn routes() -> Routes {
    Routes::new()
        .routes(routes!(list))
        .routes(routes!(one, acts::correct))
        .routes(routes!(acts::withdraw))
        .routes(routes!(acts::erase))
        .routes(routes!(acts::release))
        .routes(routes!(acts::refuse))
}

/// So many are in a page, unless another number is asked for.
const USUAL: usize = 50;
const MOST: usize = 200;

/// Which part of a list: `after` and `limit`.
pub struct Part {
    after: Option<(Place, u64)>,
    limit: usize,
}

impl FromRequestParts<Arc<Web>> for Part {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, ApiError> {
        let invalid = |name| ApiError::fields(vec![FieldError::new(name, Code::FieldInvalid)]);
        let after = match query(parts, "after") {
            None => None,
            Some(text) => Some(place(&text).ok_or_else(|| invalid("after"))?),
        };
        let limit = match query(parts, "limit") {
            None => USUAL,
            Some(text) => text.parse().map_err(|_| invalid("limit"))?,
        };
        Ok(Self { after, limit: limit.clamp(1, MOST) })
    }
}

/// Where to go on, and how many rows there are, which is counted once for all pages. Opaque, so that
/// nobody builds one: what it holds may change.
fn cursor(place: Place, of: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}.{}.{of}", place.signed_at, place.id))
}

fn place(cursor: &str) -> Option<(Place, u64)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let mut numbers = text.split('.');
    let mut next = || numbers.next();
    let place = Place { signed_at: next()?.parse().ok()?, id: next()?.parse().ok()? };
    Some((place, next()?.parse().ok()?))
}

/// Whom the filter finds, the latest first. Roles that may not see people get the same rows without
/// personal data, and may not search in it. A page may be empty and not the last: `next` tells.
#[utoipa::path(
    get,
    path = routes::ADMIN_SUPPORTERS,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("q" = Option<String>, Query, description = "A whole address is found at once; anything else in names, addresses and messages"),
        ("state" = Option<String>, Query, description = "`counted`, `quarantined`, `unconfirmed`, `withdrawn`, `refused` or `invalidated`"),
        ("country" = Option<String>, Query, description = "ISO 3166-1 alpha-2"),
        ("channel" = Option<String>, Query, description = "`online` or `import`"),
        ("updates" = Option<bool>, Query, description = "Whether they agreed to updates"),
        ("suspicious" = Option<bool>, Query, description = "Whether the domain looks like another one"),
        ("from" = Option<String>, Query, description = "RFC 3339, inclusive"),
        ("to" = Option<String>, Query, description = "RFC 3339, exclusive"),
        ("domain" = Option<String>, Query, description = "A mail domain and those below it"),
        ("network" = Option<String>, Query, description = "An address range"),
        ("pattern" = Option<String>, Query, description = "A pattern for the address, with `*` and `?`"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, description = "At most so many, up to 200"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "A part of the list", body = SupporterPage),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Something in it is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Filtered { filter, .. }: Filtered,
    part: Part,
) -> Result<Answer<SupporterPage>, ApiError> {
    let page = find::page(&web.app, &campaign, &filter, part.after, part.limit).await?;
    let people = caller.may(Permission::SeePeople);
    let asked = find::for_the_mailbox(&web.app, page.items.iter().map(|(row, _)| row)).await?;
    let shown = |(row, person): &find::Match| show(row, person.as_ref().filter(|_| people), &asked);
    Ok(Answer(SupporterPage {
        items: page.items.iter().map(shown).collect(),
        next: page.next.map(|next| cursor(next, page.of)),
        read: page.read,
        of: page.of,
    }))
}

/// One who signed.
#[utoipa::path(
    get,
    path = routes::ADMIN_SUPPORTER,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = i64, Path, description = "Which one"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The pledge, and the person for who may see them", body = Supporter),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such thing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Numbered(id): Numbered,
) -> Result<Answer<Supporter>, ApiError> {
    let found = shown(&web, &caller, &campaign, id).await?;
    found.map(Answer).ok_or_else(|| ApiError::new(Code::NotFound))
}

async fn shown(
    web: &Web,
    caller: &Caller,
    campaign: &StoredCampaign,
    id: i64,
) -> Result<Option<Supporter>, ApiError> {
    let people = caller.may(Permission::SeePeople);
    let Some((row, person)) = find::one(&web.app, campaign, id).await? else { return Ok(None) };
    let asked = find::for_the_mailbox(&web.app, [&row]).await?;
    Ok(Some(show(&row, person.as_ref().filter(|_| people), &asked)))
}

#[cfg(test)]
mod tests {
    use super::{cursor, place};
    use crate::store::supporters::Place;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is() {
        let there = Place { signed_at: -5, id: 7 };
        assert_eq!(place(&cursor(there, 9)), Some((there, 9)));
        for bad in ["", "x", "MS4y!", "MS4y"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
