//! Webhooks and their outbox.

use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::admin::returned;
use super::queries::queries;
use super::{PostgresStore, audit, broken, count, unavailable};
use crate::store::audit::Entry;
use crate::store::hooks::{
    Claimed, Health, HookChange, NewDelivery, NewHook, Settled, StoredDelivery, StoredHook,
    WEBHOOKS_MOST,
};
use crate::store::{CampaignId, Hooks, Result};

mod outbox;

pub(super) use outbox::{enqueue, rose, tell};

queries! {
    DELIVERIES_GET = "deliveries.get.sql";
    DELIVERIES_INSERT = "deliveries.insert.sql";
    DELIVERIES_LIST = "deliveries.list.sql";
    DELIVERIES_PENDING = "deliveries.pending.sql";
    DELIVERIES_REPLAY = "deliveries.replay.sql";
    WEBHOOKS_CHANGE = "webhooks.change.postgres.sql";
    WEBHOOKS_DELETE = "webhooks.delete.sql";
    WEBHOOKS_DUE = "webhooks.due.postgres.sql";
    WEBHOOKS_INSERT = "webhooks.insert.postgres.sql";
    WEBHOOKS_LIST = "webhooks.list.postgres.sql";
    WEBHOOKS_ROTATE = "webhooks.rotate.sql";
    WEBHOOKS_WAKE = "webhooks.wake.sql";
}

fn time(at: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_millisecond(at).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn status(status: Option<i64>) -> Option<u16> {
    status.and_then(|status| u16::try_from(status).ok())
}

fn hook(row: &PgRow) -> sqlx::Result<StoredHook> {
    let at = |name| row.try_get::<Option<i64>, _>(name)?.map(time).transpose();
    Ok(StoredHook {
        id: row.try_get("id")?,
        campaign: row.try_get("campaign_id")?,
        url: row.try_get("url")?,
        events: StoredHook::listed(row.try_get("events")?),
        secret: row.try_get("secret")?,
        earlier_secret: row.try_get("earlier_secret")?,
        rotated_at: at("rotated_at")?,
        enabled: row.try_get("enabled")?,
        disabled_reason: row.try_get("disabled_reason")?,
        created_at: at("created_at")?,
        failures: u32::try_from(row.try_get::<i64, _>("failures")?).unwrap_or(u32::MAX),
        failing_since: at("failing_since")?,
        last_status: status(row.try_get("last_status")?),
        last_error: row.try_get("last_error")?,
        last_at: at("last_at")?,
        dropped: count(row.try_get("dropped")?),
        pending: count(row.try_get("pending")?),
        failed: count(row.try_get("failed")?),
    })
}

fn delivery(row: &PgRow) -> sqlx::Result<StoredDelivery> {
    Ok(StoredDelivery {
        id: row.try_get("id")?,
        event: row.try_get("event")?,
        payload: row.try_get("payload")?,
        state: row.try_get("state")?,
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(u32::MAX),
        next_at: time(row.try_get("next_at")?)?,
        last_status: status(row.try_get("last_status")?),
        last_error: row.try_get("last_error")?,
        created_at: time(row.try_get("created_at")?)?,
    })
}

async fn get(
    tx: &mut PgConnection,
    campaign: CampaignId,
    hook: i64,
    id: &str,
) -> sqlx::Result<Option<StoredDelivery>> {
    let row =
        sqlx::query(DELIVERIES_GET).bind(campaign.0).bind(hook).bind(id).fetch_optional(tx).await?;
    row.as_ref().map(delivery).transpose()
}

#[async_trait::async_trait]
impl Hooks for PostgresStore {
    async fn webhooks(&self, campaign: CampaignId, one: Option<i64>) -> Result<Vec<StoredHook>> {
        let rows = sqlx::query(WEBHOOKS_LIST).bind(campaign.0).bind(one).fetch_all(&self.readers);
        let rows = rows.await.map_err(unavailable)?;
        rows.iter().map(hook).collect::<sqlx::Result<_>>().map_err(broken)
    }

    async fn create_webhook(
        &self,
        new: NewHook,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Option<i64>> {
        returned(&self.writer, async |tx| {
            let id: Option<i64> = sqlx::query_scalar(WEBHOOKS_INSERT)
                .bind(new.campaign.0)
                .bind(new.url)
                .bind(new.events.join(" "))
                .bind(new.secret)
                .bind(now.as_millisecond())
                .bind(WEBHOOKS_MOST)
                .fetch_optional(&mut *tx)
                .await?;
            if let Some(id) = id {
                audit::append(tx, &entry.with("webhook", id)).await?;
            }
            Ok(id)
        })
        .await
    }

    async fn change_webhook(
        &self,
        campaign: CampaignId,
        id: i64,
        change: HookChange,
        entry: &Entry,
    ) -> Result<bool> {
        returned(&self.writer, async |tx| {
            let changed = sqlx::query(WEBHOOKS_CHANGE)
                .bind(campaign.0)
                .bind(id)
                .bind(change.url)
                .bind(change.events.map(|events| events.join(" ")))
                .bind(change.enabled)
                .execute(&mut *tx)
                .await?;
            audit::done(tx, changed.rows_affected() == 1, entry).await
        })
        .await
    }

    async fn rotate_webhook(
        &self,
        campaign: CampaignId,
        id: i64,
        secret: Vec<u8>,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<bool> {
        returned(&self.writer, async |tx| {
            let rotated = sqlx::query(WEBHOOKS_ROTATE)
                .bind(campaign.0)
                .bind(id)
                .bind(secret)
                .bind(now.as_millisecond())
                .execute(&mut *tx)
                .await?;
            audit::done(tx, rotated.rows_affected() == 1, entry).await
        })
        .await
    }

    async fn delete_webhook(&self, campaign: CampaignId, id: i64, entry: &Entry) -> Result<bool> {
        // Off first, and its messages in bites: pledges do not wait while thousands of them go.
        let off = HookChange { enabled: Some(false), ..HookChange::default() };
        if !self.change_webhook(campaign, id, off, entry).await? {
            return Ok(false);
        }
        let delete = async {
            outbox::clear(&self.writer, id).await?;
            let done = sqlx::query(WEBHOOKS_DELETE).bind(campaign.0).bind(id).execute(&self.writer);
            done.await.map(|done| done.rows_affected() == 1)
        };
        delete.await.map_err(unavailable)
    }

    async fn deliveries(
        &self,
        campaign: CampaignId,
        hook: i64,
        after: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<StoredDelivery>> {
        let (at, id) = after.map_or((i64::MAX, String::new()), |it| (it.0.as_millisecond(), it.1));
        let rows = sqlx::query(DELIVERIES_LIST)
            .bind(campaign.0)
            .bind(hook)
            .bind(at)
            .bind(id)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.iter().map(delivery).collect::<sqlx::Result<_>>().map_err(broken)
    }

    async fn write_delivery(
        &self,
        campaign: CampaignId,
        hook: i64,
        new: NewDelivery,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Option<StoredDelivery>> {
        returned(&self.writer, async |tx| {
            let woken =
                sqlx::query(WEBHOOKS_WAKE).bind(campaign.0).bind(hook).execute(&mut *tx).await?;
            if woken.rows_affected() == 0 {
                return Ok(None);
            }
            sqlx::query(DELIVERIES_INSERT)
                .bind(&new.id)
                .bind(hook)
                .bind(new.event)
                .bind(new.payload)
                .bind(now.as_millisecond())
                .execute(&mut *tx)
                .await?;
            let written = get(tx, campaign, hook, &new.id).await?;
            audit::append(tx, entry).await?;
            Ok(written)
        })
        .await
    }

    async fn replay(
        &self,
        campaign: CampaignId,
        hook: i64,
        delivery: String,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Option<StoredDelivery>> {
        returned(&self.writer, async |tx| {
            let again = sqlx::query(DELIVERIES_REPLAY)
                .bind(campaign.0)
                .bind(hook)
                .bind(&delivery)
                .bind(now.as_millisecond())
                .execute(&mut *tx)
                .await?;
            if again.rows_affected() == 0 {
                return Ok(None);
            }
            sqlx::query(WEBHOOKS_WAKE).bind(campaign.0).bind(hook).execute(&mut *tx).await?;
            let replayed = get(tx, campaign, hook, &delivery).await?;
            audit::append(tx, entry).await?;
            Ok(replayed)
        })
        .await
    }

    async fn due_webhooks(&self, now: Timestamp) -> Result<Vec<StoredHook>> {
        let rows = sqlx::query(WEBHOOKS_DUE).bind(now.as_millisecond()).fetch_all(&self.readers);
        let rows = rows.await.map_err(unavailable)?;
        rows.iter().map(hook).collect::<sqlx::Result<_>>().map_err(broken)
    }

    async fn claim_deliveries(
        &self,
        hook: i64,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claimed>> {
        outbox::claim(&self.writer, hook, now, lease, limit).await
    }

    async fn settle_deliveries(
        &self,
        hook: i64,
        settled: Vec<Settled>,
        health: Health,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<()> {
        outbox::settle(&self.writer, hook, settled, (health, entry), now).await
    }

    async fn tidy_deliveries(&self, most: u32, now: Timestamp) -> Result<u64> {
        outbox::tidy(&self.readers, &self.writer, most, now).await
    }

    async fn pending_deliveries(&self) -> Result<u64> {
        let pending = sqlx::query_scalar(DELIVERIES_PENDING).fetch_one(&self.readers);
        pending.await.map(count).map_err(unavailable)
    }
}
