//! What is read by the pool.

use jiff::Timestamp;
use sqlx::{Connection as _, PgConnection, PgPool};

use super::{broken, count, queries, unavailable};
use crate::store::{
    Bucket, CampaignId, Counters, HistoryPoint, OrganizationId, Pulse, Result, StoreError,
    StoredCampaign, country,
};

/// One moment for all that is read.
pub(super) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

pub(super) async fn campaigns(readers: &PgPool) -> Result<Vec<StoredCampaign>> {
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(queries::CAMPAIGNS_LIST).fetch_all(readers).await.map_err(unavailable)?;
    rows.into_iter()
        .map(|(id, organization, revision, settings)| {
            let campaign = serde_json::from_str(&settings).map_err(broken)?;
            let organization = OrganizationId(organization);
            Ok(StoredCampaign { id: CampaignId(id), organization, revision, campaign })
        })
        .collect()
}

pub(super) async fn pulse(readers: &PgPool) -> Result<Pulse> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as(queries::META_PULSE).fetch_all(readers).await.map_err(unavailable)?;
    Ok(Pulse::of(rows))
}

pub(super) async fn sequences(readers: &PgPool) -> Result<Vec<(CampaignId, u64)>> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(queries::CAMPAIGN_TOTALS_SEQUENCES)
        .fetch_all(readers)
        .await
        .map_err(unavailable)?;
    Ok(rows.into_iter().map(|(id, seq)| (CampaignId(id), count(seq))).collect())
}

pub(super) async fn counters(readers: &PgPool, campaign: CampaignId) -> Result<Counters> {
    let mut connection = readers.acquire().await.map_err(unavailable)?;
    let mut snapshot = connection.begin_with(SNAPSHOT).await.map_err(unavailable)?;
    let counters = counters_in(&mut snapshot, campaign).await?;
    snapshot.commit().await.map_err(unavailable)?;
    Ok(counters)
}

async fn counters_in(snapshot: &mut PgConnection, campaign: CampaignId) -> Result<Counters> {
    let totals: Option<(i64, i64, Option<String>)> = sqlx::query_as(queries::CAMPAIGN_TOTALS_GET)
        .bind(campaign.0)
        .fetch_optional(&mut *snapshot)
        .await
        .map_err(unavailable)?;
    let (total, seq, reason) = totals.ok_or(StoreError::UnknownCampaign)?;
    let countries: Vec<(String, i64)> = sqlx::query_as(queries::COUNTRY_TOTALS_GET)
        .bind(campaign.0)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(unavailable)?;
    let countries = countries
        .into_iter()
        .map(|(code, counted)| Ok((country(&code)?, count(counted))))
        .collect::<Result<_>>()?;
    Ok(Counters { seq: count(seq), total: count(total), countries, reason })
}

pub(super) async fn history(
    readers: &PgPool,
    campaign: CampaignId,
    bucket: Bucket,
    since: Timestamp,
) -> Result<Vec<HistoryPoint>> {
    let minutes = bucket.minutes();
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(queries::MINUTE_TOTALS_HISTORY)
        .bind(campaign.0)
        .bind(minutes)
        .bind(bucket.number(since))
        .fetch_all(readers)
        .await
        .map_err(unavailable)?;
    rows.into_iter()
        .map(|(number, counted, total)| {
            let start = Timestamp::from_second(number * minutes * 60).map_err(broken)?;
            Ok(HistoryPoint { start, counted: count(counted), total: count(total) })
        })
        .collect()
}
