//! What organizers and the start of a server change.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::{count, queries, unavailable};
use crate::store::Result;

/// Raises one of the numbers of `meta`.
pub(super) async fn next(connection: &mut PgConnection, name: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(queries::META_NEXT).bind(name).fetch_one(connection).await
}

pub(super) async fn next_epoch(writer: &PgPool, now: Timestamp) -> Result<u64> {
    sqlx::query_scalar(queries::META_NEW_EPOCH)
        .bind(now.as_second())
        .fetch_one(writer)
        .await
        .map(count)
        .map_err(unavailable)
}

/// Whether nobody did what is done in this hour.
pub(super) async fn claim_hour(writer: &PgPool, now: Timestamp) -> Result<bool> {
    sqlx::query(queries::META_CLAIM_HOUR)
        .bind(now.as_second().div_euclid(3600))
        .execute(writer)
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(unavailable)
}

/// Fails where the server takes no writes: gone, read-only, or full.
pub(super) async fn probe(writer: &PgPool) -> Result<()> {
    let mut connection = writer.acquire().await.map_err(unavailable)?;
    next(&mut connection, "probe").await.map(drop).map_err(unavailable)
}

/// What several statements of one transaction returned, once that is committed.
pub(super) async fn returned<T>(
    writer: &PgPool,
    statements: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
) -> Result<T> {
    let work = async {
        let mut tx = writer.begin().await?;
        let value = statements(&mut tx).await?;
        tx.commit().await?;
        Ok(value)
    };
    work.await.map_err(unavailable)
}
