//! The outbox: what is told, who sends it, and what becomes of it.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::super::queries::queries;
use super::super::{audit, count, stored, unavailable};
use crate::store::audit::Entry;
use crate::store::hooks::{Claimed, DELIVERED_KEPT, FAILED_KEPT, FORGET_BITE, Health, Settled};
use crate::store::plan::{self, Told};
use crate::store::{CampaignId, Result};

queries! {
    CAMPAIGNS_GOAL = "campaigns.goal.postgres.sql";
    DELIVERIES_ABANDON = "deliveries.abandon.sql";
    DELIVERIES_CLAIM = "deliveries.claim.postgres.sql";
    DELIVERIES_CLEAR = "deliveries.clear.sql";
    DELIVERIES_ENQUEUE = "deliveries.enqueue.postgres.sql";
    DELIVERIES_FORGET = "deliveries.forget.sql";
    DELIVERIES_GOAL = "deliveries.goal.postgres.sql";
    DELIVERIES_SETTLE = "deliveries.settle.postgres.sql";
    DELIVERIES_TRIM = "deliveries.trim.sql";
    WEBHOOKS_DROPPED = "webhooks.dropped.sql";
    WEBHOOKS_HEALTH = "webhooks.health.postgres.sql";
    WEBHOOKS_IDS = "webhooks.ids.sql";
    WEBHOOKS_OFF = "webhooks.off.sql";
}

/// Writes what a batch of pledges has to tell, in its transaction. The totals are counted up by
/// then.
pub(in crate::store::postgres) async fn tell(
    tx: &mut PgConnection,
    told: &Told,
    now: Timestamp,
) -> sqlx::Result<()> {
    if !told.pledges.is_empty() {
        // Nothing was asked of the mailbox: whoever signed has confirmed.
        let signed = told.pledges.iter().flat_map(|(pledge, number)| {
            ["pledge.signed", "pledge.confirmed"]
                .map(|event| (event, *pledge, Some(stored(*number))))
        });
        messages(tx, signed, None, now).await?;
    }
    if !told.waiting.is_empty() {
        enqueue(tx, "pledge.signed", Some("unconfirmed"), &told.waiting, now).await?;
    }
    if !told.goals.is_empty() {
        reached(tx, &told.goals, now).await?;
    }
    Ok(())
}

/// Tells what became of these pledges, in the transaction that changed them and after the totals
/// moved; before it, where it deletes them. `why` stands in the message as `reason`. Does nothing
/// where nobody listens.
pub(in crate::store::postgres) async fn enqueue(
    tx: &mut PgConnection,
    event: &str,
    why: Option<&str>,
    pledges: &[i64],
    now: Timestamp,
) -> sqlx::Result<()> {
    messages(tx, pledges.iter().map(|pledge| (event, *pledge, None)), why, now).await
}

async fn messages<'a>(
    tx: &mut PgConnection,
    rows: impl Iterator<Item = (&'a str, i64, Option<i64>)>,
    why: Option<&str>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (mut events, mut pledges, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for (event, pledge, number) in rows {
        events.push(event);
        pledges.push(pledge);
        numbers.push(number);
    }
    sqlx::query(DELIVERIES_ENQUEUE)
        .bind(events)
        .bind(pledges)
        .bind(numbers)
        .bind(now.as_millisecond())
        .bind(now.to_string())
        .bind(why)
        .execute(tx)
        .await
        .map(drop)
}

/// Tells that totals passed goals, once a goal, in the transaction that moved them.
async fn reached(
    tx: &mut PgConnection,
    goals: &[(CampaignId, u64)],
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(DELIVERIES_GOAL)
        .bind(goals.iter().map(|(campaign, _)| campaign.0).collect::<Vec<_>>())
        .bind(goals.iter().map(|(_, goal)| stored(*goal)).collect::<Vec<_>>())
        .bind(now.as_millisecond())
        .bind(now.to_string())
        .execute(tx)
        .await
        .map(drop)
}

/// Tells that a total rose past goals in another way than by `record`, in the transaction that
/// moved it. Does nothing where nobody listens.
pub(in crate::store::postgres) async fn rose(
    tx: &mut PgConnection,
    campaign: CampaignId,
    before: u64,
    after: u64,
    now: Timestamp,
) -> sqlx::Result<()> {
    let goal: Option<Option<String>> =
        sqlx::query_scalar(CAMPAIGNS_GOAL).bind(campaign.0).fetch_optional(&mut *tx).await?;
    let goal = goal.and_then(plan::goal);
    let passed = goal.map(|goal| goal.passed(before, after)).unwrap_or_default();
    if passed.is_empty() {
        return Ok(());
    }
    let passed: Vec<_> = passed.into_iter().map(|goal| (campaign, goal)).collect();
    reached(tx, &passed, now).await
}

/// Takes messages for this node to send.
pub(super) async fn claim(
    writer: &PgPool,
    hook: i64,
    now: Timestamp,
    lease: Timestamp,
    limit: u32,
) -> Result<Vec<Claimed>> {
    let claim = async {
        let mut tx = writer.begin().await?;
        let rows: Vec<(String, String, i64)> = sqlx::query_as(DELIVERIES_CLAIM)
            .bind(hook)
            .bind(now.as_millisecond())
            .bind(lease.as_millisecond())
            .bind(i64::from(limit))
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(rows)
    };
    let rows = claim.await.map_err(unavailable)?;
    let claimed = |(id, payload, attempts)| {
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        Claimed { id, payload, attempts }
    };
    Ok(rows.into_iter().map(claimed).collect())
}

/// What became of claimed messages, and how the receiver is.
pub(super) async fn settle(
    writer: &PgPool,
    hook: i64,
    settled: Vec<Settled>,
    (health, entry): (Health, &Entry),
    now: Timestamp,
) -> Result<()> {
    let settle = async {
        let mut tx = writer.begin().await?;
        sqlx::query(DELIVERIES_SETTLE)
            .bind(settled.iter().map(|it| it.id.as_str()).collect::<Vec<_>>())
            .bind(settled.iter().map(|it| it.state).collect::<Vec<_>>())
            .bind(settled.iter().map(|it| i64::from(it.attempts)).collect::<Vec<_>>())
            .bind(settled.iter().map(|it| it.next_at.as_millisecond()).collect::<Vec<_>>())
            .bind(settled.iter().map(|it| it.status.map(i64::from)).collect::<Vec<_>>())
            .bind(settled.iter().map(|it| it.error.as_deref()).collect::<Vec<_>>())
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await?;
        let mut switched_off = false;
        if let Some(why) = &health.disabled {
            sqlx::query(DELIVERIES_ABANDON)
                .bind(hook)
                .bind(why)
                .bind(now.as_millisecond())
                .execute(&mut *tx)
                .await?;
            let off = sqlx::query(WEBHOOKS_OFF).bind(hook).execute(&mut *tx).await?;
            switched_off = off.rows_affected() == 1;
        }
        sqlx::query(WEBHOOKS_HEALTH)
            .bind(hook)
            .bind(health.is_up)
            .bind(health.paused_until.as_millisecond())
            .bind(health.disabled)
            .bind(health.status.map(i64::from))
            .bind(health.error)
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await?;
        audit::done(&mut tx, switched_off, entry).await?;
        tx.commit().await
    };
    settle.await.map_err(unavailable)
}

/// Throws away what is too much, and forgets what is old.
pub(super) async fn tidy(
    readers: &PgPool,
    writer: &PgPool,
    most: u32,
    now: Timestamp,
) -> Result<u64> {
    let tidy = async {
        let hooks: Vec<i64> = sqlx::query_scalar(WEBHOOKS_IDS).fetch_all(readers).await?;
        if hooks.is_empty() {
            return Ok(0);
        }
        let mut dropped = 0;
        for hook in hooks {
            dropped += trim(writer, hook, most).await?;
        }
        forget(writer, "delivered", now - DELIVERED_KEPT).await?;
        forget(writer, "failed", now - FAILED_KEPT).await?;
        Ok(dropped)
    };
    tidy.await.map_err(unavailable)
}

/// What waits beyond the limit goes, and is counted where it is seen.
async fn trim(writer: &PgPool, hook: i64, most: u32) -> sqlx::Result<u64> {
    let mut tx = writer.begin().await?;
    let gone =
        sqlx::query(DELIVERIES_TRIM).bind(hook).bind(i64::from(most)).execute(&mut *tx).await?;
    let gone = gone.rows_affected();
    if gone > 0 {
        let more = i64::try_from(gone).unwrap_or(i64::MAX);
        sqlx::query(WEBHOOKS_DROPPED).bind(hook).bind(more).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(gone)
}

/// Deletes every message to a webhook.
pub(super) async fn clear(writer: &PgPool, hook: i64) -> sqlx::Result<()> {
    loop {
        let gone =
            sqlx::query(DELIVERIES_CLEAR).bind(hook).bind(FORGET_BITE).execute(writer).await?;
        if count(FORGET_BITE) > gone.rows_affected() {
            return Ok(());
        }
    }
}

async fn forget(writer: &PgPool, state: &str, before: Timestamp) -> sqlx::Result<()> {
    loop {
        let gone = sqlx::query(DELIVERIES_FORGET)
            .bind(state)
            .bind(before.as_millisecond())
            .bind(FORGET_BITE)
            .execute(writer)
            .await?;
        if count(FORGET_BITE) > gone.rows_affected() {
            return Ok(());
        }
    }
}
