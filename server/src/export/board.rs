//! Where exports say how far they are, to whoever started them: what a browser saves by itself
//! shows no page how much of it has come.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use countersign_shared::admin::exports::{ExportProgress, ExportState};
use futures_util::{Stream, StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};

use super::{Chunks, ExportError};
use crate::clock::Clock;
use crate::organizer::Caller;
use crate::store::{CampaignId, OrganizationId};

/// So many exports are remembered on a node.
pub const MOST_KNOWN: usize = 256;
/// Of those, of one organizer or token.
pub const MOST_KNOWN_EACH: usize = 16;
/// One that has ended is remembered for so long.
pub const KNOWN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// The name that whoever asks for an export gives it, so that they can ask how far it is: 16 to 64
/// letters, digits, `-` and `_`. It opens nothing, for only the same caller is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExportId(String);

impl ExportId {
    pub fn parse(raw: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_one = (16..=64).contains(&raw.len()) && raw.bytes().all(fits);
        is_one.then(|| Self(raw.to_owned()))
    }
}

/// The exports of a node that run or ran lately.
#[derive(Clone)]
pub struct Board {
    clock: Arc<dyn Clock>,
    known: Arc<Mutex<HashMap<Key, Known>>>,
}

/// Who asked: what is another one's is not there.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Who {
    organization: OrganizationId,
    actor: String,
    organizer: Option<i64>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    who: Who,
    campaign: CampaignId,
    id: ExportId,
}

struct Known {
    begun: u64,
    counted: Arc<Counted>,
}

/// Counters that whoever writes and sends moves: once for many rows, and without a lock.
#[derive(Default)]
pub(super) struct Counted {
    is_sending: AtomicBool,
    rows: AtomicU64,
    read: AtomicU64,
    of: AtomicU64,
    sent: AtomicU64,
    /// 0 where it is not known.
    length: AtomicU64,
    end: OnceLock<End>,
}

struct End {
    state: ExportState,
    reason: Option<String>,
    at: Timestamp,
}

/// Held by an export while it runs. One that is let go before its end was cut off: whoever took
/// the file has left.
pub struct Tally {
    clock: Arc<dyn Clock>,
    counted: Arc<Counted>,
}

impl Board {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, known: Arc::default() }
    }

    /// An export begins. One without an id is told to nobody. A browser that asks for a file once
    /// more does so under the same id: the latest counts.
    pub fn begin(&self, caller: &Caller, campaign: CampaignId, id: Option<ExportId>) -> Tally {
        let counted = Arc::<Counted>::default();
        if let Some(id) = id {
            let key = Key { who: Who::of(caller), campaign, id };
            self.put(key, Arc::clone(&counted));
        }
        Tally { clock: Arc::clone(&self.clock), counted }
    }

    /// How far it is; `None` for what is not known here, or is another caller's.
    pub fn find(
        &self,
        caller: &Caller,
        campaign: CampaignId,
        id: ExportId,
    ) -> Option<ExportProgress> {
        let mut known = self.lock();
        forget_old(&mut known, self.clock.now());
        let key = Key { who: Who::of(caller), campaign, id };
        known.get(&key).map(|known| known.counted.shown())
    }

    /// Forgets what ended a while ago.
    pub fn retain_recent(&self) {
        forget_old(&mut self.lock(), self.clock.now());
    }

    fn put(&self, key: Key, counted: Arc<Counted>) {
        let mut known = self.lock();
        forget_old(&mut known, self.clock.now());
        known.remove(&key);
        let theirs = |it: &Key| it.who == key.who;
        if known.keys().filter(|it| theirs(it)).count() >= MOST_KNOWN_EACH {
            forget_one(&mut known, theirs);
        }
        if known.len() >= MOST_KNOWN {
            forget_one(&mut known, |_| true);
        }
        let begun = known.values().map(|it| it.begun + 1).max().unwrap_or(0);
        known.insert(key, Known { begun, counted });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_old(known: &mut HashMap<Key, Known>, now: Timestamp) {
    known.retain(|_, it| {
        it.counted.end.get().is_none_or(|end| now.duration_since(end.at) < KNOWN_FOR)
    });
}

/// Makes room: what has ended goes first, and of that what began first.
fn forget_one(known: &mut HashMap<Key, Known>, of: impl Fn(&Key) -> bool) {
    let ours = known.iter().filter(|(key, _)| of(key));
    let first = ours.min_by_key(|(_, it)| (it.counted.end.get().is_none(), it.begun));
    if let Some(key) = first.map(|(key, _)| key.clone()) {
        known.remove(&key);
    }
}

impl Who {
    fn of(caller: &Caller) -> Self {
        let Caller { organization, organizer, .. } = *caller;
        Self { organization, actor: caller.actor.clone(), organizer }
    }
}

impl Counted {
    /// More rows of the campaign were looked at, and of those so many are in the file.
    pub(super) fn add(&self, read: u64, rows: u64) {
        self.read.fetch_add(read, Ordering::Relaxed);
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    fn shown(&self) -> ExportProgress {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let end = self.end.get();
        let state = match end {
            Some(end) => end.state,
            None if self.is_sending.load(Ordering::Relaxed) => ExportState::Sending,
            None => ExportState::Preparing,
        };
        let (read, length) = (load(&self.read), load(&self.length));
        // Whoever signed after they were counted is read as well.
        let of = if state == ExportState::Done { read } else { load(&self.of).max(read) };
        ExportProgress {
            state,
            reason: end.and_then(|end| end.reason.clone()),
            rows: load(&self.rows),
            read,
            of,
            sent: load(&self.sent),
            length: (length > 0).then_some(length),
        }
    }
}

impl Tally {
    /// How many rows the campaign has, about.
    pub fn expect(&self, rows: u64) {
        self.counted.of.store(rows, Ordering::Relaxed);
    }

    /// It broke off; says why, and what to do.
    pub fn fail(&self, reason: impl Into<String>) {
        self.end(ExportState::Failed, Some(reason.into()));
    }

    /// For what writes a file before it is sent.
    pub(super) fn counted(&self) -> Arc<Counted> {
        Arc::clone(&self.counted)
    }

    /// Follows the file on its way out: a row counts once the connection has taken it. Of how many
    /// bytes it is, where that is known.
    pub fn follow(
        self,
        chunks: Chunks,
        length: Option<u64>,
        explain: fn(&ExportError) -> &'static str,
    ) -> impl Stream<Item = Result<Bytes, ExportError>> {
        self.counted.length.store(length.unwrap_or(0), Ordering::Relaxed);
        self.counted.is_sending.store(true, Ordering::Relaxed);
        let next = move |(mut chunks, tally): (Chunks, Self)| async move {
            loop {
                let chunk = match chunks.next().await {
                    Some(Ok(chunk)) => chunk,
                    Some(Err(error)) => {
                        tally.fail(explain(&error));
                        return Some((Err(error), (chunks, tally)));
                    }
                    None => {
                        tally.end(ExportState::Done, None);
                        return None;
                    }
                };
                tally.counted.add(chunk.read, chunk.rows);
                let bytes = chunk.bytes.len() as u64;
                let sent = tally.counted.sent.fetch_add(bytes, Ordering::Relaxed) + bytes;
                // Nobody asks for more where the length is known.
                if length.is_some_and(|length| sent >= length) {
                    tally.end(ExportState::Done, None);
                }
                if bytes > 0 {
                    return Some((Ok(chunk.bytes), (chunks, tally)));
                }
            }
        };
        stream::unfold((chunks, self), next).fuse()
    }

    /// The first end counts.
    fn end(&self, state: ExportState, reason: Option<String>) {
        let _ = self.counted.end.set(End { state, reason, at: self.clock.now() });
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.end(ExportState::CutOff, None);
    }
}

#[cfg(test)]
mod tests;
