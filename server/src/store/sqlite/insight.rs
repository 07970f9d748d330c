//! What organizers watch: days, countries, sources, visits, marks.

use jiff::Timestamp;
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};

use super::admin::returned;
use super::queries::{CAMPAIGN_TOTALS_GET, queries};
use super::{SqliteStore, audit, broken, count, record, unavailable};
use crate::store::audit::Entry;
use crate::store::insight::{Channels, Days, Insight, Slots, SourceSum, StoredMark, Visits, ends};
use crate::store::{CampaignId, Result, StoreError};

queries! {
    COUNTRY_DAYS_ALL = "country_days.all.sql";
    COUNTRY_DAYS_SUM = "country_days.sum.sql";
    MARKS_CHANGE = "marks.change.sql";
    MARKS_DELETE = "marks.delete.sql";
    MARKS_INSERT = "marks.insert.sql";
    MARKS_LIST = "marks.list.sql";
    MINUTE_TOTALS_FIRST = "minute_totals.first.sql";
    MINUTE_TOTALS_FIRST_ONLINE = "minute_totals.first_online.sql";
    MINUTE_TOTALS_SINCE = "minute_totals.since.sql";
    MINUTE_TOTALS_SPANS = "minute_totals.spans.sql";
    PLEDGES_CHANNELS = "pledges.channels.sql";
    SOURCE_DAYS_SUM = "source_days.sum.sql";
    VISIT_DAYS_ADD = "visit_days.add.sql";
    VISIT_DAYS_FIRST = "visit_days.first.sql";
}

#[async_trait::async_trait]
impl Insight for SqliteStore {
    async fn add_visits(&self, visits: &[Visits]) -> Result<()> {
        let row = |it: &Visits| {
            json!({
                "campaign": it.campaign.0, "day": it.day, "source": it.source, "seen": it.seen,
                "started": it.started, "shared": it.shared,
            })
        };
        let rows: Vec<_> = visits.iter().map(row).collect();
        let rows = record::json(&rows).map_err(unavailable)?;
        let work = sqlx::query(VISIT_DAYS_ADD).bind(rows);
        work.execute(&self.writer).await.map(drop).map_err(unavailable)
    }

    async fn minutes(&self, campaign: CampaignId, first: i64) -> Result<Slots> {
        let mut connection = self.readers.acquire().await.map_err(unavailable)?;
        let mut snapshot = connection.begin().await.map_err(unavailable)?;
        let total = total(&mut snapshot, campaign).await?;
        let asked = sqlx::query_as(MINUTE_TOTALS_SINCE).bind(campaign.0).bind(first);
        let rows = asked.fetch_all(&mut *snapshot).await.map_err(unavailable)?;
        snapshot.commit().await.map_err(unavailable)?;
        Ok(Slots::of(total, rows))
    }

    async fn spans(&self, campaign: CampaignId, firsts: &[i64]) -> Result<Slots> {
        let spans: Vec<(i64, i64)> = firsts.iter().copied().zip(ends(firsts)).collect();
        let spans = record::json(&spans).map_err(unavailable)?;
        let mut connection = self.readers.acquire().await.map_err(unavailable)?;
        let mut snapshot = connection.begin().await.map_err(unavailable)?;
        let total = total(&mut snapshot, campaign).await?;
        let asked = sqlx::query_as(MINUTE_TOTALS_SPANS).bind(campaign.0).bind(spans);
        let rows = asked.fetch_all(&mut *snapshot).await.map_err(unavailable)?;
        snapshot.commit().await.map_err(unavailable)?;
        Ok(Slots::of(total, rows))
    }

    async fn first_minute(&self, campaign: CampaignId) -> Result<Option<i64>> {
        let asked = sqlx::query_scalar(MINUTE_TOTALS_FIRST).bind(campaign.0);
        asked.fetch_one(&self.readers).await.map_err(unavailable)
    }

    async fn first_online_minute(&self, campaign: CampaignId) -> Result<Option<i64>> {
        let asked = sqlx::query_scalar(MINUTE_TOTALS_FIRST_ONLINE).bind(campaign.0);
        asked.fetch_optional(&self.readers).await.map_err(unavailable)
    }

    async fn countries(&self, campaign: CampaignId, days: Days) -> Result<Vec<(String, u64)>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(COUNTRY_DAYS_SUM)
            .bind(campaign.0)
            .bind(days.from)
            .bind(days.to)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(rows.into_iter().map(|(country, counted)| (country, count(counted))).collect())
    }

    async fn country_days(
        &self,
        campaign: CampaignId,
        until: i64,
    ) -> Result<Vec<(i64, String, u64)>> {
        let rows: Vec<(i64, String, i64)> = sqlx::query_as(COUNTRY_DAYS_ALL)
            .bind(campaign.0)
            .bind(until)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(rows.into_iter().map(|(day, country, n)| (day, country, count(n))).collect())
    }

    async fn sources(&self, campaign: CampaignId, days: Days) -> Result<Vec<SourceSum>> {
        let rows: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(SOURCE_DAYS_SUM)
            .bind(campaign.0)
            .bind(days.from)
            .bind(days.to)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        let sum = |(source, signed, seen, started, shared)| SourceSum {
            source,
            signed: count(signed),
            seen: count(seen),
            started: count(started),
            shared: count(shared),
        };
        Ok(rows.into_iter().map(sum).collect())
    }

    async fn first_visit(&self, campaign: CampaignId) -> Result<Option<i64>> {
        let asked = sqlx::query_scalar(VISIT_DAYS_FIRST).bind(campaign.0);
        asked.fetch_one(&self.readers).await.map_err(unavailable)
    }

    async fn channels(&self, campaign: CampaignId) -> Result<Channels> {
        let asked = sqlx::query_as(PLEDGES_CHANNELS).bind(campaign.0).fetch_one(&self.readers);
        let numbers: (i64, i64, i64, i64) = asked.await.map_err(unavailable)?;
        Ok(Channels {
            imported: count(numbers.0),
            labelled: count(numbers.1),
            quarantined: count(numbers.2),
            unconfirmed: count(numbers.3),
        })
    }

    async fn marks(&self, campaign: CampaignId, now: Timestamp) -> Result<Vec<StoredMark>> {
        let rows: Vec<(i64, i64, String, i64, i64, i64)> = sqlx::query_as(MARKS_LIST)
            .bind(campaign.0)
            .bind(now.as_second().div_euclid(60))
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter()
            .map(|(id, at, label, minutes, after, before)| {
                let at = Timestamp::from_millisecond(at).map_err(broken)?;
                let (minutes, after, before) = (count(minutes), count(after), count(before));
                Ok(StoredMark { id, at, label, minutes, after, before })
            })
            .collect()
    }

    async fn add_mark(
        &self,
        campaign: CampaignId,
        at: Timestamp,
        label: &str,
        most: i64,
        entry: &Entry,
    ) -> Result<Option<i64>> {
        let insert = sqlx::query_scalar(MARKS_INSERT)
            .bind(campaign.0)
            .bind(at.as_millisecond())
            .bind(label)
            .bind(most);
        returned(&self.writer, async |tx| {
            let id: Option<i64> = insert.fetch_optional(&mut *tx).await?;
            if let Some(id) = id {
                audit::append(tx, &entry.with("mark", id)).await?;
            }
            Ok(id)
        })
        .await
    }

    async fn change_mark(
        &self,
        campaign: CampaignId,
        id: i64,
        at: Timestamp,
        label: &str,
        entry: &Entry,
    ) -> Result<bool> {
        let change = sqlx::query(MARKS_CHANGE)
            .bind(campaign.0)
            .bind(id)
            .bind(at.as_millisecond())
            .bind(label);
        returned(&self.writer, async |tx| {
            let changed = change.execute(&mut *tx).await?.rows_affected() == 1;
            audit::done(tx, changed, entry).await
        })
        .await
    }

    async fn delete_mark(&self, campaign: CampaignId, id: i64, entry: &Entry) -> Result<bool> {
        let delete = sqlx::query(MARKS_DELETE).bind(campaign.0).bind(id);
        returned(&self.writer, async |tx| {
            let gone = delete.execute(&mut *tx).await?.rows_affected() == 1;
            audit::done(tx, gone, entry).await
        })
        .await
    }
}

async fn total(snapshot: &mut SqliteConnection, campaign: CampaignId) -> Result<i64> {
    let row: Option<(i64, i64, Option<String>)> = sqlx::query_as(CAMPAIGN_TOTALS_GET)
        .bind(campaign.0)
        .fetch_optional(snapshot)
        .await
        .map_err(unavailable)?;
    row.map(|(total, _, _)| total).ok_or(StoreError::UnknownCampaign)
}
