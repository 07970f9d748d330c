//! What organizers did, each line bound to the one before.

use sqlx::PgConnection;

use super::admin::returned;
use super::queries::queries;
use super::{PostgresStore, unavailable};
use crate::store::audit::{AuditLog, Entry, Head, Line, Link, NewLine, Row};
use crate::store::supporters::Acted;
use crate::store::{OrganizationId, Result};

queries! {
    AUDIT_LOG_AFTER = "audit_log.after.sql";
    AUDIT_LOG_APPEND = "audit_log.append.sql";
    AUDIT_LOG_BEFORE = "audit_log.before.sql";
    META_AUDIT_ADVANCE = "meta.audit_advance.sql";
    META_AUDIT_HEAD = "meta.audit_head.sql";
    META_AUDIT_HEAD_LOCKED = "meta.audit_head.postgres.sql";
}

#[async_trait::async_trait]
impl AuditLog for PostgresStore {
    async fn append_line(&self, line: &NewLine, link: Link) -> Result<Line> {
        let entry = Entry { line: line.clone(), link };
        returned(&self.writer, async |tx| append(tx, &entry).await).await
    }

    async fn lines_after(&self, after: i64, limit: i64) -> Result<Vec<Line>> {
        let rows: Vec<Row> = sqlx::query_as(AUDIT_LOG_AFTER)
            .bind(after)
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(rows.into_iter().map(Line::read).collect())
    }

    async fn lines_before(
        &self,
        organization: OrganizationId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Line>> {
        let rows: Vec<Row> = sqlx::query_as(AUDIT_LOG_BEFORE)
            .bind(organization.0)
            .bind(before)
            .bind(limit)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(rows.into_iter().map(Line::read).collect())
    }

    async fn audit_head(&self) -> Result<Head> {
        let row = sqlx::query_as(META_AUDIT_HEAD).fetch_one(&self.readers).await;
        row.map(Head::read).map_err(unavailable)
    }
}

/// Writes a line in the transaction of what it tells. Last in it: all nodes wait for each other here.
pub(super) async fn append(tx: &mut PgConnection, entry: &Entry) -> sqlx::Result<Line> {
    let head = sqlx::query_as(META_AUDIT_HEAD_LOCKED).fetch_optional(&mut *tx).await?;
    // No `RowNotFound`: to whoever changes something, that says that there is no such thing.
    let head = head.ok_or_else(|| sqlx::Error::Protocol("the log has no end".into()))?;
    let head = Head::read(head);
    let (id, new) = (head.id + 1, &entry.line);
    let line = Line { id, line: new.clone(), hash: entry.link.link(&head.hash, id, new) };
    sqlx::query(AUDIT_LOG_APPEND)
        .bind(id)
        .bind(new.at.as_millisecond())
        .bind(new.organization.0)
        .bind(&new.actor)
        .bind(&new.action)
        .bind(&new.subject)
        .bind(&new.detail)
        .bind(line.hash.as_slice())
        .execute(&mut *tx)
        .await?;
    let head = Head::after(&line, &entry.link);
    sqlx::query(META_AUDIT_ADVANCE).bind(id).bind(head).execute(&mut *tx).await?;
    // Without the actor and the subject: logs hold nobody's address.
    tracing::info!(action = new.action, "audit");
    Ok(line)
}

/// [`append`], where something was done.
pub(super) async fn done(tx: &mut PgConnection, done: bool, entry: &Entry) -> sqlx::Result<bool> {
    if done {
        append(tx, entry).await?;
    }
    Ok(done)
}

/// The same for what moves the number: the line says to where.
pub(super) async fn acted(
    tx: &mut PgConnection,
    acted: Acted,
    entry: &Entry,
) -> sqlx::Result<Acted> {
    if let Acted::Done(counters) = &acted {
        append(tx, &entry.moved(counters.as_ref())).await?;
    }
    Ok(acted)
}
