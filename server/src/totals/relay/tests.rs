#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use countersign_shared::Slug;
use futures_util::stream;
use jiff::Timestamp;
use tokio::sync::{broadcast, watch};

use super::*;
use crate::campaign::Campaign;
use crate::clock::ManualClock;
use crate::store::StoredCampaign;
use crate::store::sqlite::SqliteStore;

/// A relay within this process that can be cut.
#[derive(Clone)]
struct Wire {
    messages: broadcast::Sender<String>,
    cut: watch::Sender<bool>,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    fn new() -> Self {
        let (messages, cut) = (broadcast::channel(1_000).0, watch::channel(false).0);
        Self { messages, cut, sent: Arc::default() }
    }

    fn sent(&self) -> Vec<serde_json::Value> {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    }
}

#[async_trait::async_trait]
impl Transport for Wire {
    async fn send(&self, message: String) -> anyhow::Result<()> {
        anyhow::ensure!(!*self.cut.borrow(), "cut");
        self.sent.lock().unwrap().push(message.clone());
        let _ = self.messages.send(message);
        Ok(())
    }

    async fn listen(&self) -> anyhow::Result<Heard> {
        anyhow::ensure!(!*self.cut.borrow(), "cut");
        let state = (self.messages.subscribe(), self.cut.subscribe());
        Ok(stream::unfold(state, |(mut messages, mut cut)| async move {
            let heard = tokio::select! {
                heard = messages.recv() => heard.ok(),
                _ = cut.wait_for(|cut| *cut) => None,
            };
            Some((Ok(heard?), (messages, cut)))
        })
        .boxed())
    }
}

struct Node {
    hub: Hub,
    relay: Relay,
}

impl Node {
    async fn on(store: &Arc<dyn Store>, wire: &Wire, name: u64) -> Self {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let hub = Hub::new(Arc::new(clock), name);
        let campaigns: Vec<_> =
            store.campaigns().await.unwrap().into_iter().map(Arc::new).collect();
        hub.reload(&campaigns, &**store).await.unwrap();
        let relay = Relay::start(&hub, store, Arc::new(wire.clone()), name);
        eventually(|| relay.is_up()).await;
        Self { hub, relay }
    }

    fn total(&self, id: CampaignId) -> Option<u64> {
        self.hub.snapshot(id).unwrap().totals.total
    }
}

async fn eventually(mut is_so: impl FnMut() -> bool) {
    let asking = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asking).await.expect("it comes to be so");
}

async fn store() -> (tempfile::TempDir, Arc<dyn Store>, CampaignId) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
    let toml = "slug = 'c'\ndefault_locale = 'en'\norigins = ['*']\ncontroller = 'Us'\n\
         contact = 'us@example.org'\nretention_days = 30\n[texts.en]\ntitle = 'T'\n\
         pledge = 'P'\nthanks = 'Y'\nbutton = 'B'\nprivacy = 'R'\n";
    let campaign = Campaign::from_toml(toml).unwrap();
    store.apply_campaign(&campaign, Timestamp::UNIX_EPOCH).await.unwrap();
    let StoredCampaign { id, campaign, .. } = store.campaigns().await.unwrap().remove(0);
    assert_eq!(campaign.slug, Slug::parse("c").unwrap());
    (folder, Arc::new(store), id)
}

fn counters(seq: u64, countries: &[(&str, u64)]) -> Counters {
    let countries: BTreeMap<_, _> =
        countries.iter().map(|(code, n)| (Country::parse(code).unwrap(), *n)).collect();
    Counters { seq, total: countries.values().sum(), countries, reason: None }
}

#[tokio::test]
async fn what_one_node_publishes_the_other_shows_and_does_not_send_back() {
    let (_folder, store, id) = store().await;
    let wire = Wire::new();
    let (one, two) = (Node::on(&store, &wire, 1).await, Node::on(&store, &wire, 2).await);
    one.hub.publish(id, counters(1, &[("KE", 1)]));
    eventually(|| two.total(id) == Some(1)).await;
    two.hub.publish(id, counters(2, &[("KE", 1), ("FR", 1)]));
    eventually(|| one.total(id) == Some(2)).await;
    let totals: Vec<_> = wire.sent().into_iter().filter(|it| it["totals"].is_object()).collect();
    let senders: Vec<_> = totals.iter().map(|it| it["node"].as_u64().unwrap()).collect();
    assert_eq!(senders, [1, 2]);
    assert_eq!(one.hub.epoch(), 2, "both show the higher epoch");
}

#[tokio::test]
async fn an_older_message_is_dropped() {
    let (_folder, store, id) = store().await;
    let wire = Wire::new();
    let (one, two) = (Node::on(&store, &wire, 1).await, Node::on(&store, &wire, 2).await);
    two.hub.merge(id, counters(5, &[("KE", 5)]));
    one.hub.publish(id, counters(4, &[("KE", 4)]));
    let sent = || wire.sent().iter().any(|it| it["totals"]["seq"] == 4);
    eventually(sent).await;
    one.hub.publish(id, counters(6, &[("KE", 6)]));
    eventually(|| two.total(id) == Some(6)).await;
    assert_eq!(two.hub.snapshot(id).unwrap().counters, counters(6, &[("KE", 6)]));
}

#[tokio::test]
async fn a_relay_that_is_gone_is_seen_and_comes_back() {
    let (_folder, store, _) = store().await;
    let wire = Wire::new();
    let node = Node::on(&store, &wire, 1).await;
    wire.cut.send_replace(true);
    eventually(|| !node.relay.is_up()).await;
    wire.cut.send_replace(false);
    eventually(|| node.relay.is_up()).await;
}

#[test]
fn a_message_with_every_country_fits_into_a_notification() {
    let hub = Hub::new(Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH)), u64::MAX);
    let transport = Arc::new(Wire::new());
    let sender = Sender { hub, transport, node: u64::MAX, failing: false };
    let countries: BTreeMap<_, _> = Country::all().map(|country| (country, u64::MAX)).collect();
    assert!(countries.len() > 240);
    let reason = Some("recount".into());
    let largest = Counters { seq: u64::MAX, total: u64::MAX, countries, reason };
    // Postgres takes 7,999 bytes.
    assert!(sender.message(CampaignId(i64::MAX), &largest).len() < 7_999);
}
