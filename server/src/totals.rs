//! The live totals: one room a campaign, one frame for all who watch it.
//!
//! The store decides; the hub only repeats. It takes absolute counters that were committed and
//! drops whatever is older than what it has, so the order of messages does not matter.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use bytes::Bytes;
use countersign_shared::Totals;
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use crate::aside::Aside;
use crate::clock::Clock;
use crate::store::{CampaignId, Counters, Store, StoreError, StoredCampaign};

mod frame;
pub mod relay;
mod room;

pub use room::FRAME_GAP;
use room::Room;

/// What a reader gets who asks once.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub totals: Totals,
    /// `totals` as JSON.
    pub json: Bytes,
    /// With its quotes. Changes with everything that changes `json`, save `as_of`.
    pub etag: String,
    /// The counters themselves, also where `totals` hides them.
    pub counters: Counters,
    /// When the total fell last, as far as this process has seen it fall.
    pub fell_at: Option<Timestamp>,
}

/// What everybody who watches gets. `delta` and `whole` are whole events of the stream, from
/// `event:` to the empty line.
#[derive(Clone, Debug)]
pub struct Frame {
    /// `epoch:seq`.
    pub id: String,
    /// The id of the frame before. Who has that one needs only `delta`.
    pub previous: String,
    /// With the countries that changed since the frame before.
    pub delta: Bytes,
    /// With all countries.
    pub whole: Bytes,
    /// The campaign is closed: nothing comes after this.
    pub last: bool,
    /// Later frames of a campaign have a higher one.
    number: u64,
}

/// All rooms. Clones share them.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    rooms: RwLock<HashMap<CampaignId, Arc<Room>>>,
    shared: Arc<Shared>,
    /// A batch failed and may be stored all the same: what is shown may be old.
    in_doubt: AtomicBool,
}

/// What all rooms know.
#[derive(Default)]
struct Shared {
    epoch: AtomicU64,
    /// Told of campaigns that this node moved, at the pace of the frames.
    moves: OnceLock<mpsc::Sender<CampaignId>>,
    /// Where viewers are woken from.
    aside: OnceLock<Arc<Aside>>,
}

impl Hub {
    pub fn new(clock: Arc<dyn Clock>, epoch: u64) -> Self {
        let shared = Arc::new(Shared { epoch: AtomicU64::new(epoch), ..Shared::default() });
        let in_doubt = AtomicBool::new(false);
        Self(Arc::new(Inner { clock, rooms: RwLock::default(), shared, in_doubt }))
    }

    /// Rises with every start of a server on this database.
    pub fn epoch(&self) -> u64 {
        self.0.shared.epoch.load(Ordering::Relaxed)
    }

    /// Nodes of one database show one epoch, the highest: a page that changes from one node to
    /// another must not take its frames for old.
    pub fn join_epoch(&self, epoch: u64) {
        let before = self.0.shared.epoch.fetch_max(epoch, Ordering::Relaxed);
        if before < epoch {
            let now = self.0.clock.now();
            self.rooms().iter().for_each(|room| room.join_epoch(now));
        }
    }

    /// From now on frames are handed to viewers on these threads: there may be thousands to wake,
    /// and whoever publishes has pledges to write.
    pub fn announce_from(&self, aside: Arc<Aside>) {
        let _ = self.0.shared.aside.set(aside);
    }

    /// From now on `moves` is told which campaigns this node moved.
    fn tell_of_moves(&self, moves: mpsc::Sender<CampaignId>) {
        // A second relay would send everything twice; there is none.
        let _ = self.0.shared.moves.set(moves);
    }

    fn room(&self, id: CampaignId) -> Option<Arc<Room>> {
        self.0.rooms.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// The counters now, from memory.
    pub fn snapshot(&self, id: CampaignId) -> Option<Arc<Snapshot>> {
        Some(self.room(id)?.snapshot())
    }

    /// Holds the newest frame; start with its `whole`.
    pub fn subscribe(&self, id: CampaignId) -> Option<watch::Receiver<Arc<Frame>>> {
        Some(self.room(id)?.subscribe())
    }

    /// Takes the counters that a batch of this node left behind, and tells the other nodes.
    pub fn publish(&self, id: CampaignId, counters: Counters) {
        if let Some(room) = self.room(id) {
            room.publish(counters, self.0.clock.now(), true);
        }
    }

    /// Takes counters that another node, or the database, told of.
    pub fn merge(&self, id: CampaignId, counters: Counters) {
        if let Some(room) = self.room(id) {
            room.publish(counters, self.0.clock.now(), false);
        }
    }

    /// A batch failed, and nobody knows whether it was stored: the totals must be read anew.
    pub fn doubt(&self) {
        self.0.in_doubt.store(true, Ordering::Relaxed);
    }

    pub fn is_in_doubt(&self) -> bool {
        self.0.in_doubt.load(Ordering::Relaxed)
    }

    /// Reads anew the counters of those campaigns that moved without this node's knowledge. One
    /// query, and one more for each of them.
    pub async fn reread(&self, store: &dyn Store) -> Result<(), StoreError> {
        self.0.in_doubt.store(false, Ordering::Relaxed);
        let reread = async {
            for (id, seq) in store.sequences().await? {
                let shown = self.snapshot(id).map(|snapshot| snapshot.counters.seq);
                if shown.is_some_and(|shown| shown < seq) {
                    metrics::counter!("countersign_relay_rereads_total").increment(1);
                    self.merge(id, store.counters(id).await?);
                }
            }
            Ok(())
        };
        reread.await.inspect_err(|_| self.doubt())
    }

    /// Reads the counters of these campaigns anew, opens rooms for new ones, and tells everybody
    /// what changed. Called at the start, and when the store's revision moved.
    pub async fn reload(
        &self,
        campaigns: &[Arc<StoredCampaign>],
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        for stored in campaigns {
            let room = self.room(stored.id);
            loop {
                let counters = store.counters(stored.id).await?;
                let now = self.0.clock.now();
                match &room {
                    // A batch was committed in between: what was read is older than it.
                    Some(room) if !room.replace(Arc::clone(stored), &counters, now) => continue,
                    Some(_) => break,
                    None => {
                        let shared = Arc::clone(&self.0.shared);
                        let room = Room::new(shared, Arc::clone(stored), counters, now);
                        let mut rooms =
                            self.0.rooms.write().unwrap_or_else(PoisonError::into_inner);
                        rooms.insert(stored.id, Arc::new(room));
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Notices what the clock alone changes: a campaign that closes, or opens again.
    pub fn tick(&self) {
        let now = self.0.clock.now();
        self.rooms().iter().for_each(|room| room.tick(now));
    }

    /// Wakes everybody who watches, though there is nothing new: to look whether the server stops.
    pub fn wake_all(&self) {
        self.rooms().iter().for_each(|room| room.wake());
    }

    fn rooms(&self) -> Vec<Arc<Room>> {
        let rooms = self.0.rooms.read().unwrap_or_else(PoisonError::into_inner);
        rooms.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
