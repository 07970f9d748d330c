//! What organizers and the start of a server change.

use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{count, queries, unavailable};
use crate::store::Result;

/// Raises one of the numbers of `meta`.
pub(super) async fn next(connection: &mut SqliteConnection, name: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(queries::META_NEXT).bind(name).fetch_one(connection).await
}

pub(super) async fn next_epoch(writer: &SqlitePool, now: Timestamp) -> Result<u64> {
    let epoch = sqlx::query_scalar(queries::META_NEW_EPOCH).bind(now.as_second());
    returned(writer, async |tx| epoch.fetch_one(tx).await).await.map(count)
}

/// Whether nobody did what is done in this hour.
pub(super) async fn claim_hour(writer: &SqlitePool, now: Timestamp) -> Result<bool> {
    sqlx::query(queries::META_CLAIM_HOUR)
        .bind(now.as_second().div_euclid(3600))
        .execute(writer)
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(unavailable)
}

/// Fails where the disk takes no writes.
pub(super) async fn probe(writer: &SqlitePool) -> Result<()> {
    returned(writer, async |tx| next(tx, "probe").await).await.map(drop)
}

/// What a writing statement returned, once that is committed. Never without a transaction: such a
/// statement would commit when it is reset, after its row was read, and nobody would hear that it
/// failed. After an error the connection is thrown away with whatever state it is in.
pub(super) async fn returned<T>(
    writer: &SqlitePool,
    statement: impl AsyncFnOnce(&mut SqliteConnection) -> sqlx::Result<T>,
) -> Result<T> {
    let mut connection = writer.acquire().await.map_err(unavailable)?;
    let work = async {
        let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
        let value = statement(&mut tx).await?;
        tx.commit().await?;
        Ok(value)
    };
    let done = work.await;
    if done.is_err() {
        connection.close_on_drop();
    }
    done.map_err(unavailable)
}
