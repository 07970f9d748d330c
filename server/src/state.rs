//! Everything a request needs, started and stopped as one.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::aside::Aside;
use crate::campaign::CampaignBook;
use crate::clock::{Clock, Entropy};
use crate::config::{Config, Database};
use crate::export;
use crate::hooks::{self, Courier};
use crate::insight::alarms::{Alarms, Kind, Level};
use crate::insight::open_data::OpenDataCache;
use crate::insight::visits::VisitCounter;
use crate::mail::{Mailer, Smtp};
use crate::organizer::audit::ProofCache;
use crate::pledge::Writer;
use crate::pledge::limit::Limits;
use crate::secrets::{Master, Secrets};
use crate::store::postgres::PostgresStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{Health, Measured, Store, StoreError};
use crate::supporters::bulk::{self, Bulk};
use crate::totals::Hub;
use crate::totals::relay::{Relay, Transport, nats::Nats, postgres::Notify};

mod hourly;

/// The running product.
pub struct App {
    pub config: Config,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub store: Arc<dyn Store>,
    pub campaigns: CampaignBook,
    pub hub: Hub,
    pub aside: Arc<Aside>,
    pub writer: Writer,
    pub secrets: Arc<Secrets>,
    pub limits: Limits,
    /// Views, starts and shares that are not written yet.
    pub visits: VisitCounter,
    pub alarms: Alarms,
    pub open_data: OpenDataCache,
    pub exports: export::Places,
    /// How far they are.
    pub board: export::Board,
    pub bulk: Bulk,
    pub proof: ProofCache,
    pub courier: Arc<Courier>,
    pub mailer: Arc<Mailer>,
    /// Where other nodes may run on the same database.
    relay: Option<Relay>,
    seen_revision: tokio::sync::Mutex<i64>,
    health: Arc<Health>,
    has_recounted: AtomicBool,
    seconds: AtomicU64,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// With a relay that works, the totals are read anew every so many seconds all the same.
const REREAD_SECONDS: u64 = 10;

/// A database that takes longer than this for a probe takes no writes, whatever it says then.
const PROBE_PATIENCE: Duration = Duration::from_secs(2);

/// How often views are written: a crash takes so many seconds of them with it.
const VISITS_WRITTEN: Duration = Duration::from_secs(5);

/// How often it is looked whether there is a sudden rise.
const ALARMS_JUDGED: Duration = Duration::from_secs(10);

impl App {
    /// Opens and migrates the store, loads the campaigns, starts the writer and the watchers.
    pub async fn start(
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> anyhow::Result<Arc<Self>> {
        let opened = open(&config, &*entropy).await?;
        Self::start_on(opened, config, clock, entropy).await
    }

    /// [`start`](Self::start) on a store of the caller's, which has the place of the database.
    pub async fn start_with_store(
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        store: Arc<dyn Store>,
    ) -> anyhow::Result<Arc<Self>> {
        let secrets = secrets(&config, &*entropy)?;
        Self::start_on(Opened { store, secrets, transport: None }, config, clock, entropy).await
    }

    async fn start_on(
        opened: Opened,
        config: Config,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> anyhow::Result<Arc<Self>> {
        let Opened { store, secrets, transport } = opened;
        let store: Arc<dyn Store> = Arc::new(Measured(store));
        let hub = Hub::new(Arc::clone(&clock), store.next_epoch(clock.now()).await?);
        let aside = Arc::new(Aside::default());
        hub.announce_from(Arc::clone(&aside));
        let health = Arc::new(Health::default());
        let writer =
            Writer::start(Arc::clone(&store), hub.clone(), Arc::clone(&clock), Arc::clone(&health));
        let limits = Limits::new(config.rate_limit, &*entropy);
        if !config.rate_limit {
            tracing::warn!("RATE LIMITS ARE OFF: this is for load tests only");
        }
        if config.allow_local_webhooks {
            tracing::warn!("WEBHOOKS MAY LEAD TO THIS MACHINE: this is for demos and tests only");
        }
        let guard = hooks::Guard::new(config.allow_local_webhooks);
        let courier = Arc::new(Courier::new(hooks::Sender::new(guard)?));
        let mailer = Arc::new(Mailer::new(Smtp::of(&config)?));
        let relay = transport.map(|transport| {
            let mut node = [0; 8];
            entropy.fill(&mut node);
            // JSON readers may take numbers for doubles: 53 bits.
            Relay::start(&hub, &store, transport, u64::from_le_bytes(node) >> 11)
        });
        let bulk = Bulk::new(&*entropy);
        let board = export::Board::new(Arc::clone(&clock));
        let app = Arc::new(Self {
            config,
            clock,
            entropy,
            store,
            campaigns: CampaignBook::default(),
            hub,
            aside,
            writer,
            secrets: Arc::new(secrets),
            limits,
            visits: VisitCounter::default(),
            alarms: Alarms::default(),
            open_data: OpenDataCache::default(),
            exports: export::Places::default(),
            board,
            bulk,
            proof: ProofCache::default(),
            courier,
            mailer,
            relay,
            seen_revision: tokio::sync::Mutex::new(-1),
            health,
            has_recounted: AtomicBool::new(false),
            seconds: AtomicU64::new(0),
            tasks: Mutex::default(),
        });
        app.refresh().await.context("the campaigns cannot be loaded")?;
        let tasks = [
            every(&app, Duration::from_secs(1), |app| async move { app.watch().await }),
            every(&app, VISITS_WRITTEN, |app| async move { app.write_visits().await }),
            every(&app, ALARMS_JUDGED, |app| async move { app.alarms.judge(app.clock.now()) }),
            every(&app, Duration::from_secs(60), |app| async move { app.forget() }),
            every(&app, Duration::from_secs(3600), |app| async move { app.hourly().await }),
            bulk::start(&app),
            Courier::run(&app),
            Mailer::run(&app),
        ];
        app.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
        Ok(app)
    }

    /// What is kept in memory for a while, and that while is over.
    fn forget(&self) {
        self.limits.retain_recent();
        self.board.retain_recent();
    }

    /// Drains the queue, ends the watchers, closes the store; by `deadline`, also where the database
    /// does not answer.
    pub async fn stop_by(&self, deadline: Instant) {
        if tokio::time::timeout_at(deadline, self.stop()).await.is_err() {
            self.writer.give_up();
            tracing::warn!("the database did not answer in time; its connections were cut off");
        }
    }

    /// [`stop_by`](Self::stop_by) without a deadline.
    pub async fn stop(&self) {
        self.mailer.stop().await;
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.iter().for_each(JoinHandle::abort);
        self.courier.stop();
        self.writer.stop().await;
        self.write_visits().await;
        self.store.close().await;
    }

    /// Takes over what changed in the store: campaigns applied, counters repaired. Runs each
    /// second by itself; call it to see a change at once.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut seen = self.seen_revision.lock().await;
        let pulse = self.store.pulse().await?;
        self.hub.join_epoch(pulse.epoch);
        if *seen != pulse.revision {
            let campaigns: Vec<_> =
                self.store.campaigns().await?.into_iter().map(Arc::new).collect();
            // The hub first: whoever finds a campaign finds its totals.
            self.hub.reload(&campaigns, &*self.store).await?;
            self.campaigns.replace(&campaigns);
            *seen = pulse.revision;
        }
        self.hub.tick();
        Ok(())
    }

    /// Whether the database answered within the last second or so. While it does not, the totals
    /// are those that were last known.
    pub fn store_answers(&self) -> bool {
        self.health.answers()
    }

    /// Finds out by a write whether pledges could be stored now.
    pub async fn probe(&self) -> Result<(), StoreError> {
        let probed = tokio::time::timeout(PROBE_PATIENCE, self.store.ready()).await;
        let outcome = probed.unwrap_or_else(|late| Err(StoreError::Unavailable(Box::new(late))));
        self.health.wrote(outcome.is_ok());
        outcome
    }

    /// Writes the views, starts and shares that wait. Runs every few seconds by itself.
    pub async fn write_visits(&self) {
        if let Err(error) = self.visits.flush(&*self.store).await {
            tracing::warn!(%error, "views could not be written; trying again");
        }
    }

    async fn watch(&self) {
        let mut outcome = self.refresh().await;
        if outcome.is_ok() && self.should_reread() {
            outcome = self.hub.reread(&*self.store).await;
        }
        self.health.read(outcome.is_ok());
        if let Err(error) = outcome {
            tracing::warn!(%error, "the campaigns could not be looked up; trying again");
        } else if !self.health.takes_writes()
            && let Err(error) = self.probe().await
        {
            // A disk that is full goes on answering reads.
            tracing::warn!(%error, "the database takes no writes; trying again");
        }
        self.tell_of_the_store();
    }

    fn tell_of_the_store(&self) {
        let text = match (self.health.answers(), self.health.takes_writes()) {
            (true, true) => return self.alarms.clear(Kind::StoreDown, None, ""),
            (true, false) => "The database takes no writes. Pledges are refused until it does.",
            (false, _) => "The database does not answer. Pledges are refused until it does.",
        };
        let now = self.clock.now();
        self.alarms.raise((Kind::StoreDown, Level::Bad), None, "", text.to_owned(), now);
    }

    /// Whether the totals may have moved without this node's knowledge.
    fn should_reread(&self) -> bool {
        let second = self.seconds.fetch_add(1, Ordering::Relaxed);
        let told = self.relay.as_ref().is_some_and(Relay::is_up);
        let by_others = self.store.shared() && (!told || second.is_multiple_of(REREAD_SECONDS));
        self.hub.is_in_doubt() || by_others
    }
}

/// A store, the key that goes with it, and a way to other nodes where there may be some.
pub struct Opened {
    pub store: Arc<dyn Store>,
    pub secrets: Secrets,
    transport: Option<Arc<dyn Transport>>,
}

/// Opens the store with the key it was made with.
pub async fn open(config: &Config, entropy: &dyn Entropy) -> anyhow::Result<Opened> {
    let secrets = secrets(config, entropy)?;
    let named = || format!("the database {} cannot be used", config.database);
    let (store, transport): (Arc<dyn Store>, Option<Arc<dyn Transport>>) = match &config.database {
        Database::Sqlite(path) => {
            (Arc::new(SqliteStore::open(path).await.with_context(named)?), None)
        }
        Database::Postgres(url) => {
            let opened = PostgresStore::open(url.expose_secret(), config.database_connections);
            let store = opened.await.with_context(named)?;
            let transport: Arc<dyn Transport> = match &config.relay_url {
                Some(url) => Arc::new(Nats::new(url.expose_secret(), secrets.installation())),
                None => Arc::new(Notify::new(store.options())),
            };
            (Arc::new(store), Some(transport))
        }
    };
    if !store.claim_keys(&secrets.checks()).await? {
        bail!(
            "the database {} was made with another secret key, or knows a later edition of it: set \
             COUNTERSIGN_SECRET_KEY to that key, or put its secret.key back into {}",
            config.database,
            config.data_dir.display()
        );
    }
    Ok(Opened { store, secrets, transport })
}

fn secrets(config: &Config, entropy: &dyn Entropy) -> anyhow::Result<Secrets> {
    std::fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the data folder {} cannot be made; set --data-dir", config.data_dir.display())
    })?;
    let master = Master::load(config.secret_key.as_ref(), &config.data_dir, entropy)?;
    Ok(Secrets::derive(&master))
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
