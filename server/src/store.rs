//! What the product asks of a database: whole operations, each owning its transaction.
//!
//! One implementation a database, behind `Arc<dyn Store>`; no `<DB>` runs through the code.

use std::collections::BTreeMap;
use std::path::Path;

use countersign_shared::Country;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::campaign::Campaign;

pub mod audit;
mod batch;
pub mod campaigns;
mod exported;
mod health;
pub mod hooks;
pub mod insight;
pub mod mails;
mod measured;
mod migrations;
mod moves;
pub mod offline;
pub mod organizers;
mod plan;
pub mod postgres;
mod probe;
mod recount;
mod room;
pub mod sessions;
pub mod sources;
pub mod sqlite;
pub mod supporters;
pub mod tokens;

pub use audit::AuditLog;
pub use campaigns::{Campaigns, Written};
pub use hooks::Hooks;
pub use insight::Insight;
pub use mails::Mails;
pub use offline::Offline;
pub use organizers::Organizers;
pub use sessions::Sessions;
pub use supporters::Supporters;
pub use tokens::Tokens;

pub use batch::{Batch, Identity, NewPledge, Outcome, QuarantineReason, RequestKey, Verdict};
pub use exported::{ExportRow, ExportedRows, RowStream};
pub use health::Health;
pub use measured::Measured;
pub use recount::Recount;

/// A phone that was offline overnight may still send its request again.
const REQUESTS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// What is past its retention goes in bites of this size, so that nobody waits long.
const EXPIRE_BITE: usize = 1_000;
/// So many are looked up at once.
const EXPIRE_PLATE: i64 = 20_000;

/// How many people were past their retention and are deleted, by campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expired(pub Vec<(CampaignId, u64)>);

impl Expired {
    pub fn people(&self) -> u64 {
        self.0.iter().map(|(_, people)| people).sum()
    }
}

/// The row id of a campaign. Never shown outside; outside, campaigns are named by slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CampaignId(pub i64);

/// The row id of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganizationId(pub i64);

/// A campaign as it is stored: its checked settings, and which edition of them this is.
#[derive(Clone, Debug)]
pub struct StoredCampaign {
    pub id: CampaignId,
    pub organization: OrganizationId,
    /// Rises with every `apply` that changed something.
    pub revision: i64,
    pub campaign: Campaign,
}

/// What `apply_campaign` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    Created,
    Updated,
    Unchanged,
}

/// A campaign's counters at one moment: the total is the sum of the countries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Rises with every change, whoever made it.
    pub seq: u64,
    pub total: u64,
    pub countries: BTreeMap<Country, u64>,
    /// Why the total last fell: `removed` or `recount`.
    pub reason: Option<String>,
}

/// Numbers that tell a running server what happened elsewhere. Cheap enough to ask every second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Rises with every start of a server on this database.
    pub epoch: u64,
    /// Rises with every change made outside `record`: campaigns applied, counters repaired.
    pub revision: i64,
}

impl Pulse {
    fn of(meta: Vec<(String, i64)>) -> Self {
        let number = |name: &str| meta.iter().find(|row| row.0 == name).map_or(0, |row| row.1);
        Self { epoch: u64::try_from(number("epoch")).unwrap_or(0), revision: number("revision") }
    }
}

/// A point of `history`: pledges counted within the bucket, and the total at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPoint {
    pub start: Timestamp,
    pub counted: u64,
    pub total: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    Minute,
    Hour,
    Day,
}

impl Bucket {
    fn minutes(self) -> i64 {
        match self {
            Self::Minute => 1,
            Self::Hour => 60,
            Self::Day => 60 * 24,
        }
    }

    /// The bucket of this moment, counted from 1970.
    fn number(self, at: Timestamp) -> i64 {
        at.as_second().div_euclid(60 * self.minutes())
    }
}

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database is not reachable or not writable: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("no such campaign")]
    UnknownCampaign,
    #[error("the database has a newer schema than this binary: {0}")]
    NewerSchema(String),
    /// This engine does not do that; the text says what to do instead.
    #[error("{0}")]
    Refused(&'static str),
    #[error("{0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Makes of a row's identity that of the current edition; `None` leaves the row as it is.
pub type Renew = std::sync::Arc<dyn Fn(CampaignId, &Identity) -> Option<Identity> + Send + Sync>;

/// So many rows are brought to another key in one transaction.
const REKEYED_AT_ONCE: i64 = 500;

pub type Result<T> = std::result::Result<T, StoreError>;

/// The database, as the product sees it. What organizers do has traits of its own.
#[async_trait::async_trait]
pub trait Store:
    AuditLog
    + Campaigns
    + Organizers
    + Sessions
    + Tokens
    + Insight
    + Supporters
    + Offline
    + Hooks
    + Mails
    + Send
    + Sync
    + 'static
{
    /// Creates the campaign, or updates the one with this slug. Bumps `revision`.
    async fn apply_campaign(&self, campaign: &Campaign, now: Timestamp) -> Result<Applied>;

    async fn campaigns(&self) -> Result<Vec<StoredCampaign>>;

    /// What happened elsewhere. Cheap enough to ask every second.
    async fn pulse(&self) -> Result<Pulse>;

    /// Remembers which editions of the key this database is used with: version, and what names the
    /// key. False where an edition was another key before, or where there was a later edition.
    async fn claim_keys(&self, editions: &[(u16, [u8; 16])]) -> Result<bool>;

    /// Brings rows of earlier editions of the key to the one that `renew` knows, some at a time:
    /// those with personal data and an id above `after`. Returns the last id it looked at, or
    /// `None` after the end.
    async fn rekey(&self, after: i64, renew: Renew) -> Result<Option<i64>>;

    /// Starts a new epoch and returns it. Once a process. Higher than any before, also than those
    /// that a backup which was put back has forgotten.
    async fn next_epoch(&self, now: Timestamp) -> Result<u64>;

    /// Records a batch in one transaction: pledges, personal data, requests, counters, sequence.
    /// When this returns, the batch is durable or nothing of it exists. The writer alone calls it.
    fn record(&self, batch: Vec<NewPledge>, now: Timestamp) -> BoxFuture<'_, Result<Batch>>;

    /// All counters of a campaign, from one snapshot.
    async fn counters(&self, campaign: CampaignId) -> Result<Counters>;

    /// How far each campaign's counters have moved: what to read anew is what differs.
    async fn sequences(&self) -> Result<Vec<(CampaignId, u64)>>;

    /// Empty buckets are left out; oldest first.
    async fn history(
        &self,
        campaign: CampaignId,
        bucket: Bucket,
        since: Timestamp,
    ) -> Result<Vec<HistoryPoint>>;

    /// Every pledge of the campaign from one read snapshot, oldest first.
    async fn export(&self, campaign: CampaignId) -> Result<RowStream>;

    /// How many pledges are stored, for a progress bar; and how many of them are counted.
    async fn stored_pledges(&self, _campaign: CampaignId) -> Result<(u64, u64)> {
        Err(StoreError::Refused("this store does not count its rows"))
    }

    /// At most so many rows with an id above `after`, oldest first, and the last of their ids;
    /// `None` after the end.
    async fn some_pledges(
        &self,
        _campaign: CampaignId,
        _after: i64,
        _limit: u32,
    ) -> Result<Option<(i64, ExportedRows)>> {
        Err(StoreError::Refused("this store shows no rows"))
    }

    /// The id of the counted pledge that so many come before.
    async fn nth_counted(&self, _campaign: CampaignId, _before: u64) -> Result<Option<i64>> {
        Err(StoreError::Refused("this store shows no rows"))
    }

    /// Counters against rows, from one snapshot a campaign, while people sign. With `repair`, the
    /// rows win, and the total says that it was a recount while it is lower than it was.
    async fn recount(&self, repair: bool) -> Result<Vec<Recount>>;

    /// Writes a consistent copy to a new file while people sign.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the engine has better tools of its own.
    async fn backup(&self, to: &Path) -> Result<()>;

    /// Deletes personal data that is past its retention, and requests older than a day. Counts stay.
    /// The audit log gets a line a bite, in its transaction: `entry`, with the organization, the
    /// campaign and how many people.
    async fn expire(&self, now: Timestamp, entry: &audit::Entry) -> Result<Expired>;

    /// True for the first node that asks in this hour: it does what is done once an hour.
    async fn claim_hour(&self, now: Timestamp) -> Result<bool>;

    /// Fails when pledges could not be stored now.
    async fn ready(&self) -> Result<()>;

    /// Whether other nodes may write to this database meanwhile.
    fn shared(&self) -> bool;

    /// Finishes what is open and checkpoints.
    async fn close(&self);
}

/// Whose personal data is past its retention: those who signed until the time returned. A campaign
/// with an end keeps everybody until after it.
fn due(closes: Option<i64>, retention_days: i64, now: i64) -> Option<i64> {
    let kept_since = now - retention_days * 86_400_000;
    match closes {
        None => Some(kept_since),
        Some(closes) => (closes <= kept_since).then_some(i64::MAX),
    }
}

/// The name of an edition of the key among the facts of the database.
fn key_name(version: u16) -> String {
    match version {
        1 => "key".to_owned(),
        later => format!("key.{later}"),
    }
}

/// Whether the database was used with a later edition than any of these.
fn knows_later(names: &[String], editions: &[(u16, [u8; 16])]) -> bool {
    let latest = editions.iter().map(|(version, _)| *version).max().unwrap_or(0);
    let version = |name: &String| name.strip_prefix("key.")?.parse::<u16>().ok();
    names.iter().filter_map(version).any(|version| version > latest)
}

/// A country as it was stored.
fn country(code: &str) -> Result<Country> {
    Country::parse(code)
        .map_err(|_| StoreError::Broken(format!("{code:?} is stored and no country").into()))
}
