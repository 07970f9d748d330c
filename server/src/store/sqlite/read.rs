//! What is read by the pool.

use jiff::Timestamp;
use sqlx::{Connection as _, SqlitePool};

use super::{broken, count, queries, unavailable};
use crate::store::{
    Bucket, CampaignId, Counters, HistoryPoint, OrganizationId, Pulse, Result, StoreError,
    StoredCampaign, country,
};

pub(super) async fn campaigns(readers: &SqlitePool) -> Result<Vec<StoredCampaign>> {
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

pub(super) async fn pulse(readers: &SqlitePool) -> Result<Pulse> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as(queries::META_PULSE).fetch_all(readers).await.map_err(unavailable)?;
    Ok(Pulse::of(rows))
}

pub(super) async fn sequences(readers: &SqlitePool) -> Result<Vec<(CampaignId, u64)>> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(queries::CAMPAIGN_TOTALS_SEQUENCES)
        .fetch_all(readers)
        .await
        .map_err(unavailable)?;
    Ok(rows.into_iter().map(|(id, seq)| (CampaignId(id), count(seq))).collect())
}

/// One transaction, so that the total is the sum of the countries.
pub(super) async fn counters(readers: &SqlitePool, campaign: CampaignId) -> Result<Counters> {
    let mut connection = readers.acquire().await.map_err(unavailable)?;
    let mut snapshot = connection.begin().await.map_err(unavailable)?;
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
    snapshot.commit().await.map_err(unavailable)?;
    let countries = countries
        .into_iter()
        .map(|(code, counted)| Ok((country(&code)?, count(counted))))
        .collect::<Result<_>>()?;
    Ok(Counters { seq: count(seq), total: count(total), countries, reason })
}

pub(super) async fn history(
    readers: &SqlitePool,
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
