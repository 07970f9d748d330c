//! Everything a request needs, started and stopped as one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::campaign::CampaignBook;
use crate::clock::{Clock, Entropy};
use crate::config::Config;
use crate::pledge::Writer;
use crate::pledge::limit::Limits;
use crate::secrets::{Master, Secrets};
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError};
use crate::totals::Hub;

/// The running product.
pub struct App {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub store: Arc<dyn Store>,
    pub campaigns: CampaignBook,
    pub hub: Hub,
    pub writer: Writer,
    pub secrets: Arc<Secrets>,
    pub limits: Limits,
    seen_revision: tokio::sync::Mutex<i64>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl App {
    /// Opens and migrates the store, loads the campaigns, starts the writer and the watchers.
    pub async fn start(
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> anyhow::Result<Arc<Self>> {
        let (store, secrets) = open(&config, &*entropy).await?;
        let hub = Hub::new(Arc::clone(&clock), store.next_epoch().await?);
        let writer = Writer::start(Arc::clone(&store), hub.clone(), Arc::clone(&clock));
        let limits = Limits::new(config.rate_limit, &*entropy);
        if !config.rate_limit {
            tracing::warn!("RATE LIMITS ARE OFF: this is for load tests only");
        }
        let app = Arc::new(Self {
            config,
            clock,
            entropy,
            store,
            campaigns: CampaignBook::default(),
            hub,
            writer,
            secrets: Arc::new(secrets),
            limits,
            seen_revision: tokio::sync::Mutex::new(-1),
            tasks: Mutex::default(),
        });
        app.refresh().await.context("the campaigns cannot be loaded")?;
        let tasks = [
            every(&app, Duration::from_secs(1), |app| async move { app.watch().await }),
            every(&app, Duration::from_secs(60), |app| async move { app.limits.retain_recent() }),
            every(&app, Duration::from_secs(3600), |app| async move { app.expire().await }),
        ];
        app.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
        Ok(app)
    }

    /// Drains the queue, ends the watchers, closes the store.
    pub async fn stop(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.iter().for_each(JoinHandle::abort);
        self.writer.stop().await;
        self.store.close().await;
    }

    /// Takes over what changed in the store: campaigns applied, counters repaired. Runs each
    /// second by itself; call it to see a change at once.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut seen = self.seen_revision.lock().await;
        let revision = self.store.revision().await?;
        if *seen != revision {
            let campaigns: Vec<_> =
                self.store.campaigns().await?.into_iter().map(Arc::new).collect();
            // The hub first: whoever finds a campaign finds its totals.
            self.hub.reload(&campaigns, &*self.store).await?;
            self.campaigns.replace(&campaigns);
            *seen = revision;
        }
        self.hub.tick();
        Ok(())
    }

    async fn watch(&self) {
        if let Err(error) = self.refresh().await {
            tracing::warn!(%error, "the campaigns could not be looked up; trying again");
        }
    }

    async fn expire(&self) {
        match self.store.expire(self.clock.now()).await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "personal data past its retention was deleted"),
            Err(error) => tracing::warn!(%error, "deleting what is past its retention failed"),
        }
    }
}

/// Opens the store with the key it was made with.
pub async fn open(
    config: &Config,
    entropy: &dyn Entropy,
) -> anyhow::Result<(Arc<dyn Store>, Secrets)> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the data folder {} cannot be made; set --data-dir", config.data_dir.display())
    })?;
    let master = Master::load(config.secret_key.as_ref(), &config.data_dir, entropy)?;
    let secrets = Secrets::derive(&master);
    let store = SqliteStore::open(&config.database)
        .await
        .with_context(|| format!("the database {} cannot be used", config.database.display()))?;
    if !store.claim_key(secrets.check()).await? {
        bail!(
            "the database {} was made with another secret key: set COUNTERSIGN_SECRET_KEY to that \
             key, or put its secret.key back into {}",
            config.database.display(),
            config.data_dir.display()
        );
    }
    Ok((Arc::new(store), secrets))
}

/// Runs `work` now and again, and never holds the app alive.
fn every<F>(
    app: &Arc<App>,
    period: Duration,
    work: impl Fn(Arc<App>) -> F + Send + 'static,
) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send,
{
    let app = Arc::downgrade(app);
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let Some(app) = app.upgrade() else { return };
            work(app).await;
        }
    })
}
