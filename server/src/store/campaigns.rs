//! Campaigns as organizers make and change them.

use jiff::Timestamp;

use super::audit::Entry;
use super::measured::timed;
use super::{Measured, OrganizationId, Result, StoreError};
use crate::campaign::Campaign;

/// What became of a change to a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Created,
    Updated,
    Unchanged,
    /// There is a campaign with this slug.
    Taken,
    /// It is another edition by now than the one that was changed.
    ChangedMeanwhile,
    /// There is no campaign with this slug.
    Missing,
}

/// What may be there before a campaign is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// Whatever there is.
    Anything,
    /// Nothing: it becomes a campaign of this organization.
    Nothing(OrganizationId),
    /// A campaign; of this edition, where one is named.
    Edition(Option<i64>),
}

impl Expected {
    /// What follows from what is there: its settings and its edition.
    pub(crate) fn meets(self, stored: Option<(&str, i64)>, settings: &str) -> Written {
        match (self, stored) {
            (Self::Nothing(_), Some(_)) => Written::Taken,
            (Self::Edition(_), None) => Written::Missing,
            (Self::Edition(Some(expected)), Some((_, revision))) if expected != revision => {
                Written::ChangedMeanwhile
            }
            (_, Some((before, _))) if before == settings => Written::Unchanged,
            (_, Some(_)) => Written::Updated,
            (_, None) => Written::Created,
        }
    }

    /// Whose a new campaign is.
    pub(crate) fn owner(self) -> i64 {
        match self {
            Self::Nothing(organization) => organization.0,
            Self::Anything | Self::Edition(_) => 1,
        }
    }
}

const NONE: StoreError = StoreError::Refused("this store takes no changes by organizers");

/// Campaigns as organizers make and change them. What is written is in the audit log by its `entry`, in
/// the same transaction.
#[async_trait::async_trait]
pub trait Campaigns: Send + Sync + 'static {
    /// Makes a new campaign of this organization: `Created`, or `Taken`. Bumps `revision`.
    async fn create_campaign(
        &self,
        organization: OrganizationId,
        campaign: &Campaign,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Written> {
        let _ = (organization, campaign, now, entry);
        Err(NONE)
    }

    /// Changes the campaign with this slug, where it is the edition `revision`, or whichever where
    /// none is named. `Updated`, `Unchanged`, `ChangedMeanwhile` or `Missing`. Bumps `revision`.
    async fn save_campaign(
        &self,
        campaign: &Campaign,
        revision: Option<i64>,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Written> {
        let _ = (campaign, revision, now, entry);
        Err(NONE)
    }
}

#[async_trait::async_trait]
impl Campaigns for Measured {
    async fn create_campaign(
        &self,
        organization: OrganizationId,
        campaign: &Campaign,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Written> {
        timed("create_campaign", self.0.create_campaign(organization, campaign, now, entry)).await
    }

    async fn save_campaign(
        &self,
        campaign: &Campaign,
        revision: Option<i64>,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Written> {
        timed("save_campaign", self.0.save_campaign(campaign, revision, now, entry)).await
    }
}
