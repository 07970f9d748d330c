//! Deletes what may no longer be kept. Looks for it on the read pool and deletes in small bites,
//! so that people who sign meanwhile do not wait.

use jiff::Timestamp;
use sqlx::SqlitePool;

use super::record::hex;
use super::{queries, unavailable};
use crate::store::{
    CampaignId, EXPIRE_BITE as BITE, EXPIRE_PLATE as PLATE, Expired, REQUESTS_KEPT, Result, due,
};

/// Returns how many people of which campaigns were deleted.
pub(super) async fn expire(
    readers: &SqlitePool,
    writer: &SqlitePool,
    now: Timestamp,
) -> Result<Expired> {
    let deleted = people(readers, writer, now.as_millisecond()).await.map_err(unavailable)?;
    let before = (now - REQUESTS_KEPT).as_millisecond();
    requests(readers, writer, before).await.map_err(unavailable)?;
    Ok(deleted)
}

async fn people(readers: &SqlitePool, writer: &SqlitePool, now: i64) -> sqlx::Result<Expired> {
    sqlx::query(queries::PEOPLE_ADOPT).execute(writer).await?;
    let campaigns: Vec<(i64, Option<i64>, i64)> =
        sqlx::query_as(queries::CAMPAIGNS_RETENTION).fetch_all(readers).await?;
    let mut expired = Expired::default();
    for (campaign, closes, days) in campaigns {
        let Some(until) = due(closes, days, now) else { continue };
        let deleted = people_of(readers, writer, campaign, until).await?;
        if deleted > 0 {
            expired.0.push((CampaignId(campaign), deleted));
        }
    }
    Ok(expired)
}

/// Those of a campaign who signed until then.
async fn people_of(
    readers: &SqlitePool,
    writer: &SqlitePool,
    campaign: i64,
    until: i64,
) -> sqlx::Result<u64> {
    let mut deleted = 0;
    loop {
        let ids: Vec<i64> = sqlx::query_scalar(queries::PEOPLE_EXPIRED)
            .bind(campaign)
            .bind(until)
            .bind(PLATE)
            .fetch_all(readers)
            .await?;
        for bite in ids.chunks(BITE) {
            let list = serde_json::json!(bite).to_string();
            let done = sqlx::query(queries::PEOPLE_DELETE).bind(list).execute(writer).await?;
            deleted += done.rows_affected();
        }
        if (ids.len() as i64) < PLATE {
            return Ok(deleted);
        }
    }
}

async fn requests(readers: &SqlitePool, writer: &SqlitePool, before: i64) -> sqlx::Result<()> {
    loop {
        let keys: Vec<Vec<u8>> = sqlx::query_scalar(queries::REQUESTS_EXPIRED)
            .bind(before)
            .bind(PLATE)
            .fetch_all(readers)
            .await?;
        for bite in keys.chunks(BITE) {
            let bite: Vec<String> = bite.iter().map(|key| hex(key)).collect();
            let list = serde_json::json!(bite).to_string();
            sqlx::query(queries::REQUESTS_DELETE).bind(list).execute(writer).await?;
        }
        if (keys.len() as i64) < PLATE {
            return Ok(());
        }
    }
}
