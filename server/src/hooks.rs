//! Webhooks: messages from the outbox to the organizers' own servers, in the form of
//! <https://www.standardwebhooks.com>.
//!
//! Messages are written in the transaction of what they tell. A courier on each node takes what is
//! due, signs it, sends it, and tries again for three days. Whatever a receiver does, pledges never
//! wait for it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::MissedTickBehavior;

use crate::App;
use crate::store::hooks::StoredHook;
use crate::store::{CampaignId, Result, StoreError};

pub mod guard;
mod message;
mod round;
mod send;

pub use guard::Guard;
pub use message::test_message;
pub use send::{SendError, Sender};

/// After the first try and each that failed, in seconds: ten tries in about three days, as Standard
/// Webhooks suggests.
pub const RETRIES: [i64; 9] =
    [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600];

/// So many messages may wait for one webhook. Beyond it the oldest are dropped, and counted where
/// the organizer sees it.
pub const PENDING_MOST: u32 = 100_000;

/// How often the outbox is looked at, where nobody says that there is something in it.
const LOOK: Duration = Duration::from_secs(1);
/// Every so many looks, what is too much and too old goes.
const TIDY_LOOKS: u64 = 10;

/// Sends what the outbox holds.
pub struct Courier {
    sender: Sender,
    /// Webhooks that something is being sent to by this node.
    busy: Mutex<HashSet<i64>>,
    rounds: Mutex<JoinSet<()>>,
    wake: Notify,
}

impl Courier {
    pub fn new(sender: Sender) -> Self {
        let (busy, rounds) = (Mutex::default(), Mutex::default());
        Self { sender, busy, rounds, wake: Notify::new() }
    }

    /// Whether messages may go to this address, as far as it can be told before they do.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, url: &str) -> std::result::Result<(), guard::Refused> {
        self.sender.guard().url(url).map(drop)
    }

    /// Looks at the outbox at once.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Stops sending. What was under way is sent again by whoever runs next, under the same id.
    pub fn stop(&self) {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    /// Runs until the app is gone.
    pub fn run(app: &Arc<App>) -> JoinHandle<()> {
        let (courier, app) = (Arc::clone(&app.courier), Arc::downgrade(app));
        tokio::spawn(courier.look_again_and_again(app))
    }

    async fn look_again_and_again(self: Arc<Self>, app: Weak<App>) {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = 0u64;
        loop {
            tokio::select! {
                _ = ticks.tick() => looks += 1,
                () = self.wake.notified() => {}
            }
            let Some(app) = app.upgrade() else { return };
            let mut done = self.look(&app).await;
            if looks.is_multiple_of(TIDY_LOOKS) && done.is_ok() {
                done = tidy(&app).await;
            }
            match done {
                // A store without webhooks, or an outage that others speak of.
                Ok(()) | Err(StoreError::Refused(_)) => {}
                Err(error) => tracing::warn!(%error, "the outbox of webhooks was not looked at"),
            }
        }
    }

    /// Begins a round for each webhook that has something to get.
    async fn look(self: &Arc<Self>, app: &Arc<App>) -> Result<()> {
        for hook in app.store.due_webhooks(app.clock.now()).await? {
            let Some(busy) = Busy::with(self, hook.id) else { continue };
            let mut rounds = self.rounds.lock().unwrap_or_else(PoisonError::into_inner);
            while rounds.try_join_next().is_some() {}
            rounds.spawn(round::run(Arc::clone(app), hook, busy));
        }
        Ok(())
    }
}

async fn tidy(app: &App) -> Result<()> {
    let dropped = app.store.tidy_deliveries(PENDING_MOST, app.clock.now()).await?;
    if dropped > 0 {
        tracing::warn!(dropped, "a webhook's receiver is down and its outbox is full");
        count("dropped", dropped);
    }
    let pending = app.store.pending_deliveries().await?;
    metrics::gauge!("countersign_webhook_pending").set(pending as f64);
    Ok(())
}

fn count(outcome: &'static str, messages: u64) {
    metrics::counter!("countersign_webhook_deliveries_total", "outcome" => outcome)
        .increment(messages);
}

/// One round at a time a webhook and node.
struct Busy {
    courier: Arc<Courier>,
    hook: i64,
}

impl Busy {
    fn with(courier: &Arc<Courier>, hook: i64) -> Option<Self> {
        let mut busy = courier.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.insert(hook).then(|| Self { courier: Arc::clone(courier), hook })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.courier.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.hook);
    }
}

/// A webhook that organizers should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Failing {
    pub id: i64,
    /// Since when nothing arrives; absent where it is switched off.
    pub since: Option<Timestamp>,
    /// Why it was switched off by itself.
    pub disabled: Option<String>,
    pub last_error: Option<String>,
    pub pending: u64,
    pub dropped: u64,
}

/// The campaign's webhooks whose receivers do not answer as they should.
pub async fn failing(app: &App, campaign: CampaignId) -> Result<Vec<Failing>> {
    let hooks = app.store.webhooks(campaign, None).await?;
    let fails = |hook: &StoredHook| hook.failing_since.is_some() || hook.disabled_reason.is_some();
    let failing = |hook: StoredHook| Failing {
        id: hook.id,
        since: hook.failing_since,
        disabled: hook.disabled_reason,
        last_error: hook.last_error,
        pending: hook.pending,
        dropped: hook.dropped,
    };
    Ok(hooks.into_iter().filter(fails).map(failing).collect())
}
