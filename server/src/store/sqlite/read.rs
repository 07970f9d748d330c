//! What is read by the pool.

use countersign_shared::Country;
use jiff::Timestamp;
use sqlx::{Connection as _, SqlitePool};

use super::{broken, count, queries, unavailable};
use crate::store::{
    Bucket, CampaignId, Counters, HistoryPoint, Result, StoreError, StoredCampaign,
};

pub(super) async fn campaigns(readers: &SqlitePool) -> Result<Vec<StoredCampaign>> {
    let rows: Vec<(i64, i64, String)> =
        sqlx::query_as(queries::CAMPAIGNS_LIST).fetch_all(readers).await.map_err(unavailable)?;
    rows.into_iter()
        .map(|(id, revision, settings)| {
            let campaign = serde_json::from_str(&settings).map_err(broken)?;
            Ok(StoredCampaign { id: CampaignId(id), revision, campaign })
        })
        .collect()
}

pub(super) async fn revision(readers: &SqlitePool) -> Result<i64> {
    sqlx::query_scalar(queries::META_REVISION).fetch_one(readers).await.map_err(unavailable)
}

pub(super) async fn find_token(readers: &SqlitePool, hash: [u8; 32]) -> Result<Option<String>> {
    sqlx::query_scalar(queries::API_TOKENS_FIND)
        .bind(hash.as_slice())
        .fetch_optional(readers)
        .await
        .map_err(unavailable)
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

pub(super) fn country(code: &str) -> Result<Country> {
    Country::parse(code).map_err(|_| broken(format!("{code:?} is stored and no country")))
}

pub(super) async fn history(
    readers: &SqlitePool,
    campaign: CampaignId,
    bucket: Bucket,
    since: Timestamp,
) -> Result<Vec<HistoryPoint>> {
    let minutes = match bucket {
        Bucket::Minute => 1,
        Bucket::Hour => 60,
        Bucket::Day => 60 * 24,
    };
    let first = since.as_second().div_euclid(60 * minutes);
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(queries::MINUTE_TOTALS_HISTORY)
        .bind(campaign.0)
        .bind(minutes)
        .bind(first)
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
