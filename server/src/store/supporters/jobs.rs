//! Work in bulk, in the background.

use jiff::Timestamp;

use super::Place;
use crate::store::CampaignId;

/// Work that makes pledges invalid in the background, or counts them.
#[derive(Clone, Debug)]
pub struct NewJob {
    pub campaign: CampaignId,
    pub preview: bool,
    /// JSON of `SupporterFilter`.
    pub filter: String,
    pub reason: String,
    pub out_of: u64,
    pub created_by: String,
}

/// The same, once it began. The numbers are those of `shared`'s `BulkJob`.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: i64,
    pub campaign: CampaignId,
    pub preview: bool,
    pub state: String,
    pub reason: String,
    pub filter: String,
    pub looked_at: u64,
    pub out_of: u64,
    pub matched: u64,
    pub changed: u64,
    pub created_by: String,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Where to go on.
    pub reached: Place,
}

/// Who works on jobs, until when the others leave them alone, and what time it is.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    pub worker: i64,
    pub now: Timestamp,
    pub until: Timestamp,
}

/// A part of a job that is done.
#[derive(Clone, Debug)]
pub struct Progress {
    pub reached: Place,
    pub looked_at: u64,
    pub matched: Vec<i64>,
}
