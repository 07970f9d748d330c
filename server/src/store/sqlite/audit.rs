//! What organizers did, each line bound to the one before.

use super::admin::returned;
use super::queries::queries;
use super::{SqliteStore, unavailable};
use crate::store::audit::{AuditLog, Head, Line, Link, NewLine, Row};
use crate::store::{OrganizationId, Result};

queries! {
    AUDIT_LOG_AFTER = "audit_log.after.sql";
    AUDIT_LOG_APPEND = "audit_log.append.sql";
    AUDIT_LOG_BEFORE = "audit_log.before.sql";
    META_AUDIT_ADVANCE = "meta.audit_advance.sql";
    META_AUDIT_HEAD = "meta.audit_head.sql";
}

#[async_trait::async_trait]
impl AuditLog for SqliteStore {
    async fn append_line(&self, line: &NewLine, link: Link) -> Result<Line> {
        returned(&self.writer, async |tx| {
            let head = sqlx::query_as(META_AUDIT_HEAD).fetch_one(&mut *tx).await.map(Head::read)?;
            let id = head.id + 1;
            let hash = link(&head.hash, id, line);
            sqlx::query(AUDIT_LOG_APPEND)
                .bind(id)
                .bind(line.at.as_millisecond())
                .bind(line.organization.0)
                .bind(&line.actor)
                .bind(&line.action)
                .bind(&line.subject)
                .bind(&line.detail)
                .bind(hash.as_slice())
                .execute(&mut *tx)
                .await?;
            sqlx::query(META_AUDIT_ADVANCE)
                .bind(id)
                .bind(hash.as_slice())
                .execute(&mut *tx)
                .await?;
            Ok(Line { id, line: line.clone(), hash })
        })
        .await
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
