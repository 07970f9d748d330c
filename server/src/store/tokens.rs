//! API tokens: keys for scripts.

use countersign_shared::admin::Role;
use jiff::Timestamp;

use super::audit::Entry;
use super::organizers::{role, time};
use super::room::room;
use super::{OrganizationId, Result};

#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    /// Keyed hash of the token.
    pub hash: [u8; 32],
    pub organization: OrganizationId,
    /// What it may do.
    pub role: Role,
    /// The organizer who answers for it.
    pub maker: Option<i64>,
    /// How the audit log names whoever made it.
    pub made_by: String,
    pub now: Timestamp,
    /// `None` for one that does not end by itself.
    pub expires_at: Option<Timestamp>,
}

/// A token as whoever shows it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundToken {
    pub id: i64,
    pub name: String,
    pub organization: OrganizationId,
    pub role: Role,
    /// The organizer who answers for it.
    pub maker: Option<i64>,
    pub expires_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
}

/// A token in the list of its organization.
#[derive(Clone, Debug)]
pub struct ListedToken {
    pub id: i64,
    pub name: String,
    pub role: Role,
    /// The organizer who answers for it.
    pub maker: Option<i64>,
    /// How the audit log names whoever made it; empty for one from before that was kept.
    pub made_by: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
}

room! {
    /// Keys for scripts.
    pub trait Tokens {
        /// `None` where a token of the organization has this name.
        async fn create_token(&self, token: &NewToken) -> Result<Option<i64>>;

        /// The token with this hash, also one that is over.
        async fn find_token(&self, hash: [u8; 32]) -> Result<Option<FoundToken>>;

        /// Notes that a token was used.
        async fn touch_token(&self, id: i64, now: Timestamp) -> Result<()>;

        async fn tokens(&self, organization: OrganizationId) -> Result<Vec<ListedToken>>;

        /// False where there is no such token.
        async fn delete_token(
            &self,
            organization: OrganizationId,
            id: i64,
            entry: &Entry,
        ) -> Result<bool>;
    }
}

type FoundRow = (i64, String, i64, String, Option<i64>, Option<i64>, Option<i64>);

impl FoundToken {
    pub(super) fn read(row: FoundRow) -> Result<Self> {
        let (id, name, organization, kept_role, maker, expires_at, used_at) = row;
        Ok(Self {
            id,
            name,
            organization: OrganizationId(organization),
            role: role(&kept_role)?,
            maker,
            expires_at: expires_at.map(time).transpose()?,
            used_at: used_at.map(time).transpose()?,
        })
    }
}

type ListedRow = (i64, String, String, Option<i64>, String, i64, Option<i64>, Option<i64>);

impl ListedToken {
    pub(super) fn read(row: ListedRow) -> Result<Self> {
        let (id, name, kept_role, maker, made_by, created_at, expires_at, used_at) = row;
        Ok(Self {
            id,
            name,
            role: role(&kept_role)?,
            maker,
            made_by,
            created_at: time(created_at)?,
            expires_at: expires_at.map(time).transpose()?,
            used_at: used_at.map(time).transpose()?,
        })
    }
}
