//! `GET /api/v1/admin/campaigns/{slug}/pledges.csv | .ndjson | .xlsx`: the pledges, to take away.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse as _, Response};
use countersign_shared::{Code, FieldError, Problem, routes};
use futures_util::StreamExt as _;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, header};
use serde_json::json;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use super::filtered::Filtered;
use crate::export::{self, Chunks, Columns, ExportError, Format};
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::public::widget_state::query;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, audit};
use crate::store::StoredCampaign;

/// How many rows there will be, about: people sign meanwhile.
const ROWS: HeaderName = HeaderName::from_static("countersign-rows");

/// What each route asks of its caller. Those who may not see people get the rest.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::EXPORT_CSV, Permission::View),
    Rule::new(Method::GET, routes::EXPORT_NDJSON, Permission::View),
    Rule::new(Method::GET, routes::EXPORT_XLSX, Permission::View),
];

pub fn routes() -> Routes {
    Routes::new().routes(routes!(csv)).routes(routes!(ndjson)).routes(routes!(xlsx))
}

/// What the query string asks for.
pub struct Asked {
    columns: Columns,
    people: bool,
}

impl FromRequestParts<Arc<Web>> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Web>) -> Result<Self, ApiError> {
        let fault = |field, code| ApiError::fields(vec![FieldError::new(field, code)]);
        let columns = match query(parts, "columns") {
            Some(names) => Columns::parse(&names),
            None => Some(Columns::all()),
        };
        let people = match query(parts, "people").as_deref() {
            None | Some("true") => true,
            Some("false") => false,
            Some(_) => return Err(fault("people", Code::FieldInvalid)),
        };
        let columns = columns.ok_or_else(|| fault("columns", Code::FieldUnknown))?;
        Ok(Self { columns, people })
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
        ("state" = Option<String>, Query, description = "This, and every other field of the filter of supporters, limits the rows"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "RFC 4180, UTF-8, safe to open in a spreadsheet. Without a filter, `Countersign-Rows` says how many rows to expect", content_type = "text/csv", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A column that does not exist", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn csv(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    asked: Asked,
    Filtered { filter, asked: fields }: Filtered,
) -> Result<Response, ApiError> {
    let columns = asked.columns_for(&caller)?;
    let chunks =
        export::csv(&web.app, &campaign, columns.clone(), filter).await.map_err(explain)?;
    download(
        &web,
        &caller,
        &campaign,
        File { format: Format::Csv, columns: &columns, fields },
        chunks,
    )
    .await
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
        ("state" = Option<String>, Query, description = "This, and every other field of the filter of supporters, limits the rows"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "One object a line. Without a filter, `Countersign-Rows` says how many to expect", content_type = "application/x-ndjson", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A column that does not exist", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ndjson(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    asked: Asked,
    Filtered { filter, asked: fields }: Filtered,
) -> Result<Response, ApiError> {
    let columns = asked.columns_for(&caller)?;
    let chunks =
        export::ndjson(&web.app, &campaign, columns.clone(), filter).await.map_err(explain)?;
    download(
        &web,
        &caller,
        &campaign,
        File { format: Format::Ndjson, columns: &columns, fields },
        chunks,
    )
    .await
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
        ("state" = Option<String>, Query, description = "This, and every other field of the filter of supporters, limits the rows"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "Strings are strings, never formulas; over 1,048,576 rows there are more sheets", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A column that does not exist", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn xlsx(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    asked: Asked,
    Filtered { filter, asked: fields }: Filtered,
) -> Result<Response, ApiError> {
    let columns = asked.columns_for(&caller)?;
    let book = export::xlsx(&web.app, &campaign, columns.clone(), filter).await.map_err(explain)?;
    let length = HeaderValue::from(book.length);
    let mut answer = download(
        &web,
        &caller,
        &campaign,
        File { format: Format::Xlsx, columns: &columns, fields },
        book.chunks(),
    )
    .await?;
    answer.headers_mut().insert(header::CONTENT_LENGTH, length);
    Ok(answer)
}

/// What goes into the file, for the audit log.
struct File<'a> {
    format: Format,
    columns: &'a Columns,
    /// The fields of the filter that were given.
    fields: Vec<&'static str>,
}

async fn download(
    web: &Web,
    caller: &Caller,
    campaign: &StoredCampaign,
    file: File<'_>,
    chunks: Chunks,
) -> Result<Response, ApiError> {
    let File { format, columns, fields } = file;
    let slug = campaign.campaign.slug.as_str();
    let (rows, _) = web.app.store.stored_pledges(campaign.id).await?;
    // Before the first byte: what cannot be written down is not given away.
    let detail = json!({
        "format": format.extension(), "columns": columns.names(), "people": columns.hold_people(),
        "filter": fields, "rows": if fields.is_empty() { json!(rows) } else { json!(null) },
    });
    audit::note(&web.app, caller, "export", slug, detail).await?;
    // The head is sent by then: cutting the connection is what tells that the file is not whole.
    let chunks = chunks.inspect(|chunk| {
        if let Err(error) = chunk {
            tracing::error!(%error, "an export broke off");
        }
    });
    let name = format!("attachment; filename=\"{slug}-pledges.{}\"", format.extension());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(ApiError::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let mut answer = (headers, Body::from_stream(chunks)).into_response();
    // How many a filter finds is known at the end only.
    if fields.is_empty() {
        answer.headers_mut().insert(ROWS, HeaderValue::from(rows));
    }
    Ok(answer)
}

fn explain(error: ExportError) -> ApiError {
    match error {
        ExportError::Store(error) => error.into(),
        other => ApiError::internal(other),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::organizer::Role;

    fn columns(role: Role, names: &str, people: bool) -> Result<Vec<&'static str>, Code> {
        let caller = Caller { role, ..Caller::command_line() };
        let asked = Asked { columns: Columns::parse(names).unwrap(), people };
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
