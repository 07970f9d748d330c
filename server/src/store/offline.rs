//! Signatures from paper: files of them, and labelled counts.

use std::collections::HashSet;

use countersign_shared::Country;
use jiff::Timestamp;

use super::audit::Entry;
use super::measured::timed;
use super::supporters::Acted;
use super::{CampaignId, Counters, Measured, NewPledge, Result, StoreError};

/// A file whose rows were read and are good.
#[derive(Clone, Debug)]
pub struct NewImport {
    pub campaign: CampaignId,
    pub label: String,
    pub created_by: String,
    /// No mailbox twice.
    pub pledges: Vec<NewPledge>,
    /// Rows of the file that were left out, because their mailbox stood in it before.
    pub twice: u64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Imported {
    pub id: i64,
    pub added: u64,
    pub duplicates: u64,
    /// The counters, where they moved.
    pub counters: Option<Counters>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImport {
    pub id: i64,
    pub label: String,
    pub added: u64,
    pub duplicates: u64,
    pub created_by: String,
    pub created_at: Timestamp,
    pub undone_at: Option<Timestamp>,
}

/// Signatures that are only a number.
#[derive(Clone, Debug)]
pub struct NewLabelled {
    pub campaign: CampaignId,
    pub label: String,
    pub country: Country,
    /// At least one.
    pub counted: u64,
    pub created_by: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLabelled {
    pub id: i64,
    pub label: String,
    pub country: String,
    pub counted: u64,
    pub created_by: String,
    pub created_at: Timestamp,
}

const NONE: StoreError = StoreError::Refused("this store keeps no paper");

/// Signatures from paper. What is done is in the audit log by its `entry`, in the same transaction.
#[async_trait::async_trait]
pub trait Offline: Send + Sync + 'static {
    /// Which of these fingerprints have rows.
    async fn signed(
        &self,
        _campaign: CampaignId,
        _fingerprints: Vec<[u8; 16]>,
    ) -> Result<HashSet<[u8; 16]>> {
        Err(NONE)
    }

    /// Adds those who have not signed, in one transaction: all of the file or nothing. The log gets
    /// how many they are.
    async fn import(&self, _file: NewImport, _now: Timestamp, _entry: &Entry) -> Result<Imported> {
        Err(NONE)
    }

    /// The latest first.
    async fn imports(&self, _campaign: CampaignId) -> Result<Vec<StoredImport>> {
        Err(NONE)
    }

    /// Deletes what an import added; once.
    async fn undo_import(
        &self,
        _campaign: CampaignId,
        _id: i64,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Acted> {
        Err(NONE)
    }

    /// Returns its id, and the counters with it.
    async fn add_labelled(
        &self,
        _new: NewLabelled,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<(i64, Counters)> {
        Err(NONE)
    }

    /// The latest first.
    async fn labelled(&self, _campaign: CampaignId) -> Result<Vec<StoredLabelled>> {
        Err(NONE)
    }

    /// Takes it out of the number; once.
    async fn delete_labelled(
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
impl Offline for Measured {
    async fn signed(
        &self,
        campaign: CampaignId,
        fingerprints: Vec<[u8; 16]>,
    ) -> Result<HashSet<[u8; 16]>> {
        timed("signed", self.0.signed(campaign, fingerprints)).await
    }

    async fn import(&self, file: NewImport, now: Timestamp, entry: &Entry) -> Result<Imported> {
        timed("import", self.0.import(file, now, entry)).await
    }

    async fn imports(&self, campaign: CampaignId) -> Result<Vec<StoredImport>> {
        timed("imports", self.0.imports(campaign)).await
    }

    async fn undo_import(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        timed("undo_import", self.0.undo_import(campaign, id, now, entry)).await
    }

    async fn add_labelled(
        &self,
        new: NewLabelled,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<(i64, Counters)> {
        timed("add_labelled", self.0.add_labelled(new, now, entry)).await
    }

    async fn labelled(&self, campaign: CampaignId) -> Result<Vec<StoredLabelled>> {
        timed("labelled", self.0.labelled(campaign)).await
    }

    async fn delete_labelled(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        timed("delete_labelled", self.0.delete_labelled(campaign, id, now, entry)).await
    }
}
