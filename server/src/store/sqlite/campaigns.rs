//! Campaigns, made and changed.

use jiff::Timestamp;
use sqlx::SqlitePool;

use super::admin::next;
use super::{SqliteStore, audit, broken, queries, unavailable};
use crate::campaign::Campaign;
use crate::store::audit::Entry;
use crate::store::campaigns::{Campaigns, Expected, Written};
use crate::store::{Applied, OrganizationId, Result};

#[async_trait::async_trait]
impl Campaigns for SqliteStore {
    async fn create_campaign(
        &self,
        organization: OrganizationId,
        campaign: &Campaign,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Written> {
        write(&self.writer, campaign, Expected::Nothing(organization), now, Some(entry)).await
    }

    async fn save_campaign(
        &self,
        campaign: &Campaign,
        revision: Option<i64>,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Written> {
        write(&self.writer, campaign, Expected::Edition(revision), now, Some(entry)).await
    }
}

pub(super) async fn apply_campaign(
    writer: &SqlitePool,
    campaign: &Campaign,
    now: Timestamp,
) -> Result<Applied> {
    Ok(match write(writer, campaign, Expected::Anything, now, None).await? {
        Written::Created => Applied::Created,
        Written::Unchanged => Applied::Unchanged,
        _ => Applied::Updated,
    })
}

async fn write(
    writer: &SqlitePool,
    campaign: &Campaign,
    expected: Expected,
    now: Timestamp,
    entry: Option<&Entry>,
) -> Result<Written> {
    let settings = serde_json::to_string(campaign).map_err(broken)?;
    let now = now.as_millisecond();
    write_as(writer, campaign, &settings, expected, now, entry).await.map_err(unavailable)
}

async fn write_as(
    writer: &SqlitePool,
    campaign: &Campaign,
    settings: &str,
    expected: Expected,
    now: i64,
    entry: Option<&Entry>,
) -> sqlx::Result<Written> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let stored: Option<(i64, String, i64)> = sqlx::query_as(queries::CAMPAIGNS_SETTINGS)
        .bind(campaign.slug.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    let found = stored.as_ref().map(|(_, before, revision)| (before.as_str(), *revision));
    let written = expected.meets(found, settings);
    let (opens, closes) = (campaign.takes_from(), campaign.closes.map(Timestamp::as_millisecond));
    let retention = campaign.privacy.retention_days;
    match (written, &stored) {
        (Written::Updated, Some((id, ..))) => {
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
        }
        (Written::Created, None) => {
            let id: i64 = sqlx::query_scalar(queries::CAMPAIGNS_INSERT)
                .bind(campaign.slug.as_str())
                .bind(settings)
                .bind(opens)
                .bind(closes)
                .bind(retention)
                .bind(now)
                .bind(expected.owner())
                .fetch_one(&mut *tx)
                .await?;
            sqlx::query(queries::CAMPAIGN_TOTALS_CREATE).bind(id).execute(&mut *tx).await?;
        }
        _ => return Ok(written),
    }
    next(&mut tx, "revision").await?;
    if let Some(entry) = entry {
        audit::append(&mut tx, entry).await?;
    }
    tx.commit().await?;
    Ok(written)
}
