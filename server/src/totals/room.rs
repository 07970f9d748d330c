//! One campaign's counters, its snapshot, and the pace of its frames.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use countersign_shared::{Country, Totals};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::{Frame, Snapshot, frame};
use crate::store::{Counters, StoredCampaign};

/// At most one frame in this time: four a second, which is as fast as people read.
pub const FRAME_GAP: Duration = Duration::from_millis(250);

pub(super) struct Room {
    epoch: u64,
    state: Mutex<State>,
    snapshot: RwLock<Arc<Snapshot>>,
    frames: watch::Sender<Arc<Frame>>,
}

struct State {
    stored: Arc<StoredCampaign>,
    counters: Counters,
    /// What the last frame said.
    sent: Totals,
    sent_at: Option<Instant>,
    /// Countries that changed since the last frame; `None` where more than countries did.
    changed: Option<BTreeSet<Country>>,
    /// A frame will go out when the gap is over.
    scheduled: bool,
}

impl Room {
    pub(super) fn new(
        epoch: u64,
        stored: Arc<StoredCampaign>,
        counters: Counters,
        now: Timestamp,
    ) -> Self {
        let snapshot = frame::snapshot(epoch, &stored, &counters, now);
        let sent = snapshot.totals.clone();
        let (frames, _) = watch::channel(Arc::new(frame::frame(&snapshot, &sent, None)));
        let changed = Some(BTreeSet::new());
        let state = State { stored, counters, sent, sent_at: None, changed, scheduled: false };
        let snapshot = RwLock::new(Arc::new(snapshot));
        Self { epoch, state: Mutex::new(state), snapshot, frames }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Arc<Frame>> {
        self.frames.subscribe()
    }

    pub(super) fn publish(self: &Arc<Self>, changed: Counters, now: Timestamp) {
        let mut state = self.lock();
        if changed.seq <= state.counters.seq {
            return;
        }
        if let Some(pending) = &mut state.changed {
            pending.extend(changed.countries.keys());
        }
        state.counters.seq = changed.seq;
        state.counters.total = changed.total;
        state.counters.reason = changed.reason;
        state.counters.countries.extend(changed.countries);
        self.refresh(&state, now);
        self.send_or_schedule(&mut state);
    }

    /// Takes counters that were read anew, or returns false where they are older than what a
    /// batch brought meanwhile.
    pub(super) fn replace(
        self: &Arc<Self>,
        stored: Arc<StoredCampaign>,
        counters: &Counters,
        now: Timestamp,
    ) -> bool {
        let mut state = self.lock();
        if counters.seq < state.counters.seq {
            return false;
        }
        if state.counters == *counters && state.stored.revision == stored.revision {
            return true;
        }
        state.stored = stored;
        state.counters = counters.clone();
        state.changed = None;
        self.refresh(&state, now);
        self.send_or_schedule(&mut state);
        true
    }

    pub(super) fn tick(&self, now: Timestamp) {
        let mut state = self.lock();
        let open = state.stored.campaign.status(now) != countersign_shared::CampaignStatus::Closed;
        if open != self.snapshot().totals.open {
            state.changed = None;
            self.refresh(&state, now);
            self.send(&mut state);
        }
    }

    fn refresh(&self, state: &State, now: Timestamp) {
        let fresh = frame::snapshot(self.epoch, &state.stored, &state.counters, now);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
    }

    fn send_or_schedule(self: &Arc<Self>, state: &mut State) {
        let free_at = state.sent_at.map(|sent_at| sent_at + FRAME_GAP);
        match free_at.filter(|free_at| *free_at > Instant::now()) {
            None => self.send(state),
            Some(_) if state.scheduled => {}
            Some(free_at) => {
                state.scheduled = true;
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    tokio::time::sleep_until(free_at).await;
                    let mut state = room.lock();
                    state.scheduled = false;
                    room.send(&mut state);
                });
            }
        }
    }

    fn send(&self, state: &mut State) {
        let snapshot = self.snapshot();
        let seen = &snapshot.totals;
        let same = (seen.id(), seen.open, seen.goal)
            == (state.sent.id(), state.sent.open, state.sent.goal);
        // While the count is hidden, the time of a frame would tell of a pledge.
        if same && seen.total == state.sent.total {
            return;
        }
        // A count that just came into sight has countries that no frame showed.
        let changed = state.changed.take().filter(|_| state.sent.total.is_some());
        let frame = frame::frame(&snapshot, &state.sent, changed.as_ref());
        state.sent = snapshot.totals.clone();
        state.sent_at = Some(Instant::now());
        state.changed = Some(BTreeSet::new());
        self.frames.send_replace(Arc::new(frame));
    }
}
