//! Single people and what is done with them: found, corrected, taken out of the number.

use countersign_shared::Country;
use jiff::Timestamp;

use super::audit::Entry;
use super::measured::timed;
use super::{CampaignId, Counters, ExportedRows, Measured, Result, StoreError};

mod jobs;
mod states;

pub use jobs::{Job, Lease, NewJob, Progress};
pub use states::{Act, Acted, Apart, may_be_confirmed};

/// A place in the order of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// In milliseconds.
    pub signed_at: i64,
    pub id: i64,
}

impl Place {
    /// After everybody.
    pub const END: Self = Self { signed_at: i64::MAX, id: i64::MAX };
}

/// What is asked of the columns of a pledge; where it is `None`, anything will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    pub counted: Option<bool>,
    pub country: Option<Country>,
    pub imported: Option<bool>,
    pub updates: Option<bool>,
    pub suspicious: Option<bool>,
}

/// Pledges that were passed over because their columns do not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    pub rows: u64,
    /// Right before the first that fits. Without one, the last that was looked at.
    pub place: Place,
    pub found: bool,
}

/// What a database says of it: when and which was found, how many were passed, and the last of all.
pub(super) type PassedRow = (Option<i64>, Option<i64>, i64, i64, i64);

impl Passed {
    pub(super) fn of((signed_at, id, rows, last_signed_at, last_id): PassedRow) -> Self {
        let found = signed_at.zip(id);
        let place = match found {
            Some((signed_at, id)) => Place { signed_at, id: id.saturating_add(1) },
            None => Place { signed_at: last_signed_at, id: last_id },
        };
        Self { rows: u64::try_from(rows).unwrap_or(0), place, found: found.is_some() }
    }
}

/// A pledge as it will be. What it was read as goes along: somebody else may change it meanwhile.
#[derive(Clone, Debug)]
pub struct Corrected {
    pub id: i64,
    pub fingerprint: [u8; 16],
    /// What was sealed, `None` where the person is deleted.
    pub sealed_before: Option<Vec<u8>>,
    /// What is sealed from now on.
    pub sealed: Option<Vec<u8>>,
    pub country: String,
    pub updates: bool,
    pub public_name: bool,
}

/// How a campaign's pledges came, and how those stand that are not in the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// In the number, from files.
    pub imported: u64,
    /// In the number, without rows.
    pub labelled: u64,
    /// Held back by the screen.
    pub quarantined: u64,
    /// Waiting for their mailbox.
    pub unconfirmed: u64,
    pub withdrawn: u64,
    pub refused: u64,
    pub invalidated: u64,
}

impl Channels {
    pub(super) fn of(apart: Vec<(String, i64)>) -> Self {
        let number = |number| u64::try_from(number).unwrap_or(0);
        let mut channels = Self::default();
        for (why, counted) in apart {
            *match why.as_str() {
                "withdrawn" => &mut channels.withdrawn,
                "refused" => &mut channels.refused,
                "invalidated" => &mut channels.invalidated,
                "unconfirmed" => &mut channels.unconfirmed,
                _ => &mut channels.quarantined,
            } += number(counted);
        }
        channels
    }

    /// All that are not in the number.
    pub fn apart(&self) -> u64 {
        self.quarantined + self.unconfirmed + self.withdrawn + self.refused + self.invalidated
    }
}

const NONE: StoreError = StoreError::Refused("this store keeps no people");

/// Single people and what is done with them: found, corrected, taken out of the number. What is done
/// is in the audit log by its `entry`, in the same transaction; what is not done is not.
#[async_trait::async_trait]
pub trait Supporters: Send + Sync + 'static {
    /// Pledges signed before that place, the latest first: all, or those that are not counted for
    /// one reason.
    async fn pledges_before(
        &self,
        _campaign: CampaignId,
        _apart: Option<Apart>,
        _before: Place,
        _most: u32,
    ) -> Result<Option<ExportedRows>> {
        Err(NONE)
    }

    /// Passes over pledges signed before that place whose columns do not fit, the latest first, and
    /// looks at so many. `None` where there are no more pledges.
    async fn pledges_pass(
        &self,
        _campaign: CampaignId,
        _columns: Columns,
        _before: Place,
        _most: u32,
    ) -> Result<Option<Passed>> {
        Err(NONE)
    }

    /// The pledges with these fingerprints.
    async fn pledges_of(
        &self,
        _campaign: CampaignId,
        _fingerprints: &[[u8; 16]],
    ) -> Result<Option<ExportedRows>> {
        Err(NONE)
    }

    async fn pledge(&self, _campaign: CampaignId, _id: i64) -> Result<Option<ExportedRows>> {
        Err(NONE)
    }

    /// Those of them whose mailbox was asked by e-mail.
    async fn asked(&self, _pledges: &[i64]) -> Result<Vec<i64>> {
        Err(NONE)
    }

    /// From indexes: no walk through the pledges.
    async fn channel_counts(&self, _campaign: CampaignId) -> Result<Channels> {
        Err(NONE)
    }

    /// The part of [`channel_counts`](Self::channel_counts) that is not in the number.
    async fn apart_counts(&self, _campaign: CampaignId) -> Result<Channels> {
        Err(NONE)
    }

    /// Moves one pledge to another state, and the counters with it; once, however many ask.
    async fn act(
        &self,
        _campaign: CampaignId,
        _id: i64,
        _act: Act,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Acted> {
        Err(NONE)
    }

    /// Deletes pledge and person, and takes it out of the number where it was in it.
    async fn erase(
        &self,
        _campaign: CampaignId,
        _id: i64,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Acted> {
        Err(NONE)
    }

    async fn correct(
        &self,
        _campaign: CampaignId,
        _to: Corrected,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Acted> {
        Err(NONE)
    }

    async fn create_job(&self, _job: NewJob, _now: Timestamp, _entry: &Entry) -> Result<i64> {
        Err(NONE)
    }

    /// The latest first.
    async fn jobs(&self, _campaign: CampaignId) -> Result<Vec<Job>> {
        Err(NONE)
    }

    async fn job(&self, _campaign: CampaignId, _id: i64) -> Result<Option<Job>> {
        Err(NONE)
    }

    /// Takes a job that nobody works on.
    async fn claim_job(&self, _lease: Lease) -> Result<Option<Job>> {
        Ok(None)
    }

    /// Writes down a part that is done. False where the job is another's by now.
    async fn progress_job(&self, _job: &Job, _done: Progress, _lease: Lease) -> Result<bool> {
        Err(NONE)
    }

    /// Takes all that were found out of the number in one step, so that it comes down once, and
    /// ends the job. A preview, and a job that failed, change nothing. The log gets `entry` with
    /// the number of them, unless it was a preview.
    async fn finish_job(
        &self,
        _job: &Job,
        _failed: bool,
        _lease: Lease,
        _entry: &Entry,
    ) -> Result<Option<Counters>> {
        Err(NONE)
    }

    /// Puts back what the job took out and nothing else has changed since; once. `NotFromHere`
    /// where there is nothing to undo. The log gets `entry` with the number of them.
    async fn undo_job(
        &self,
        _campaign: CampaignId,
        _id: i64,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Acted> {
        Err(NONE)
    }
}

#[async_trait::async_trait]
impl Supporters for Measured {
    async fn pledges_before(
        &self,
        campaign: CampaignId,
        apart: Option<Apart>,
        before: Place,
        most: u32,
    ) -> Result<Option<ExportedRows>> {
        timed("pledges_before", self.0.pledges_before(campaign, apart, before, most)).await
    }

    async fn pledges_pass(
        &self,
        campaign: CampaignId,
        columns: Columns,
        before: Place,
        most: u32,
    ) -> Result<Option<Passed>> {
        timed("pledges_pass", self.0.pledges_pass(campaign, columns, before, most)).await
    }

    async fn pledges_of(
        &self,
        campaign: CampaignId,
        fingerprints: &[[u8; 16]],
    ) -> Result<Option<ExportedRows>> {
        timed("pledges_of", self.0.pledges_of(campaign, fingerprints)).await
    }

    async fn pledge(&self, campaign: CampaignId, id: i64) -> Result<Option<ExportedRows>> {
        timed("pledge", self.0.pledge(campaign, id)).await
    }

    async fn asked(&self, pledges: &[i64]) -> Result<Vec<i64>> {
        timed("asked", self.0.asked(pledges)).await
    }

    async fn channel_counts(&self, campaign: CampaignId) -> Result<Channels> {
        timed("channel_counts", self.0.channel_counts(campaign)).await
    }

    async fn apart_counts(&self, campaign: CampaignId) -> Result<Channels> {
        timed("apart_counts", self.0.apart_counts(campaign)).await
    }

    async fn act(
        &self,
        campaign: CampaignId,
        id: i64,
        act: Act,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        timed("act", self.0.act(campaign, id, act, now, entry)).await
    }

    async fn erase(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        timed("erase", self.0.erase(campaign, id, now, entry)).await
    }

    async fn correct(
        &self,
        campaign: CampaignId,
        to: Corrected,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        timed("correct", self.0.correct(campaign, to, now, entry)).await
    }

    async fn create_job(&self, job: NewJob, now: Timestamp, entry: &Entry) -> Result<i64> {
        timed("create_job", self.0.create_job(job, now, entry)).await
    }

    async fn jobs(&self, campaign: CampaignId) -> Result<Vec<Job>> {
        timed("jobs", self.0.jobs(campaign)).await
    }

    async fn job(&self, campaign: CampaignId, id: i64) -> Result<Option<Job>> {
        timed("job", self.0.job(campaign, id)).await
    }

    async fn claim_job(&self, lease: Lease) -> Result<Option<Job>> {
        timed("claim_job", self.0.claim_job(lease)).await
    }

    async fn progress_job(&self, job: &Job, done: Progress, lease: Lease) -> Result<bool> {
        timed("progress_job", self.0.progress_job(job, done, lease)).await
    }

    async fn finish_job(
        &self,
        job: &Job,
        failed: bool,
        lease: Lease,
        entry: &Entry,
    ) -> Result<Option<Counters>> {
        timed("finish_job", self.0.finish_job(job, failed, lease, entry)).await
    }

    async fn undo_job(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        timed("undo_job", self.0.undo_job(campaign, id, now, entry)).await
    }
}
