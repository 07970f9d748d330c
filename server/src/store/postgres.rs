//! Postgres: for installations that outgrow one machine. Any number of nodes share one database.
//!
//! Each node writes over one connection and reads over a few others. Batches lock what they touch
//! in one order (campaigns, pledges, totals, countries, minutes, days, requests; each sorted), so that
//! two nodes wait for each other and never deadlock.

use std::path::Path;

use futures_util::TryFutureExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use jiff::Timestamp;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

use super::audit::Entry;
use super::sources::KnownSources;
use super::{
    Applied, Batch, Bucket, CampaignId, Counters, Expired, ExportedRows, HistoryPoint, NewPledge,
    Pulse, Recount, Renew, Result, RowStream, Store, StoreError, StoredCampaign, probe,
};
use crate::campaign::Campaign;

mod admin;
mod audit;
mod campaigns;
mod expire;
mod export;
mod hooks;
mod insight;
mod jobs;
mod mails;
mod moves;
mod offline;
mod open;
mod organizers;
mod queries;
mod read;
mod record;
mod recount;
mod rekey;
mod sessions;
mod supporters;
mod tokens;

/// A database on a Postgres server.
pub struct PostgresStore {
    options: PgConnectOptions,
    /// One connection.
    writer: PgPool,
    readers: PgPool,
    probed: probe::Probed,
    sources: KnownSources,
}

impl PostgresStore {
    /// Connects and migrates. `connections`: how many this node may open in all, at least 4.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] while the server does not answer; [`StoreError::NewerSchema`]
    /// for the database of a newer version; [`StoreError::Broken`] for a wrong address or password.
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        let (options, writer, readers) = open::open(url, connections).await?;
        Ok(Self {
            options,
            writer,
            readers,
            probed: probe::Probed::default(),
            sources: KnownSources::default(),
        })
    }

    /// How to reach the server, for connections that are not the store's.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

#[async_trait::async_trait]
impl Store for PostgresStore {
    async fn apply_campaign(&self, campaign: &Campaign, now: Timestamp) -> Result<Applied> {
        campaigns::apply_campaign(&self.writer, campaign, now).await
    }

    async fn campaigns(&self) -> Result<Vec<StoredCampaign>> {
        read::campaigns(&self.readers).await
    }

    async fn pulse(&self) -> Result<Pulse> {
        read::pulse(&self.readers).await
    }

    async fn claim_keys(&self, editions: &[(u16, [u8; 16])]) -> Result<bool> {
        rekey::claim_keys(&self.writer, editions).await
    }

    async fn rekey(&self, after: i64, renew: Renew) -> Result<Option<i64>> {
        rekey::rekey(&self.writer, after, renew).await
    }

    async fn next_epoch(&self, now: Timestamp) -> Result<u64> {
        admin::next_epoch(&self.writer, now).await
    }

    fn record(&self, batch: Vec<NewPledge>, now: Timestamp) -> BoxFuture<'_, Result<Batch>> {
        record::record(&self.writer, &self.sources, batch, now)
            .inspect_err(|_| self.probed.forget())
            .boxed()
    }

    async fn counters(&self, campaign: CampaignId) -> Result<Counters> {
        read::counters(&self.readers, campaign).await
    }

    async fn sequences(&self) -> Result<Vec<(CampaignId, u64)>> {
        read::sequences(&self.readers).await
    }

    async fn history(
        &self,
        campaign: CampaignId,
        bucket: Bucket,
        since: Timestamp,
    ) -> Result<Vec<HistoryPoint>> {
        read::history(&self.readers, campaign, bucket, since).await
    }

    async fn export(&self, campaign: CampaignId) -> Result<RowStream> {
        export::export(&self.options, campaign).await
    }

    async fn stored_pledges(&self, campaign: CampaignId) -> Result<(u64, u64)> {
        export::stored(&self.readers, campaign).await
    }

    async fn some_pledges(
        &self,
        campaign: CampaignId,
        after: i64,
        limit: u32,
    ) -> Result<Option<(i64, ExportedRows)>> {
        let mut reader = self.readers.acquire().await.map_err(unavailable)?;
        export::some(&mut reader, campaign, after, i64::from(limit)).await
    }

    async fn nth_counted(&self, campaign: CampaignId, before: u64) -> Result<Option<i64>> {
        export::nth_counted(&self.readers, campaign, before).await
    }

    async fn recount(&self, repair: bool) -> Result<Vec<Recount>> {
        recount::recount(&self.options, repair).await
    }

    async fn backup(&self, _to: &Path) -> Result<()> {
        Err(StoreError::Refused(
            "a Postgres database is backed up with its own tools: \
             pg_dump --format=custom --file=countersign.dump \"$COUNTERSIGN_DATABASE_URL\"",
        ))
    }

    async fn expire(&self, now: Timestamp, entry: &Entry) -> Result<Expired> {
        expire::expire(&self.readers, &self.writer, now, entry).await
    }

    async fn claim_hour(&self, now: Timestamp) -> Result<bool> {
        admin::claim_hour(&self.writer, now).await
    }

    async fn ready(&self) -> Result<()> {
        self.probed.ready(admin::probe(&self.writer)).await
    }

    fn shared(&self) -> bool {
        true
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// For failures that may pass: a lost connection, a server that restarts.
fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(Box::new(error))
}

/// For what no waiting mends: a row that cannot be.
fn broken(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Broken(error.into())
}

/// Counters are never negative: the tables check it.
fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Counters stay far below: a row at a time, it would take longer than the sun.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
