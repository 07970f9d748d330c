//! Times every operation of a store, so that operators see what the database is asked, and how
//! often: readers and viewers of a campaign must not show here.

use std::path::Path;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use jiff::Timestamp;
use tokio::time::Instant;

use super::audit::Entry;
use super::{
    Applied, Batch, Bucket, CampaignId, Counters, Expired, ExportedRows, HistoryPoint, NewPledge,
    Pulse, Recount, Renew, Result, RowStream, Store, StoredCampaign,
};
use crate::campaign::Campaign;

/// A store that counts what it is asked.
pub struct Measured(pub Arc<dyn Store>);

pub(super) async fn timed<T>(
    operation: &'static str,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let began = Instant::now();
    let result = work.await;
    metrics::histogram!("countersign_store_seconds", "operation" => operation)
        .record(began.elapsed().as_secs_f64());
    result
}

#[async_trait::async_trait]
impl Store for Measured {
    async fn apply_campaign(&self, campaign: &Campaign, now: Timestamp) -> Result<Applied> {
        timed("apply_campaign", self.0.apply_campaign(campaign, now)).await
    }

    async fn campaigns(&self) -> Result<Vec<StoredCampaign>> {
        timed("campaigns", self.0.campaigns()).await
    }

    async fn pulse(&self) -> Result<Pulse> {
        timed("pulse", self.0.pulse()).await
    }

    async fn claim_keys(&self, editions: &[(u16, [u8; 16])]) -> Result<bool> {
        timed("claim_keys", self.0.claim_keys(editions)).await
    }

    async fn rekey(&self, after: i64, renew: Renew) -> Result<Option<i64>> {
        timed("rekey", self.0.rekey(after, renew)).await
    }

    async fn next_epoch(&self, now: Timestamp) -> Result<u64> {
        timed("next_epoch", self.0.next_epoch(now)).await
    }

    fn record(&self, batch: Vec<NewPledge>, now: Timestamp) -> BoxFuture<'_, Result<Batch>> {
        timed("record", self.0.record(batch, now)).boxed()
    }

    async fn counters(&self, campaign: CampaignId) -> Result<Counters> {
        timed("counters", self.0.counters(campaign)).await
    }

    async fn sequences(&self) -> Result<Vec<(CampaignId, u64)>> {
        timed("sequences", self.0.sequences()).await
    }

    async fn history(
        &self,
        campaign: CampaignId,
        bucket: Bucket,
        since: Timestamp,
    ) -> Result<Vec<HistoryPoint>> {
        timed("history", self.0.history(campaign, bucket, since)).await
    }

    async fn export(&self, campaign: CampaignId) -> Result<RowStream> {
        timed("export", self.0.export(campaign)).await
    }

    async fn stored_pledges(&self, campaign: CampaignId) -> Result<(u64, u64)> {
        timed("stored_pledges", self.0.stored_pledges(campaign)).await
    }

    async fn some_pledges(
        &self,
        campaign: CampaignId,
        after: i64,
        limit: u32,
    ) -> Result<Option<(i64, ExportedRows)>> {
        timed("some_pledges", self.0.some_pledges(campaign, after, limit)).await
    }

    async fn nth_counted(&self, campaign: CampaignId, before: u64) -> Result<Option<i64>> {
        timed("nth_counted", self.0.nth_counted(campaign, before)).await
    }

    async fn recount(&self, repair: bool) -> Result<Vec<Recount>> {
        timed("recount", self.0.recount(repair)).await
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        timed("backup", self.0.backup(to)).await
    }

    async fn expire(&self, now: Timestamp, entry: &Entry) -> Result<Expired> {
        timed("expire", self.0.expire(now, entry)).await
    }

    async fn claim_hour(&self, now: Timestamp) -> Result<bool> {
        timed("claim_hour", self.0.claim_hour(now)).await
    }

    async fn ready(&self) -> Result<()> {
        timed("ready", self.0.ready()).await
    }

    fn shared(&self) -> bool {
        self.0.shared()
    }

    async fn close(&self) {
        self.0.close().await;
    }
}
