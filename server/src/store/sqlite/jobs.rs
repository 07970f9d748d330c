//! Work in the background: what was found so far, and the one step that takes it out of the number.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection, SqlitePool};

use super::audit;
use super::moves::{self, whole};
use super::queries::queries;
use super::record::json;
use super::{count, unavailable};
use crate::store::audit::Entry;
use crate::store::moves::{Held, Moves};
use crate::store::supporters::{Acted, Apart, Job, Lease, NewJob, Place, Progress};
use crate::store::{CampaignId, Counters, Result};

queries! {
    BULK_JOBS_CHANGED = "bulk_jobs.changed.sql";
    BULK_JOBS_CLAIM = "bulk_jobs.claim.sql";
    BULK_JOBS_FINISH = "bulk_jobs.finish.sql";
    BULK_JOBS_GET = "bulk_jobs.get.sql";
    BULK_JOBS_INSERT = "bulk_jobs.insert.sql";
    BULK_JOBS_LIST = "bulk_jobs.list.sql";
    BULK_JOBS_PROGRESS = "bulk_jobs.progress.sql";
    BULK_JOBS_UNDO = "bulk_jobs.undo.sql";
    BULK_JOBS_WAITING = "bulk_jobs.waiting.sql";
    BULK_PLEDGES_INSERT = "bulk_pledges.insert.sql";
    BULK_PLEDGES_KEEP = "bulk_pledges.keep.sql";
    BULK_PLEDGES_LIST = "bulk_pledges.list.sql";
    BULK_PLEDGES_TAKE_OVER = "bulk_pledges.take_over.sql";
}

pub(super) async fn create(
    writer: &SqlitePool,
    job: NewJob,
    now: Timestamp,
    entry: &Entry,
) -> Result<i64> {
    whole(writer, async |tx| {
        let id = sqlx::query_scalar(BULK_JOBS_INSERT)
            .bind(job.campaign.0)
            .bind(job.preview)
            .bind(&job.filter)
            .bind(&job.reason)
            .bind(i64::try_from(job.out_of).unwrap_or(i64::MAX))
            .bind(&job.created_by)
            .bind(now.as_millisecond())
            .fetch_one(&mut *tx)
            .await?;
        audit::append(tx, &entry.numbered(id)).await?;
        Ok(id)
    })
    .await
}

pub(super) async fn list(readers: &SqlitePool, campaign: CampaignId) -> Result<Vec<Job>> {
    let rows = sqlx::query(BULK_JOBS_LIST).bind(campaign.0).fetch_all(readers).await;
    rows.and_then(|rows| rows.iter().map(job).collect()).map_err(unavailable)
}

pub(super) async fn get(
    readers: &SqlitePool,
    campaign: CampaignId,
    id: i64,
) -> Result<Option<Job>> {
    let row = sqlx::query(BULK_JOBS_GET).bind(campaign.0).bind(id).fetch_optional(readers).await;
    row.and_then(|row| row.as_ref().map(job).transpose()).map_err(unavailable)
}

pub(super) async fn claim(
    readers: &SqlitePool,
    writer: &SqlitePool,
    lease: Lease,
) -> Result<Option<Job>> {
    let waiting: bool = sqlx::query_scalar(BULK_JOBS_WAITING)
        .bind(lease.now.as_millisecond())
        .bind(lease.worker)
        .fetch_one(readers)
        .await
        .map_err(unavailable)?;
    if !waiting {
        return Ok(None);
    }
    whole(writer, async |tx| {
        let row = sqlx::query(BULK_JOBS_CLAIM)
            .bind(lease.now.as_millisecond())
            .bind(lease.until.as_millisecond())
            .bind(lease.worker)
            .fetch_optional(tx)
            .await?;
        row.as_ref().map(job).transpose()
    })
    .await
}

pub(super) async fn progress(
    writer: &SqlitePool,
    job: &Job,
    done: Progress,
    lease: Lease,
) -> Result<bool> {
    whole(writer, async |tx| {
        let kept = sqlx::query(BULK_JOBS_PROGRESS)
            .bind(job.id)
            .bind(lease.worker)
            .bind(done.reached.signed_at)
            .bind(done.reached.id)
            .bind(i64::try_from(done.looked_at).unwrap_or(i64::MAX))
            .bind(i64::try_from(done.matched.len()).unwrap_or(i64::MAX))
            .bind(lease.until.as_millisecond())
            .execute(&mut *tx)
            .await?;
        let mine = kept.rows_affected() == 1;
        if mine && !job.preview && !done.matched.is_empty() {
            let list = json(&done.matched)?;
            sqlx::query(BULK_PLEDGES_INSERT).bind(job.id).bind(list).execute(&mut *tx).await?;
        }
        Ok(mine)
    })
    .await
}

/// The number comes down once: everybody who was found leaves it here, and the log says how many.
pub(super) async fn finish(
    tx: &mut SqliteConnection,
    job: &Job,
    failed: bool,
    lease: Lease,
    entry: &Entry,
) -> sqlx::Result<Option<Counters>> {
    let finished = sqlx::query(BULK_JOBS_FINISH)
        .bind(job.id)
        .bind(lease.worker)
        .bind(if failed { "failed" } else { "done" })
        .bind(lease.now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    if finished.rows_affected() == 0 || job.preview {
        return Ok(None);
    }
    let (changed, counters) = if failed { (0, None) } else { take_out(tx, job, lease).await? };
    audit::append(tx, &entry.with("changed", changed)).await?;
    Ok(counters)
}

async fn take_out(
    tx: &mut SqliteConnection,
    job: &Job,
    lease: Lease,
) -> sqlx::Result<(u64, Option<Counters>)> {
    let mut held = found(tx, job.campaign, job.id).await?;
    held.retain(Held::is_counted);
    let list = moves::ids(&held)?;
    sqlx::query(BULK_PLEDGES_KEEP).bind(job.id).bind(&list).execute(&mut *tx).await?;
    if held.is_empty() {
        return Ok((0, None));
    }
    let changed = i64::try_from(held.len()).unwrap_or(i64::MAX);
    sqlx::query(BULK_JOBS_CHANGED).bind(job.id).bind(changed).execute(&mut *tx).await?;
    sqlx::query(BULK_PLEDGES_TAKE_OVER).bind(job.id).execute(&mut *tx).await?;
    moves::flip(tx, &list, Some(Apart::Invalidated.as_str())).await?;
    let counters = moves::apply(tx, job.campaign, Moves::all(&held, -1), lease.now).await?;
    let ids: Vec<i64> = held.iter().map(|held| held.id).collect();
    moves::tell(tx, &ids, -1, "invalidated", lease.now).await?;
    Ok((count(changed), Some(counters)))
}

pub(super) async fn undo(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    id: i64,
    now: Timestamp,
    entry: &Entry,
) -> sqlx::Result<Acted> {
    let undone = sqlx::query(BULK_JOBS_UNDO).bind(campaign.0).bind(id).execute(&mut *tx).await?;
    if undone.rows_affected() == 0 {
        let there = sqlx::query(BULK_JOBS_GET).bind(campaign.0).bind(id);
        let there = there.fetch_optional(&mut *tx).await?;
        return Ok(if there.is_some() { Acted::NotFromHere } else { Acted::NotFound });
    }
    let mut held = found(tx, campaign, id).await?;
    held.retain(Held::is_invalidated);
    let counters = put_back(tx, campaign, &held, now).await?;
    let entry = entry.with("changed", held.len()).moved(counters.as_ref());
    audit::append(tx, &entry).await?;
    Ok(Acted::Done(counters))
}

async fn put_back(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    held: &[Held],
    now: Timestamp,
) -> sqlx::Result<Option<Counters>> {
    if held.is_empty() {
        return Ok(None);
    }
    moves::flip(tx, &moves::ids(held)?, None).await?;
    let counters = moves::apply(tx, campaign, Moves::all(held, 1), now).await?;
    let ids: Vec<i64> = held.iter().map(|held| held.id).collect();
    moves::tell(tx, &ids, 1, "restored", now).await?;
    Ok(Some(counters))
}

async fn found(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    job: i64,
) -> sqlx::Result<Vec<Held>> {
    let list: String = sqlx::query_scalar(BULK_PLEDGES_LIST).bind(job).fetch_one(&mut *tx).await?;
    moves::hold(tx, campaign, &list).await
}

fn job(row: &SqliteRow) -> sqlx::Result<Job> {
    let time = |ms: i64| {
        Timestamp::from_millisecond(ms).map_err(|error| sqlx::Error::Decode(Box::new(error)))
    };
    Ok(Job {
        id: row.try_get("id")?,
        campaign: CampaignId(row.try_get("campaign_id")?),
        preview: row.try_get("preview")?,
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        filter: row.try_get("filter")?,
        looked_at: count(row.try_get("looked_at")?),
        out_of: count(row.try_get("out_of")?),
        matched: count(row.try_get("matched")?),
        changed: count(row.try_get("changed")?),
        created_by: row.try_get("created_by")?,
        created_at: time(row.try_get("created_at")?)?,
        finished_at: row.try_get::<Option<i64>, _>("finished_at")?.map(time).transpose()?,
        reached: Place { signed_at: row.try_get("reached_at")?, id: row.try_get("reached")? },
    })
}
