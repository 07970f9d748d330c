//! What organizers and the start of a server change.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::{broken, count, queries, unavailable};
use crate::campaign::Campaign;
use crate::store::{Applied, Result};

/// Two that apply campaigns at once do it one after the other: of two new ones with one slug, the
/// second is an update.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(7011968842261)";

pub(super) async fn apply_campaign(
    writer: &PgPool,
    campaign: &Campaign,
    now: Timestamp,
) -> Result<Applied> {
    let settings = serde_json::to_string(campaign).map_err(broken)?;
    apply(writer, campaign, &settings, now.as_millisecond()).await.map_err(unavailable)
}

async fn apply(
    writer: &PgPool,
    campaign: &Campaign,
    settings: &str,
    now: i64,
) -> sqlx::Result<Applied> {
    let mut tx = writer.begin().await?;
    sqlx::query(ONE_AT_A_TIME).execute(&mut *tx).await?;
    let stored: Option<(i64, String)> = sqlx::query_as(queries::CAMPAIGNS_SETTINGS)
        .bind(campaign.slug.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    let milliseconds = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
    let (opens, closes) = (milliseconds(campaign.opens), milliseconds(campaign.closes));
    let retention = i64::from(campaign.privacy.retention_days);
    let applied = match stored {
        Some((_, before)) if before == settings => return Ok(Applied::Unchanged),
        Some((id, _)) => {
            sqlx::query(queries::CAMPAIGNS_UPDATE)
                .bind(id)
                .bind(settings)
                .bind(opens)
                .bind(closes)
                .bind(retention)
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
                .bind(retention)
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
