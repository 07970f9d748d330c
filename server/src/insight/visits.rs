//! Views, starts and shares: numbers without anybody behind them.
//!
//! A browser says that something happened and where the person came from; nothing is stored that
//! tells one browser from another. Counted in memory and written now and again: what a crash of this
//! node takes with it are a few seconds of views, and no pledge.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use countersign_shared::pledge::Source;
use jiff::Timestamp;

use crate::store::insight::Visits;
use crate::store::sources::{self, KnownSources, day};
use crate::store::{CampaignId, Store, StoreError};

/// What a browser tells of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// Half of the widget was on the screen. Once a view of the page.
    Seen,
    /// Something was typed. Once a view of the page.
    Started,
    /// A way to pass the campaign on was used.
    Shared,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    seen: u64,
    started: u64,
    shared: u64,
}

/// By campaign, day and source.
type Waiting = HashMap<(CampaignId, i64, String), Counts>;

/// What was counted and not written yet. As long as the database is away it goes on counting: how
/// many entries there may be is bounded by [`KnownSources`].
#[derive(Default)]
pub struct VisitCounter {
    waiting: Mutex<Waiting>,
    known: KnownSources,
}

impl VisitCounter {
    pub fn count(&self, campaign: CampaignId, what: Happening, from: &Source, now: Timestamp) {
        let day = day(now.as_millisecond());
        let source = self.known.place(campaign, day, sources::name(&from.cleaned()));
        let mut waiting = self.lock();
        let counts = waiting.entry((campaign, day, source)).or_default();
        match what {
            Happening::Seen => counts.seen += 1,
            Happening::Started => counts.started += 1,
            Happening::Shared => counts.shared += 1,
        }
    }

    /// Writes what waits. What cannot be written waits on.
    pub async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        let taken = std::mem::take(&mut *self.lock());
        if taken.is_empty() {
            return Ok(());
        }
        let row =
            |((campaign, day, source), counts): (&(CampaignId, i64, String), &Counts)| Visits {
                campaign: *campaign,
                day: *day,
                source: source.clone(),
                seen: counts.seen,
                started: counts.started,
                shared: counts.shared,
            };
        let rows: Vec<Visits> = taken.iter().map(row).collect();
        let written = store.add_visits(&rows).await;
        if written.is_err() {
            let mut waiting = self.lock();
            for (key, counts) in taken {
                let kept = waiting.entry(key).or_default();
                kept.seen += counts.seen;
                kept.started += counts.started;
                kept.shared += counts.shared;
            }
        }
        written
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
