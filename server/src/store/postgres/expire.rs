//! Deletes what may no longer be kept. Looks for it on the read pool and deletes in small bites,
//! so that people who sign meanwhile do not wait. Nodes that do it at once do no harm.

use jiff::Timestamp;
use sqlx::PgPool;

use super::queries::{self, queries};
use super::unavailable;
use crate::store::mails::{CONFIRM_FOR, COUNTED_FOR};
use crate::store::{
    CampaignId, EXPIRE_BITE as BITE, EXPIRE_PLATE as PLATE, Expired, REQUESTS_KEPT, Result, due,
};

queries! {
    MAILS_FORGET_MAILBOXES = "mails.forget_mailboxes.sql";
    PLEDGES_FORGET = "pledges.forget.postgres.sql";
    PLEDGES_UNCONFIRMED = "pledges.unconfirmed.sql";
}

/// Returns how many people of which campaigns were deleted.
pub(super) async fn expire(readers: &PgPool, writer: &PgPool, now: Timestamp) -> Result<Expired> {
    let deleted = people(readers, writer, now.as_millisecond()).await.map_err(unavailable)?;
    let before = (now - REQUESTS_KEPT).as_millisecond();
    requests(readers, writer, before).await.map_err(unavailable)?;
    let before = (now - COUNTED_FOR).as_millisecond();
    loop {
        let forget = sqlx::query(MAILS_FORGET_MAILBOXES).bind(before).bind(BITE as i64);
        let forgotten = forget.execute(writer).await.map_err(unavailable)?.rows_affected();
        if forgotten < BITE as u64 {
            break;
        }
    }
    Ok(deleted)
}

async fn people(readers: &PgPool, writer: &PgPool, now: i64) -> sqlx::Result<Expired> {
    sqlx::query(queries::PEOPLE_ADOPT).execute(writer).await?;
    let campaigns: Vec<(i64, Option<i64>, i64)> =
        sqlx::query_as(queries::CAMPAIGNS_RETENTION).fetch_all(readers).await?;
    let mut expired = Expired::default();
    for (campaign, closes, days) in campaigns {
        let mut deleted = unconfirmed(readers, writer, campaign, now).await?;
        if let Some(until) = due(closes, days, now) {
            deleted += people_of(readers, writer, campaign, until).await?;
        }
        if deleted > 0 {
            expired.0.push((CampaignId(campaign), deleted));
        }
    }
    Ok(expired)
}

/// Those of a campaign who signed until then.
async fn people_of(
    readers: &PgPool,
    writer: &PgPool,
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
            let done = sqlx::query(queries::PEOPLE_DELETE).bind(bite).execute(writer).await?;
            deleted += done.rows_affected();
        }
        if (ids.len() as i64) < PLATE {
            return Ok(deleted);
        }
    }
}

/// Those whose mailbox did not confirm in time, with their pledges.
async fn unconfirmed(
    readers: &PgPool,
    writer: &PgPool,
    campaign: i64,
    now: i64,
) -> sqlx::Result<u64> {
    let until = now - CONFIRM_FOR.as_millis() as i64;
    let mut deleted = 0;
    loop {
        let ids: Vec<i64> = sqlx::query_scalar(PLEDGES_UNCONFIRMED)
            .bind(campaign)
            .bind(until)
            .bind(PLATE)
            .fetch_all(readers)
            .await?;
        for bite in ids.chunks(BITE) {
            let forget = sqlx::query(PLEDGES_FORGET).bind(bite).bind(until);
            deleted += forget.execute(writer).await?.rows_affected();
        }
        if (ids.len() as i64) < PLATE {
            return Ok(deleted);
        }
    }
}

async fn requests(readers: &PgPool, writer: &PgPool, before: i64) -> sqlx::Result<()> {
    loop {
        let keys: Vec<Vec<u8>> = sqlx::query_scalar(queries::REQUESTS_EXPIRED)
            .bind(before)
            .bind(PLATE)
            .fetch_all(readers)
            .await?;
        for bite in keys.chunks(BITE) {
            sqlx::query(queries::REQUESTS_DELETE).bind(bite).execute(writer).await?;
        }
        if (keys.len() as i64) < PLATE {
            return Ok(());
        }
    }
}
