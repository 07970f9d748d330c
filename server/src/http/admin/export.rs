//! `GET /api/v1/admin/campaigns/{slug}/pledges.csv | .ndjson | .xlsx`: the pledges, to take away.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use countersign_shared::{Code, FieldError, Problem, routes};
use futures_util::{Stream, StreamExt as _};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, header};
use serde_json::json;
use tokio::time::Instant;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use super::filtered::Filtered;
use crate::export::{self, Columns, Download, ExportError, ExportId, Format, Full, Tally, Wish};
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::public::widget_state::query;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, audit};
use crate::store::StoredCampaign;
use crate::supporters::Filter;
use crate::supporters::filter::Standing;

mod progress;

/// How many rows there will be, about: people sign meanwhile.
const ROWS: HeaderName = HeaderName::from_static("countersign-rows");

/// What each route asks of its caller. Those who may not see people get the rest.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::EXPORT_CSV, Permission::View),
    Rule::new(Method::GET, routes::EXPORT_NDJSON, Permission::View),
    Rule::new(Method::GET, routes::EXPORT_XLSX, Permission::View),
    Rule::new(Method::GET, routes::ADMIN_EXPORT, Permission::View),
];

pub fn routes() -> Routes {
    let files = Routes::new().routes(routes!(csv)).routes(routes!(ndjson)).routes(routes!(xlsx));
    files.routes(routes!(progress::show))
}

/// What the query string asks for.
pub struct Asked {
    columns: Columns,
    people: bool,
    mark: bool,
    id: Option<ExportId>,
}

impl FromRequestParts<Arc<Web>> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, ApiError> {
        let fault = |field, code| ApiError::fields(vec![FieldError::new(field, code)]);
        let columns = match query(parts, "columns") {
            Some(names) => Columns::parse(&names),
            None => Some(Columns::all()),
        };
        let choice = |field, usual| match query(parts, field).as_deref() {
            None => Ok(usual),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(fault(field, Code::FieldInvalid)),
        };
        let (people, mark) = (choice("people", true)?, choice("mark", false)?);
        let columns = columns.ok_or_else(|| fault("columns", Code::FieldUnknown))?;
        let id = match query(parts, "export") {
            Some(id) => {
                Some(ExportId::parse(&id).ok_or_else(|| fault("export", Code::FieldInvalid))?)
            }
            None => None,
        };
        Ok(Self { columns, people, mark, id })
    }
}

impl Asked {
    /// The columns that this caller gets.
    fn columns_for(self, caller: &Caller) -> Result<Columns, ApiError> {
        if self.people && caller.may(Permission::SeePeople) {
            return Ok(self.columns);
        }
        self.columns.without_people().ok_or_else(|| ApiError::new(Code::Forbidden))
    }
}

/// Every pledge as CSV, oldest first.
#[utoipa::path(
    get,
    path = routes::EXPORT_CSV,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("columns" = Option<String>, Query, description = "Names with commas between; all of them when absent"),
        ("people" = Option<bool>, Query, description = "`false` leaves out names, addresses and messages. Roles that may not see them never get them"),
        ("mark" = Option<bool>, Query, description = "`true` begins the file with the mark of UTF-8 (BOM), so that Excel reads every letter"),
        ("export" = Option<String>, Query, description = "An id that you make up, 16 to 64 letters, digits, `-` and `_`: `exports/{id}` then says how far the file is"),
        ("state" = Option<String>, Query, description = "This, and every other field of the filter of supporters, limits the rows"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "RFC 4180, UTF-8, safe to open in a spreadsheet. Without a filter, or with that of the state `counted` alone, `Countersign-Rows` says how many rows to expect", content_type = "text/csv", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A column that does not exist", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many exports are running. Try again after `Retry-After`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn csv(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    asked: Asked,
    filtered: Filtered,
) -> Result<Response, ApiError> {
    answer(&web, &caller, &campaign, Format::Csv, asked, filtered).await
}

/// Every pledge as one JSON object a line, oldest first.
#[utoipa::path(
    get,
    path = routes::EXPORT_NDJSON,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("columns" = Option<String>, Query, description = "Names with commas between; all of them when absent"),
        ("people" = Option<bool>, Query, description = "`false` leaves out names, addresses and messages. Roles that may not see them never get them"),
        ("export" = Option<String>, Query, description = "An id that you make up, 16 to 64 letters, digits, `-` and `_`: `exports/{id}` then says how far the file is"),
        ("state" = Option<String>, Query, description = "This, and every other field of the filter of supporters, limits the rows"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "One object a line. Without a filter, or with that of the state `counted` alone, `Countersign-Rows` says how many to expect", content_type = "application/x-ndjson", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A column that does not exist", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many exports are running. Try again after `Retry-After`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ndjson(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    asked: Asked,
    filtered: Filtered,
) -> Result<Response, ApiError> {
    answer(&web, &caller, &campaign, Format::Ndjson, asked, filtered).await
}

/// Every pledge as a workbook, oldest first. It is written before it is sent.
#[utoipa::path(
    get,
    path = routes::EXPORT_XLSX,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("columns" = Option<String>, Query, description = "Names with commas between; all of them when absent"),
        ("people" = Option<bool>, Query, description = "`false` leaves out names, addresses and messages. Roles that may not see them never get them"),
        ("export" = Option<String>, Query, description = "An id that you make up, 16 to 64 letters, digits, `-` and `_`: `exports/{id}` then says how far the file is"),
        ("state" = Option<String>, Query, description = "This, and every other field of the filter of supporters, limits the rows"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "Strings are strings, never formulas; times are dates, in UTC; over 1,048,576 rows there are more sheets. `Countersign-Rows` says how many rows there are", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A column that does not exist", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many exports are running. Try again after `Retry-After`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn xlsx(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    asked: Asked,
    filtered: Filtered,
) -> Result<Response, ApiError> {
    answer(&web, &caller, &campaign, Format::Xlsx, asked, filtered).await
}

/// The file, or why there is none.
async fn answer(
    web: &Web,
    caller: &Caller,
    campaign: &StoredCampaign,
    format: Format,
    mut asked: Asked,
    filtered: Filtered,
) -> Result<Response, ApiError> {
    // Before there is a place: who is told that there is none may only see it there.
    let tally = web.app.board.begin(caller, campaign.id, asked.id.take());
    match prepared(web, caller, campaign, format, asked, filtered, &tally).await {
        Ok((made, expected)) => sent(campaign, format, made, expected, tally),
        Err(error) => {
            let problem = error.problem();
            tally.fail(problem.detail.unwrap_or(problem.title));
            Err(error)
        }
    }
}

/// The file before its first byte is sent, and how many rows to expect.
async fn prepared(
    web: &Web,
    caller: &Caller,
    campaign: &StoredCampaign,
    format: Format,
    asked: Asked,
    filtered: Filtered,
    tally: &Tally,
) -> Result<(Download, Option<u64>), ApiError> {
    let mark = asked.mark;
    let columns = asked.columns_for(caller)?;
    let Filtered { filter, asked: fields } = filtered;
    let place = web.app.exports.take(caller, format).map_err(full)?;
    let (all, counted) = web.app.store.stored_pledges(campaign.id).await?;
    tally.expect(all);
    let expected = expected(all, counted, &filter, &fields);
    let detail = json!({
        "format": format.extension(), "columns": columns.names(), "people": columns.hold_people(),
        "filter": fields, "rows": expected,
    });
    let deadline = Instant::now() + web.settings.export_deadline;
    let wish = Wish { format, columns, filter, mark };
    let made = export::download(&web.app, campaign, wish, deadline, place, tally).await;
    let made = made.map_err(explain)?;
    // Before the first byte: what cannot be written down is not given away.
    audit::note(&web.app, caller, "export", campaign.campaign.slug.as_str(), detail).await?;
    Ok((made, expected))
}

fn sent(
    campaign: &StoredCampaign,
    format: Format,
    made: Download,
    expected: Option<u64>,
    tally: Tally,
) -> Result<Response, ApiError> {
    let chunks = tally.follow(made.chunks, made.length, broken);
    let mut response = download(campaign, format, chunks)?;
    let headers = response.headers_mut();
    if let Some(rows) = made.rows.or(expected) {
        headers.insert(ROWS, HeaderValue::from(rows));
    }
    if let Some(length) = made.length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Ok(response)
}

/// How many rows to expect. How many most filters find is known at the end only.
fn expected(all: u64, counted: u64, filter: &Filter, fields: &[&str]) -> Option<u64> {
    match (fields, filter.standing) {
        ([], _) => Some(all),
        (["state"], Some(Standing::Counted)) => Some(counted),
        _ => None,
    }
}

fn download(
    campaign: &StoredCampaign,
    format: Format,
    chunks: impl Stream<Item = Result<Bytes, ExportError>> + Send + 'static,
) -> Result<Response, ApiError> {
    // The head is sent by then: cutting the connection is what tells that the file is not whole.
    let chunks = chunks.inspect(|chunk| {
        if let Err(error) = chunk {
            tracing::error!(%error, "an export broke off");
        }
    });
    let slug = campaign.campaign.slug.as_str();
    let name = format!("attachment; filename=\"{slug}-pledges.{}\"", format.extension());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(ApiError::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(chunks)).into_response())
}

fn full(full: Full) -> ApiError {
    ApiError::new(Code::Busy).detail(full.to_string()).retry_after(export::LATER)
}

fn explain(error: ExportError) -> ApiError {
    match error {
        ExportError::Store(error) => error.into(),
        ExportError::TooLong => ApiError::new(Code::Busy)
            .detail("The file was not written in time. Limit its rows by a filter, or take CSV.")
            .retry_after(export::LATER),
        other => ApiError::internal(other),
    }
}

/// Why a file that has begun is not whole, for whoever asks how far it is.
fn broken(error: &ExportError) -> &'static str {
    match error {
        ExportError::TooLong => {
            "The file was not taken in time. Limit its rows by a filter, or take it over a faster network."
        }
        _ => "The server could not read every row. Try again; if it stays so, its log says why.",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::organizer::Role;

    fn columns(role: Role, names: &str, people: bool) -> Result<Vec<&'static str>, Code> {
        let caller = Caller { role, ..Caller::command_line() };
        let columns = Columns::parse(names).unwrap();
        let asked = Asked { columns, people, mark: false, id: None };
        let columns = asked.columns_for(&caller).map_err(|error| error.code())?;
        Ok(columns.names())
    }

    #[test]
    fn people_are_for_roles_that_may_see_them_and_the_rest_is_for_all() {
        for role in Role::ALL {
            let seen = columns(role, "email,id,message", true).unwrap();
            match role {
                Role::Analyst => assert_eq!(seen, ["id"]),
                _ => assert_eq!(seen, ["email", "id", "message"]),
            }
            assert_eq!(columns(role, "email,id", false), Ok(vec!["id"]));
        }
        assert_eq!(columns(Role::Analyst, "name,email", true), Err(Code::Forbidden));
    }
}
