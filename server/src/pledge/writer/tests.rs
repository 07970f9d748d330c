#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, Ordering};

use countersign_shared::Country;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::*;
use crate::campaign::Campaign;
use crate::clock::ManualClock;
use crate::store::audit::Entry;
use crate::store::{
    Applied, Batch, Bucket, CampaignId, Counters, Expired, HistoryPoint, Identity, Pulse, Recount,
    Renew, Result, RowStream, StoreError, StoredCampaign, Verdict,
};

/// A store that writes when it is told to, and remembers the sizes of its batches.
struct Gated {
    gate: Semaphore,
    batches: Mutex<Vec<usize>>,
    entered: watch::Sender<usize>,
    broken: AtomicBool,
    panics: AtomicBool,
}

impl Gated {
    fn new(open: usize) -> Arc<Self> {
        Arc::new(Self {
            gate: Semaphore::new(open),
            batches: Mutex::default(),
            entered: watch::channel(0).0,
            broken: AtomicBool::new(false),
            panics: AtomicBool::new(false),
        })
    }

    fn batches(&self) -> Vec<usize> {
        self.batches.lock().unwrap().clone()
    }
}

impl crate::store::Campaigns for Gated {}
impl crate::store::AuditLog for Gated {}
impl crate::store::Organizers for Gated {}
impl crate::store::Sessions for Gated {}
impl crate::store::Tokens for Gated {}
impl crate::store::Insight for Gated {}
impl crate::store::Supporters for Gated {}
impl crate::store::Offline for Gated {}
impl crate::store::Hooks for Gated {}
impl crate::store::Mails for Gated {}

#[async_trait::async_trait]
impl Store for Gated {
    fn record(&self, batch: Vec<NewPledge>, _: Timestamp) -> BoxFuture<'_, Result<Batch>> {
        async move {
            self.entered.send_modify(|entered| *entered += 1);
            self.gate.acquire().await.unwrap().forget();
            assert!(!self.panics.load(Ordering::SeqCst), "as the test wants it");
            if self.broken.load(Ordering::SeqCst) {
                return Err(StoreError::Unavailable("the disk is full".into()));
            }
            self.batches.lock().unwrap().push(batch.len());
            let outcomes = (1..=batch.len() as u64).map(|number| Outcome::Counted { number });
            Ok(Batch { outcomes: outcomes.collect(), changed: Vec::new() })
        }
        .boxed()
    }

    async fn apply_campaign(&self, _: &Campaign, _: Timestamp) -> Result<Applied> {
        unreachable!()
    }
    async fn campaigns(&self) -> Result<Vec<StoredCampaign>> {
        unreachable!()
    }
    async fn pulse(&self) -> Result<Pulse> {
        unreachable!()
    }
    async fn claim_keys(&self, _: &[(u16, [u8; 16])]) -> Result<bool> {
        unreachable!()
    }
    async fn rekey(&self, _: i64, _: Renew) -> Result<Option<i64>> {
        unreachable!()
    }
    async fn next_epoch(&self, _: Timestamp) -> Result<u64> {
        unreachable!()
    }
    async fn counters(&self, _: CampaignId) -> Result<Counters> {
        unreachable!()
    }
    async fn sequences(&self) -> Result<Vec<(CampaignId, u64)>> {
        unreachable!()
    }
    async fn history(&self, _: CampaignId, _: Bucket, _: Timestamp) -> Result<Vec<HistoryPoint>> {
        unreachable!()
    }
    async fn export(&self, _: CampaignId) -> Result<RowStream> {
        unreachable!()
    }
    async fn recount(&self, _: bool) -> Result<Vec<Recount>> {
        unreachable!()
    }
    async fn backup(&self, _: &std::path::Path) -> Result<()> {
        unreachable!()
    }
    async fn expire(&self, _: Timestamp, _: &Entry) -> Result<Expired> {
        unreachable!()
    }
    async fn claim_hour(&self, _: Timestamp) -> Result<bool> {
        unreachable!()
    }
    async fn ready(&self) -> Result<()> {
        unreachable!()
    }
    fn shared(&self) -> bool {
        false
    }
    async fn close(&self) {}
}

fn pledge() -> NewPledge {
    NewPledge {
        campaign: CampaignId(1),
        identity: Identity { key_version: 1, fingerprint: [0; 16], sealed: Vec::new() },
        earlier: Vec::new(),
        request: None,
        verdict: Verdict::Count,
        country: Country::parse("KE").unwrap(),
        locale: String::new(),
        public_name: false,
        updates: false,
        suspicious: false,
        source: String::new(),
        receipt: String::new(),
        mail: None,
    }
}

fn writer(store: &Arc<Gated>) -> Arc<Writer> {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    let hub = Hub::new(Arc::clone(&clock), 1);
    let health = Arc::new(Health::default());
    Arc::new(Writer::start(Arc::clone(store) as Arc<dyn Store>, hub, clock, health))
}

fn send(writer: &Arc<Writer>) -> JoinHandle<std::result::Result<Outcome, WriteError>> {
    let writer = Arc::clone(writer);
    tokio::spawn(async move { writer.record(pledge()).await })
}

/// Sends one and waits until the store holds it.
async fn occupy(
    writer: &Arc<Writer>,
    store: &Gated,
) -> JoinHandle<std::result::Result<Outcome, WriteError>> {
    let first = send(writer);
    store.entered.subscribe().wait_for(|entered| *entered == 1).await.unwrap();
    first
}

#[tokio::test]
async fn a_batch_is_what_waited_while_the_last_one_was_written() {
    let store = Gated::new(0);
    let writer = writer(&store);
    let first = occupy(&writer, &store).await;
    let rest: Vec<_> = (0..50).map(|_| send(&writer)).collect();
    while writer.queue.capacity() > QUEUE - 50 {
        tokio::task::yield_now().await;
    }
    store.gate.add_permits(2);
    first.await.unwrap().unwrap();
    for answer in rest {
        answer.await.unwrap().unwrap();
    }
    assert_eq!(store.batches(), [1, 50]);
}

#[tokio::test]
async fn a_full_queue_is_busy_and_never_blocks() {
    let store = Gated::new(0);
    let writer = writer(&store);
    let first = occupy(&writer, &store).await;
    let waiting: Vec<_> = (0..QUEUE).map(|_| send(&writer)).collect();
    while writer.queue.capacity() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(writer.record(pledge()).await, Err(WriteError::Busy));
    store.gate.add_permits(100);
    first.await.unwrap().unwrap();
    for answer in waiting {
        answer.await.unwrap().unwrap();
    }
    assert!(store.batches().iter().all(|size| *size <= BATCH), "{:?}", store.batches());
}

#[tokio::test]
async fn a_failed_batch_is_unavailable_and_the_next_goes_through() {
    let store = Gated::new(2);
    let writer = writer(&store);
    store.broken.store(true, Ordering::SeqCst);
    assert_eq!(writer.record(pledge()).await, Err(WriteError::Unavailable));
    store.broken.store(false, Ordering::SeqCst);
    assert_eq!(writer.record(pledge()).await, Ok(Outcome::Counted { number: 1 }));
}

#[tokio::test]
async fn a_batch_that_panics_is_unavailable_and_the_next_goes_through() {
    let store = Gated::new(2);
    let writer = writer(&store);
    store.panics.store(true, Ordering::SeqCst);
    assert_eq!(writer.record(pledge()).await, Err(WriteError::Unavailable));
    store.panics.store(false, Ordering::SeqCst);
    assert_eq!(writer.record(pledge()).await, Ok(Outcome::Counted { number: 1 }));
}

#[tokio::test]
async fn stopping_drains_the_queue_and_takes_nothing_new() {
    let store = Gated::new(0);
    let writer = writer(&store);
    let first = occupy(&writer, &store).await;
    let rest: Vec<_> = (0..10).map(|_| send(&writer)).collect();
    while writer.queue.capacity() > QUEUE - 10 {
        tokio::task::yield_now().await;
    }
    let stopping = tokio::spawn({
        let writer = Arc::clone(&writer);
        async move { writer.stop().await }
    });
    store.gate.add_permits(10);
    stopping.await.unwrap();
    assert_eq!(store.batches().iter().sum::<usize>(), 11);
    first.await.unwrap().unwrap();
    for answer in rest {
        answer.await.unwrap().unwrap();
    }
    assert_eq!(writer.record(pledge()).await, Err(WriteError::Unavailable));
    writer.stop().await;
}

#[tokio::test]
async fn a_client_that_disconnects_mid_request_has_signed_all_the_same() {
    let store = Gated::new(0);
    let writer = writer(&store);
    let first = occupy(&writer, &store).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    store.gate.add_permits(1);
    writer.stop().await;
    assert_eq!(store.batches(), [1]);
}

#[tokio::test]
async fn whoever_waits_for_a_store_that_hangs_is_told_so_when_the_server_gives_up() {
    let store = Gated::new(0);
    let writer = writer(&store);
    let first = occupy(&writer, &store).await;
    let rest: Vec<_> = (0..10).map(|_| send(&writer)).collect();
    while writer.unfinished() < 11 {
        tokio::task::yield_now().await;
    }
    assert_eq!(writer.give_up(), 11);
    for answer in rest.into_iter().chain([first]) {
        assert_eq!(answer.await.unwrap(), Err(WriteError::Unavailable));
    }
    writer.stop().await;
    assert_eq!(writer.record(pledge()).await, Err(WriteError::Unavailable));
    assert_eq!(store.batches(), [0; 0]);
}

#[tokio::test]
async fn giving_up_leaves_a_writer_that_has_nothing_to_do_in_peace() {
    let store = Gated::new(1);
    let writer = writer(&store);
    writer.record(pledge()).await.unwrap();
    assert_eq!(writer.give_up(), 0);
    writer.stop().await;
    assert_eq!(store.batches(), [1]);
}
