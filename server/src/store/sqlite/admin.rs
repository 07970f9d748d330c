//! What organizers and the start of a server change.

use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{broken, count, queries, unavailable};
use crate::campaign::Campaign;
use crate::store::{Applied, Result};

pub(super) async fn apply_campaign(
    writer: &SqlitePool,
    campaign: &Campaign,
    now: Timestamp,
) -> Result<Applied> {
    let settings = serde_json::to_string(campaign).map_err(broken)?;
    apply(writer, campaign, &settings, now.as_millisecond()).await.map_err(unavailable)
}

async fn apply(
    writer: &SqlitePool,
    campaign: &Campaign,
    settings: &str,
    now: i64,
) -> sqlx::Result<Applied> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let stored: Option<(i64, String)> = sqlx::query_as(queries::CAMPAIGNS_SETTINGS)
        .bind(campaign.slug.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    let milliseconds = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
    let (opens, closes) = (milliseconds(campaign.opens), milliseconds(campaign.closes));
    let applied = match stored {
        Some((_, before)) if before == settings => return Ok(Applied::Unchanged),
        Some((id, _)) => {
            sqlx::query(queries::CAMPAIGNS_UPDATE)
                .bind(id)
                .bind(settings)
                .bind(opens)
                .bind(closes)
                .bind(campaign.privacy.retention_days)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            // Another goal, another number to show: readers must not keep the old answer.
            sqlx::query(queries::CAMPAIGN_TOTALS_TOUCH).bind(id).execute(&mut *tx).await?;
            Applied::Updated
        }
        None => {
            let id: i64 = sqlx::query_scalar(queries::CAMPAIGNS_INSERT)
                .bind(campaign.slug.as_str())
                .bind(settings)
                .bind(opens)
                .bind(closes)
                .bind(campaign.privacy.retention_days)
                .bind(now)
                .fetch_one(&mut *tx)
                .await?;
            sqlx::query(queries::CAMPAIGN_TOTALS_CREATE).bind(id).execute(&mut *tx).await?;
            Applied::Created
        }
    };
    next(&mut tx, "revision").await?;
    tx.commit().await?;
    Ok(applied)
}

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
