//! One campaign's counters, its snapshot, and the pace of its frames.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use countersign_shared::{Country, Totals};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::{Frame, Shared, Snapshot, frame};
use crate::store::{Counters, StoredCampaign};

/// At most one frame in this time: four a second, which is as fast as people read.
pub const FRAME_GAP: Duration = Duration::from_millis(250);

pub(super) struct Room {
    shared: Arc<Shared>,
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
    /// Of that frame.
    number: u64,
    /// Countries that changed since the last frame; `None` where more than countries did.
    changed: Option<BTreeSet<Country>>,
    /// A frame will go out when the gap is over.
    scheduled: bool,
    /// This node moved the counters, and the others were not told yet.
    untold: bool,
}

impl Room {
    pub(super) fn new(
        shared: Arc<Shared>,
        stored: Arc<StoredCampaign>,
        counters: Counters,
        now: Timestamp,
    ) -> Self {
        let epoch = shared.epoch.load(Ordering::Relaxed);
        let snapshot = frame::snapshot(epoch, &stored, &counters, now);
        let sent = snapshot.totals.clone();
        let (frames, _) = watch::channel(Arc::new(frame::frame(&snapshot, &sent, None, 0)));
        let changed = Some(BTreeSet::new());
        let state = State {
            stored,
            counters,
            sent,
            sent_at: None,
            number: 0,
            changed,
            scheduled: false,
            untold: false,
        };
        let snapshot = RwLock::new(Arc::new(snapshot));
        Self { shared, state: Mutex::new(state), snapshot, frames }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn wake(&self) {
        self.frames.send_modify(|_| {});
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Arc<Frame>> {
        self.frames.subscribe()
    }

    /// Takes counters that are newer than those shown; `ours` where this node moved them.
    pub(super) fn publish(self: &Arc<Self>, fresh: Counters, now: Timestamp, ours: bool) {
        let mut state = self.lock();
        if fresh.seq <= state.counters.seq {
            return;
        }
        state.untold |= ours;
        let State { changed, counters, .. } = &mut *state;
        if let Some(changed) = changed {
            let moved =
                |country: &Country| fresh.countries.get(country) != counters.countries.get(country);
            let all = fresh.countries.keys().chain(counters.countries.keys());
            changed.extend(all.copied().filter(moved));
        }
        // A country that is gone shows in a whole frame only.
        if counters.countries.keys().any(|country| !fresh.countries.contains_key(country)) {
            *changed = None;
        }
        *counters = fresh;
        self.refresh(&state, now);
        self.send_or_schedule(&mut state);
    }

    /// The epoch rose: snapshots name it at once, frames from the next one on.
    pub(super) fn join_epoch(&self, now: Timestamp) {
        self.refresh(&self.lock(), now);
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
        let open = !state.stored.campaign.is_over(now);
        if open != self.snapshot().totals.open {
            state.changed = None;
            self.refresh(&state, now);
            self.send(&mut state);
        }
    }

    fn refresh(&self, state: &State, now: Timestamp) {
        let epoch = self.shared.epoch.load(Ordering::Relaxed);
        let mut fresh = frame::snapshot(epoch, &state.stored, &state.counters, now);
        let before = self.snapshot();
        let falls = fresh.counters.total < before.counters.total;
        fresh.fell_at = if falls { Some(now) } else { before.fell_at };
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
        if std::mem::take(&mut state.untold)
            && let Some(moves) = self.shared.moves.get()
        {
            // Where there is no room the others read anew.
            let _ = moves.try_send(state.stored.id);
            // The others are told at the pace of the frames, also while there is no frame to send.
            state.sent_at = Some(Instant::now());
        }
        let snapshot = self.snapshot();
        let seen = &snapshot.totals;
        let said = |totals: &Totals| (totals.id(), totals.open, totals.goal, totals.revision);
        let same = said(seen) == said(&state.sent);
        // While the count is hidden, the time of a frame would tell of a pledge.
        if same && seen.total == state.sent.total {
            return;
        }
        // A count that just came into sight has countries that no frame showed.
        let changed = state.changed.take().filter(|_| state.sent.total.is_some());
        state.number += 1;
        let frame = frame::frame(&snapshot, &state.sent, changed.as_ref(), state.number);
        state.sent = snapshot.totals.clone();
        state.sent_at = Some(Instant::now());
        state.changed = Some(BTreeSet::new());
        self.announce(Arc::new(frame));
    }

    fn announce(&self, frame: Arc<Frame>) {
        let frames = self.frames.clone();
        let tell = move || {
            // Two that follow each other closely may come here in any order.
            frames.send_if_modified(|last| {
                let newer = last.number < frame.number;
                if newer {
                    *last = frame;
                }
                newer
            });
        };
        match self.shared.aside.get() {
            Some(aside) => aside.spawn(async move { tell() }),
            None => tell(),
        }
    }
}
