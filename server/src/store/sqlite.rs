//! The embedded database.
//!
//! One connection writes, always by `BEGIN IMMEDIATE`; a few others read and cannot write. Every
//! connection proves its settings before it is used: see [`open`].

use std::path::{Path, PathBuf};

use futures_util::TryFutureExt as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use jiff::Timestamp;
use sqlx::SqlitePool;

use super::audit::Entry;
use super::sources::KnownSources;
use super::{
    Applied, Batch, Bucket, CampaignId, Counters, Expired, ExportedRows, HistoryPoint, NewPledge,
    Pulse, Recount, Renew, Result, RowStream, Store, StoreError, StoredCampaign, probe,
};
use crate::campaign::Campaign;

mod admin;
mod audit;
mod backup;
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
#[cfg(test)]
mod plans;
mod queries;
mod read;
mod record;
mod recount;
mod rekey;
mod sessions;
mod supporters;
mod tokens;

/// A database in one file, beside its `-wal` and `-shm`.
pub struct SqliteStore {
    path: PathBuf,
    /// One connection.
    writer: SqlitePool,
    readers: SqlitePool,
    probed: probe::Probed,
    sources: KnownSources,
}

impl SqliteStore {
    /// Opens the file, makes it where it is absent, and migrates it.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] for the file of a newer version; [`StoreError::Broken`] for a
    /// SQLite that is too old or settings that did not take.
    pub async fn open(path: &Path) -> Result<Self> {
        let (writer, readers) = open::open(path).await?;
        Ok(Self {
            path: path.to_owned(),
            writer,
            readers,
            probed: probe::Probed::default(),
            sources: KnownSources::default(),
        })
    }
}

#[async_trait::async_trait]
impl Store for SqliteStore {
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
        export::export(&self.path, campaign).await
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
        recount::recount(&self.path, &self.writer, repair).await
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        backup::backup(&self.path, to).await
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
        false
    }

    async fn close(&self) {
        self.readers.close().await;
        // The last connection to close moves the log into the file.
        self.writer.close().await;
    }
}

/// For failures that may pass: a full disk, a locked file.
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
