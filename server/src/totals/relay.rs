//! Carries totals between the nodes that share a database.
//!
//! A message is a whole snapshot of one campaign with its sequence, so order and loss do not
//! matter: whoever gets an older one drops it, and whoever missed some reads the totals anew. A
//! node sends when it shows: at most four times a second and campaign, after the commit, never
//! inside it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_shared::Country;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::Hub;
use crate::store::{CampaignId, Counters, Store};

pub mod nats;
pub mod postgres;

/// Each node hears its own heartbeat, so silence means that the relay is gone.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// This long without any message, and the relay is built up anew.
const SILENCE: Duration = Duration::from_secs(15);

/// Between tries to reach a relay that is gone.
const BACK_OFF: Duration = Duration::from_secs(1);

/// Messages that wait to be sent. What finds no room is caught up by reading anew.
const WAITING: usize = 1_024;

/// What is heard, until the connection is lost.
pub type Heard = BoxStream<'static, anyhow::Result<String>>;

/// A way to reach all nodes, this one included.
#[async_trait::async_trait]
pub trait Transport: Send + Sync + 'static {
    async fn send(&self, message: String) -> anyhow::Result<()>;

    /// Everything that is sent from now on.
    async fn listen(&self) -> anyhow::Result<Heard>;
}

/// On the wire, as JSON. Unknown fields are ignored, so that nodes of two versions get along.
#[derive(serde::Serialize, serde::Deserialize)]
struct Message {
    /// Who sent it: a node drops its own.
    node: u64,
    epoch: u64,
    /// Absent in a heartbeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    totals: Option<Moved>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Moved {
    campaign: i64,
    seq: u64,
    total: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    countries: BTreeMap<String, u64>,
}

/// The relay of this node, running.
pub struct Relay {
    up: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Relay {
    /// Starts to send what `hub` shows and to take in what others sent. `node` names this one.
    pub fn start(
        hub: &Hub,
        store: &Arc<dyn Store>,
        transport: Arc<dyn Transport>,
        node: u64,
    ) -> Self {
        describe();
        let (outgoing, waiting) = mpsc::channel(WAITING);
        hub.tell_of_moves(outgoing);
        let up = Arc::new(AtomicBool::new(false));
        let sender =
            Sender { hub: hub.clone(), transport: Arc::clone(&transport), node, failing: false };
        let listener = Listener {
            hub: hub.clone(),
            store: Arc::clone(store),
            transport,
            node,
            up: Arc::clone(&up),
        };
        let tasks = vec![tokio::spawn(sender.run(waiting)), tokio::spawn(listener.run())];
        Self { up, tasks }
    }

    /// Whether messages came through lately.
    pub fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

struct Sender {
    hub: Hub,
    transport: Arc<dyn Transport>,
    node: u64,
    failing: bool,
}

impl Sender {
    async fn run(mut self, mut waiting: mpsc::Receiver<CampaignId>) {
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let message = tokio::select! {
                biased;
                moved = waiting.recv() => match moved {
                    Some(id) => self.hub.snapshot(id).map(|now| self.message(id, &now.counters)),
                    None => return,
                },
                _ = beat.tick() => {
                    let heartbeat =
                        Message { node: self.node, epoch: self.hub.epoch(), totals: None };
                    Some(written(&heartbeat))
                }
            };
            if let Some(message) = message {
                self.send(message).await;
            }
        }
    }

    fn message(&self, id: CampaignId, counters: &Counters) -> String {
        let countries = counters.countries.iter();
        let moved = Moved {
            campaign: id.0,
            seq: counters.seq,
            total: counters.total,
            reason: counters.reason.clone(),
            countries: countries.map(|(code, n)| (code.as_str().to_owned(), *n)).collect(),
        };
        written(&Message { node: self.node, epoch: self.hub.epoch(), totals: Some(moved) })
    }

    /// What cannot be sent is not kept: by the time the relay is back it would be old, and the
    /// others have read the totals anew.
    async fn send(&mut self, message: String) {
        let sent = self.transport.send(message).await;
        match &sent {
            Ok(()) => metrics::counter!("countersign_relay_sent_total").increment(1),
            Err(error) if !self.failing => {
                tracing::warn!(error = format!("{error:#}"), "the relay takes no messages");
            }
            Err(_) => {}
        }
        self.failing = sent.is_err();
    }
}

struct Listener {
    hub: Hub,
    store: Arc<dyn Store>,
    transport: Arc<dyn Transport>,
    node: u64,
    up: Arc<AtomicBool>,
}

impl Listener {
    async fn run(self) {
        let mut said = false;
        loop {
            match self.transport.listen().await {
                Ok(heard) => {
                    tracing::info!("the relay is connected");
                    said = false;
                    self.hear(heard).await;
                    self.set_up(false);
                    tracing::warn!("the relay is lost; totals are read from the database");
                }
                Err(error) if !said => {
                    said = true;
                    let error = format!("{error:#}");
                    tracing::warn!(error, "the relay cannot be reached; trying again");
                }
                Err(_) => {}
            }
            tokio::time::sleep(BACK_OFF).await;
        }
    }

    fn set_up(&self, up: bool) {
        self.up.store(up, Ordering::Relaxed);
        metrics::gauge!("countersign_relay_up").set(f64::from(u8::from(up)));
    }

    /// Returns when the connection is lost or silent.
    async fn hear(&self, mut heard: Heard) {
        // Whatever was sent before this node listened.
        self.reread().await;
        while let Ok(Some(Ok(text))) = tokio::time::timeout(SILENCE, heard.next()).await {
            self.set_up(true);
            self.take(&text).await;
        }
    }

    async fn take(&self, text: &str) {
        let Ok(message) = serde_json::from_str::<Message>(text) else {
            tracing::warn!("the relay brought something that is no message of ours");
            return;
        };
        if message.node == self.node {
            return;
        }
        metrics::counter!("countersign_relay_received_total").increment(1);
        self.hub.join_epoch(message.epoch);
        let Some(moved) = message.totals else { return };
        let id = CampaignId(moved.campaign);
        match countries(moved.countries) {
            Some(countries) => {
                let Moved { seq, total, reason, .. } = moved;
                self.hub.merge(id, Counters { seq, total, countries, reason });
            }
            None => self.reread().await,
        }
    }

    async fn reread(&self) {
        if let Err(error) = self.hub.reread(&*self.store).await {
            tracing::warn!(%error, "the totals could not be read anew; trying again");
        }
    }
}

/// `None` where a newer node knows a country that this one does not.
fn countries(counted: BTreeMap<String, u64>) -> Option<BTreeMap<Country, u64>> {
    counted.into_iter().map(|(code, n)| Some((Country::parse(&code).ok()?, n))).collect()
}

fn written(message: &Message) -> String {
    // Numbers, strings and a map with string keys: this cannot fail.
    serde_json::to_string(message).unwrap_or_default()
}

fn describe() {
    metrics::describe_gauge!(
        "countersign_relay_up",
        "Whether messages of other nodes come through"
    );
    metrics::describe_counter!("countersign_relay_sent_total", "Messages sent to other nodes");
    metrics::describe_counter!("countersign_relay_received_total", "Messages of other nodes");
    metrics::gauge!("countersign_relay_up").set(0.0);
}

#[cfg(test)]
mod tests;
