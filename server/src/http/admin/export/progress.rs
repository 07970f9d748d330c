//! `GET …/exports/{id}`: how far an export is, for whoever started it.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{FromRequestParts, RawPathParams, State};
use countersign_shared::admin::exports::ExportProgress;
use countersign_shared::{Code, Problem, routes};
use http::request::Parts;

use crate::export::ExportId;
use crate::http::error::ApiError;
use crate::http::public::campaign::Found;
use crate::http::web::Web;
use crate::organizer::Caller;

/// The `{id}` of an export. What cannot be one is nowhere: 404.
pub struct Named(ExportId);

impl FromRequestParts<Arc<Web>> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let missing = || ApiError::new(Code::NotFound);
        let params = RawPathParams::from_request_parts(parts, web).await.map_err(|_| missing())?;
        let id = params.iter().find(|(name, _)| *name == "id");
        id.and_then(|(_, id)| ExportId::parse(id)).map(Self).ok_or_else(missing)
    }
}

/// How far an export is that you began with this id. Each node knows those that it gives itself, until
/// some minutes after their end.
#[utoipa::path(
    get,
    path = routes::ADMIN_EXPORT,
    tag = "organizers",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("id" = String, Path, description = "As it was given as `export` when the file was asked for"),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "How far it is", body = ExportProgress),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The caller's role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "This node has no such export of yours: it has not begun, it ended a while ago, or another node gives it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Found(campaign): Found,
    Named(id): Named,
) -> Result<Answer<ExportProgress>, ApiError> {
    let progress = web.app.board.find(&caller, campaign.id, id);
    progress.map(Answer).ok_or_else(|| ApiError::new(Code::NotFound))
}
