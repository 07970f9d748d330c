//! The live totals: one room a campaign, one frame for all who watch it.
//!
//! The store decides; the hub only repeats. It takes absolute counters that were committed and
//! drops whatever is older than what it has, so the order of messages does not matter.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use countersign_shared::Totals;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::store::{CampaignId, Counters, Store, StoreError, StoredCampaign};

mod frame;
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
}

/// All rooms. Clones share them.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    epoch: u64,
    rooms: RwLock<HashMap<CampaignId, Arc<Room>>>,
}

impl Hub {
    pub fn new(clock: Arc<dyn Clock>, epoch: u64) -> Self {
        Self(Arc::new(Inner { clock, epoch, rooms: RwLock::default() }))
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

    /// Takes what a committed batch changed: `countries` holds only those that changed.
    pub fn publish(&self, id: CampaignId, changed: Counters) {
        if let Some(room) = self.room(id) {
            room.publish(changed, self.0.clock.now());
        }
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
                        let room = Room::new(self.0.epoch, Arc::clone(stored), counters, now);
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
        let rooms: Vec<_> = {
            let rooms = self.0.rooms.read().unwrap_or_else(PoisonError::into_inner);
            rooms.values().cloned().collect()
        };
        rooms.iter().for_each(|room| room.tick(now));
    }
}

#[cfg(test)]
mod tests;
