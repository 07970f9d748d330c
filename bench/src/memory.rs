//! Our own server without a database: what everything but storing costs.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use countersign::App;
use countersign::campaign::Campaign;
use countersign::clock::{SystemClock, SystemEntropy};
use countersign::config::Config;
use countersign::store::audit::Entry;
use countersign::store::{
    Applied, AuditLog, Batch, Bucket, CampaignId, Campaigns, Counters, Expired, HistoryPoint,
    Hooks, Insight, Mails, NewPledge, Offline, OrganizationId, Organizers, Outcome, Pulse, Recount,
    Renew, Result as Stored, RowStream, Sessions, Store, StoreError, StoredCampaign, Supporters,
    Tokens,
};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::net::TcpListener;

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The folder of the secret key.
    #[arg(long, value_name = "FOLDER")]
    data_dir: PathBuf,
    /// A campaign file.
    #[arg(long, value_name = "FILE")]
    campaign: PathBuf,
}

pub async fn run(options: Options) -> Result<()> {
    let text = std::fs::read_to_string(&options.campaign)?;
    let campaign = Campaign::from_toml(&text)
        .map_err(|errors| anyhow::anyhow!("{}: {errors:?}", options.campaign.display()))?;
    let mut config = Config::for_data_dir(&options.data_dir);
    config.listen = options.listen;
    config.rate_limit = false;
    std::fs::create_dir_all(&options.data_dir)?;
    let listener = TcpListener::bind(options.listen).await.context("the port is taken")?;
    let store = Arc::new(Counting { campaign, counters: Mutex::default() });
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let app = App::start_with_store(config, clock, entropy, store).await?;
    countersign::serve(listener, app, std::future::pending()).await
}

/// Counts, and keeps nothing.
struct Counting {
    campaign: Campaign,
    counters: Mutex<Counters>,
}

impl Counting {
    fn counters(&self) -> MutexGuard<'_, Counters> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, batch: &[NewPledge]) -> Batch {
        let mut counters = self.counters();
        let mut outcomes = Vec::with_capacity(batch.len());
        for pledge in batch {
            counters.total += 1;
            *counters.countries.entry(pledge.country).or_default() += 1;
            outcomes.push(Outcome::Counted { number: counters.total });
        }
        counters.seq += 1;
        Batch { outcomes, changed: vec![(ONLY, counters.clone())] }
    }
}

const ONLY: CampaignId = CampaignId(1);

impl Campaigns for Counting {}
impl AuditLog for Counting {}
impl Organizers for Counting {}
impl Sessions for Counting {}
impl Tokens for Counting {}
impl Insight for Counting {}
impl Supporters for Counting {}
impl Offline for Counting {}
impl Hooks for Counting {}
impl Mails for Counting {}

#[async_trait::async_trait]
impl Store for Counting {
    async fn apply_campaign(&self, _: &Campaign, _: Timestamp) -> Stored<Applied> {
        Ok(Applied::Unchanged)
    }

    async fn campaigns(&self) -> Stored<Vec<StoredCampaign>> {
        Ok(vec![StoredCampaign {
            id: ONLY,
            organization: OrganizationId(1),
            revision: 1,
            campaign: self.campaign.clone(),
        }])
    }

    async fn pulse(&self) -> Stored<Pulse> {
        Ok(Pulse { epoch: 1, revision: 1 })
    }

    async fn claim_keys(&self, _: &[(u16, [u8; 16])]) -> Stored<bool> {
        Ok(true)
    }

    async fn rekey(&self, _: i64, _: Renew) -> Stored<Option<i64>> {
        Ok(None)
    }

    async fn next_epoch(&self, _: Timestamp) -> Stored<u64> {
        Ok(1)
    }

    fn record(&self, batch: Vec<NewPledge>, _: Timestamp) -> BoxFuture<'_, Stored<Batch>> {
        Box::pin(async move { Ok(self.count(&batch)) })
    }

    async fn counters(&self, _: CampaignId) -> Stored<Counters> {
        Ok(self.counters().clone())
    }

    async fn sequences(&self) -> Stored<Vec<(CampaignId, u64)>> {
        Ok(vec![(ONLY, self.counters().seq)])
    }

    async fn history(&self, _: CampaignId, _: Bucket, _: Timestamp) -> Stored<Vec<HistoryPoint>> {
        Ok(Vec::new())
    }

    async fn export(&self, _: CampaignId) -> Stored<RowStream> {
        Err(StoreError::Refused("nothing is kept here"))
    }

    async fn recount(&self, _: bool) -> Stored<Vec<Recount>> {
        Ok(Vec::new())
    }

    async fn backup(&self, _: &Path) -> Stored<()> {
        Err(StoreError::Refused("nothing is kept here"))
    }

    async fn expire(&self, _: Timestamp, _: &Entry) -> Stored<Expired> {
        Ok(Expired::default())
    }

    async fn claim_hour(&self, _: Timestamp) -> Stored<bool> {
        Ok(true)
    }

    async fn ready(&self) -> Stored<()> {
        Ok(())
    }

    fn shared(&self) -> bool {
        false
    }

    async fn close(&self) {}
}
