//! The audit log.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{Query, State};
use countersign_shared::admin::Page;
use countersign_shared::admin::account::{AuditEntry, AuditProof};
use countersign_shared::routes;
use http::Method;
use utoipa_axum::routes;

use super::Routes;
use super::access::Rule;
use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission, audit};
use crate::store::audit::Line;

/// What each route asks of its caller.
pub const RULES: &[Rule] = &[
    Rule::new(Method::GET, routes::ADMIN_AUDIT, Permission::Manage),
    Rule::new(Method::GET, routes::ADMIN_AUDIT_PROOF, Permission::Manage),
];

/// So many lines are a page.
const PAGE: i64 = 50;

pub fn routes() -> Routes {
    Routes::new().routes(routes!(list)).routes(routes!(proof))
}

/// Where to go on.
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct After {
    /// The `next` of the page before.
    after: Option<i64>,
}

/// What was done in this organization, newest first.
#[utoipa::path(
    get,
    path = routes::ADMIN_AUDIT,
    tag = "team",
    params(After),
    security(("token" = []), ("session" = [])),
    responses((status = 200, description = "A page of the log", body = Page<AuditEntry>))
)]
pub async fn list(
    State(web): State<Arc<Web>>,
    caller: Caller,
    Query(page): Query<After>,
) -> Result<Answer<Page<AuditEntry>>, ApiError> {
    let before = page.after.unwrap_or(i64::MAX);
    let lines = web.app.store.lines_before(caller.organization, before, PAGE).await?;
    let whole = lines.len() as i64 == PAGE;
    let next = lines.last().filter(|_| whole).map(|line| line.id.to_string());
    Ok(Answer(Page { items: lines.into_iter().map(entry).collect(), next }))
}

/// Whether the whole log is as it was written. The walk is made once a minute at most.
#[utoipa::path(
    get,
    path = routes::ADMIN_AUDIT_PROOF,
    tag = "team",
    security(("token" = []), ("session" = [])),
    responses((status = 200, description = "What a walk over the log found", body = AuditProof))
)]
pub async fn proof(
    State(web): State<Arc<Web>>,
    caller: Caller,
) -> Result<Answer<AuditProof>, ApiError> {
    let proof = audit::proof(&web.app).await?;
    Ok(Answer(AuditProof {
        // How much others do is theirs to know.
        entries: proof.of.get(&caller.organization).copied().unwrap_or_default(),
        intact: proof.broken_at.is_none(),
        broken_at: proof.broken_at,
    }))
}

fn entry(Line { id, line, .. }: Line) -> AuditEntry {
    AuditEntry {
        id,
        at: line.at.to_string(),
        actor: line.actor,
        action: line.action,
        subject: line.subject,
        detail: line.detail,
    }
}
