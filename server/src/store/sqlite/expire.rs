//! Deletes what may no longer be kept. Looks for it on the read pool and deletes in small bites,
//! so that people who sign meanwhile do not wait.

use jiff::Timestamp;
use sqlx::sqlite::SqliteQueryResult;
use sqlx::{SqliteConnection, SqlitePool};

use super::admin::returned;
use super::queries::{self, queries};
use super::record::hex;
use super::{audit, unavailable};
use crate::store::audit::Entry;
use crate::store::mails::{CONFIRM_FOR, COUNTED_FOR};
use crate::store::{
    CampaignId, EXPIRE_BITE as BITE, EXPIRE_PLATE as PLATE, Expired, OrganizationId, REQUESTS_KEPT,
    Result, due,
};

queries! {
    MAILS_FORGET_MAILBOXES = "mails.forget_mailboxes.sql";
    PLEDGES_FORGET = "pledges.forget.sql";
    PLEDGES_UNCONFIRMED = "pledges.unconfirmed.sql";
}

/// Returns how many people of which campaigns were deleted.
pub(super) async fn expire(
    readers: &SqlitePool,
    writer: &SqlitePool,
    now: Timestamp,
    entry: &Entry,
) -> Result<Expired> {
    let deleted = people(readers, writer, now.as_millisecond(), entry).await?;
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

async fn people(
    readers: &SqlitePool,
    writer: &SqlitePool,
    now: i64,
    entry: &Entry,
) -> Result<Expired> {
    sqlx::query(queries::PEOPLE_ADOPT).execute(writer).await.map_err(unavailable)?;
    let campaigns: Vec<(i64, Option<i64>, i64, i64, String)> =
        sqlx::query_as(queries::CAMPAIGNS_RETENTION)
            .fetch_all(readers)
            .await
            .map_err(unavailable)?;
    let mut expired = Expired::default();
    for (id, closes, days, organization, slug) in campaigns {
        let entry = entry.about(OrganizationId(organization), &slug);
        let campaign = Emptied { readers, writer, id, entry };
        let mut deleted = campaign.unconfirmed(now).await?;
        if let Some(until) = due(closes, days, now) {
            deleted += campaign.signed(until).await?;
        }
        if deleted > 0 {
            expired.0.push((CampaignId(id), deleted));
        }
    }
    Ok(expired)
}

/// A campaign that people go from. Each bite of them is a line of the audit log, in the transaction in
/// which they go.
struct Emptied<'a> {
    readers: &'a SqlitePool,
    writer: &'a SqlitePool,
    id: i64,
    entry: Entry,
}

impl Emptied<'_> {
    /// Those who signed until then.
    async fn signed(&self, until: i64) -> Result<u64> {
        let mut deleted = 0;
        loop {
            let ids = self.some(queries::PEOPLE_EXPIRED, until).await?;
            for bite in ids.chunks(BITE) {
                let list = serde_json::json!(bite).to_string();
                let delete = sqlx::query(queries::PEOPLE_DELETE).bind(list);
                deleted += self.delete(async |tx| delete.execute(tx).await).await?;
            }
            if (ids.len() as i64) < PLATE {
                return Ok(deleted);
            }
        }
    }

    /// Those whose mailbox did not confirm in time, with their pledges.
    async fn unconfirmed(&self, now: i64) -> Result<u64> {
        let until = now - CONFIRM_FOR.as_millis() as i64;
        let mut deleted = 0;
        loop {
            let ids = self.some(PLEDGES_UNCONFIRMED, until).await?;
            for bite in ids.chunks(BITE) {
                let list = serde_json::json!(bite).to_string();
                let forget = sqlx::query(PLEDGES_FORGET).bind(list).bind(until);
                deleted += self.delete(async |tx| forget.execute(tx).await).await?;
            }
            if (ids.len() as i64) < PLATE {
                return Ok(deleted);
            }
        }
    }

    async fn some(&self, statement: &'static str, until: i64) -> Result<Vec<i64>> {
        let asked = sqlx::query_scalar(statement).bind(self.id).bind(until).bind(PLATE);
        asked.fetch_all(self.readers).await.map_err(unavailable)
    }

    async fn delete(
        &self,
        bite: impl AsyncFnOnce(&mut SqliteConnection) -> sqlx::Result<SqliteQueryResult>,
    ) -> Result<u64> {
        returned(self.writer, async |tx| {
            let gone = bite(&mut *tx).await?.rows_affected();
            audit::done(tx, gone > 0, &self.entry.with("people", gone)).await?;
            Ok(gone)
        })
        .await
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
