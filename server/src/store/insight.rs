//! What organizers watch: days, countries, sources, visits, marks.

use jiff::Timestamp;

use super::audit::Entry;
use super::measured::timed;
use super::{CampaignId, Measured, Result, StoreError};

/// Days since 1970 in UTC, from the first to before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: i64,
    pub to: i64,
}

impl Days {
    /// All that there may be, far within what a timestamp holds.
    pub const ALL: Self = Self { from: 0, to: 1_000_000 };
}

/// Views, starts and shares of one source on one day, to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visits {
    pub campaign: CampaignId,
    pub day: i64,
    pub source: String,
    pub seen: u64,
    pub started: u64,
    pub shared: u64,
}

/// What came of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSum {
    pub source: String,
    pub signed: u64,
    pub seen: u64,
    pub started: u64,
    pub shared: u64,
}

impl SourceSum {
    /// Those who came this way and signed; paper came no way.
    pub fn signed_here(&self) -> u64 {
        if super::sources::is_paper(&self.source) { 0 } else { self.signed }
    }
}

/// Pledges counted in a minute, or in a span of minutes that begins with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Since 1970.
    pub minute: i64,
    pub counted: u64,
    /// Of `counted`, those from paper: they were typed then, and signed before.
    pub paper: u64,
}

impl Slot {
    pub fn online(&self) -> u64 {
        self.counted.saturating_sub(self.paper)
    }
}

/// The slots from some minute on, oldest first, those without anybody left out; and the total they
/// lead up to, from one snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    pub slots: Vec<Slot>,
    pub total: u64,
}

impl Slots {
    pub(super) fn of(total: i64, mut rows: Vec<(i64, i64, i64)>) -> Self {
        rows.retain(|(_, counted, _)| *counted > 0);
        rows.sort_unstable();
        let slot = |(minute, counted, paper): (i64, i64, i64)| Slot {
            minute,
            counted: counted.unsigned_abs(),
            paper: paper.unsigned_abs(),
        };
        let total = u64::try_from(total).unwrap_or(0);
        Self { slots: rows.into_iter().map(slot).collect(), total }
    }
}

/// `firsts` with where each ends.
pub(super) fn ends(firsts: &[i64]) -> impl Iterator<Item = i64> {
    let last = (!firsts.is_empty()).then_some(i64::MAX);
    firsts.iter().skip(1).copied().chain(last)
}

/// How a total is made up, and what waits beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    pub imported: u64,
    pub labelled: u64,
    /// Not in the total: waiting for a decision.
    pub quarantined: u64,
    /// Waiting for their mailbox.
    pub unconfirmed: u64,
}

/// Something that organizers say moved the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMark {
    pub id: i64,
    pub at: Timestamp,
    pub label: String,
    /// How many minutes have begun since, those of 48 hours at most.
    pub minutes: u64,
    /// Signed online in so many minutes from it on.
    pub after: u64,
    /// Signed online in as many minutes before it.
    pub before: u64,
}

const NONE: StoreError = StoreError::Refused("nothing is watched here");

/// What organizers watch: days, countries, sources, visits, marks.
#[async_trait::async_trait]
pub trait Insight: Send + Sync + 'static {
    /// Adds views, starts and shares. One row a campaign, day and source.
    async fn add_visits(&self, visits: &[Visits]) -> Result<()> {
        let _ = visits;
        Err(NONE)
    }

    /// Every minute from `first` on.
    async fn minutes(&self, campaign: CampaignId, first: i64) -> Result<Slots> {
        let _ = (campaign, first);
        Err(NONE)
    }

    /// From each of these minutes to before the next; the last span has no end. `firsts` rise.
    async fn spans(&self, campaign: CampaignId, firsts: &[i64]) -> Result<Slots> {
        let _ = (campaign, firsts);
        Err(NONE)
    }

    /// The first minute since 1970 in which somebody was counted.
    async fn first_minute(&self, campaign: CampaignId) -> Result<Option<i64>> {
        let _ = campaign;
        Err(NONE)
    }

    /// The first minute since 1970 in which somebody signed online.
    async fn first_online_minute(&self, campaign: CampaignId) -> Result<Option<i64>> {
        let _ = campaign;
        Err(NONE)
    }

    /// By country; those without anybody are left out.
    async fn countries(&self, campaign: CampaignId, days: Days) -> Result<Vec<(String, u64)>> {
        let _ = (campaign, days);
        Err(NONE)
    }

    /// Day, country and how many, in that order, of all days before `until`.
    async fn country_days(
        &self,
        campaign: CampaignId,
        until: i64,
    ) -> Result<Vec<(i64, String, u64)>> {
        let _ = (campaign, until);
        Err(NONE)
    }

    /// What came of each source, those that were only seen among them.
    async fn sources(&self, campaign: CampaignId, days: Days) -> Result<Vec<SourceSum>> {
        let _ = (campaign, days);
        Err(NONE)
    }

    /// The first day that has views or starts.
    async fn first_visit(&self, campaign: CampaignId) -> Result<Option<i64>> {
        let _ = campaign;
        Err(NONE)
    }

    /// How the total is made up. Reads no more rows than are not in the number, or imported.
    async fn channels(&self, campaign: CampaignId) -> Result<Channels> {
        let _ = campaign;
        Err(NONE)
    }

    /// All marks, the earliest first.
    async fn marks(&self, campaign: CampaignId, now: Timestamp) -> Result<Vec<StoredMark>> {
        let _ = (campaign, now);
        Err(NONE)
    }

    /// The new mark's id; `None` where the campaign has `most` already. What is done with marks is in
    /// the audit log by its `entry`, in the same transaction.
    async fn add_mark(
        &self,
        campaign: CampaignId,
        at: Timestamp,
        label: &str,
        most: i64,
        entry: &Entry,
    ) -> Result<Option<i64>> {
        let _ = (campaign, at, label, most, entry);
        Err(NONE)
    }

    /// False where there is no such mark.
    async fn change_mark(
        &self,
        campaign: CampaignId,
        id: i64,
        at: Timestamp,
        label: &str,
        entry: &Entry,
    ) -> Result<bool> {
        let _ = (campaign, id, at, label, entry);
        Err(NONE)
    }

    /// False where there is no such mark.
    async fn delete_mark(&self, campaign: CampaignId, id: i64, entry: &Entry) -> Result<bool> {
        let _ = (campaign, id, entry);
        Err(NONE)
    }
}

#[async_trait::async_trait]
impl Insight for Measured {
    async fn add_visits(&self, visits: &[Visits]) -> Result<()> {
        timed("add_visits", self.0.add_visits(visits)).await
    }

    async fn minutes(&self, campaign: CampaignId, first: i64) -> Result<Slots> {
        timed("minutes", self.0.minutes(campaign, first)).await
    }

    async fn spans(&self, campaign: CampaignId, firsts: &[i64]) -> Result<Slots> {
        timed("spans", self.0.spans(campaign, firsts)).await
    }

    async fn first_minute(&self, campaign: CampaignId) -> Result<Option<i64>> {
        timed("first_minute", self.0.first_minute(campaign)).await
    }

    async fn first_online_minute(&self, campaign: CampaignId) -> Result<Option<i64>> {
        timed("first_online_minute", self.0.first_online_minute(campaign)).await
    }

    async fn countries(&self, campaign: CampaignId, days: Days) -> Result<Vec<(String, u64)>> {
        timed("countries", self.0.countries(campaign, days)).await
    }

    async fn country_days(
        &self,
        campaign: CampaignId,
        until: i64,
    ) -> Result<Vec<(i64, String, u64)>> {
        timed("country_days", self.0.country_days(campaign, until)).await
    }

    async fn sources(&self, campaign: CampaignId, days: Days) -> Result<Vec<SourceSum>> {
        timed("sources", self.0.sources(campaign, days)).await
    }

    async fn first_visit(&self, campaign: CampaignId) -> Result<Option<i64>> {
        timed("first_visit", self.0.first_visit(campaign)).await
    }

    async fn channels(&self, campaign: CampaignId) -> Result<Channels> {
        timed("channels", self.0.channels(campaign)).await
    }

    async fn marks(&self, campaign: CampaignId, now: Timestamp) -> Result<Vec<StoredMark>> {
        timed("marks", self.0.marks(campaign, now)).await
    }

    async fn add_mark(
        &self,
        campaign: CampaignId,
        at: Timestamp,
        label: &str,
        most: i64,
        entry: &Entry,
    ) -> Result<Option<i64>> {
        timed("add_mark", self.0.add_mark(campaign, at, label, most, entry)).await
    }

    async fn change_mark(
        &self,
        campaign: CampaignId,
        id: i64,
        at: Timestamp,
        label: &str,
        entry: &Entry,
    ) -> Result<bool> {
        timed("change_mark", self.0.change_mark(campaign, id, at, label, entry)).await
    }

    async fn delete_mark(&self, campaign: CampaignId, id: i64, entry: &Entry) -> Result<bool> {
        timed("delete_mark", self.0.delete_mark(campaign, id, entry)).await
    }
}
