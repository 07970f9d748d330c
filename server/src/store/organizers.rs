//! Who organizes: invitations, accounts, teams.

use countersign_shared::admin::Role;
use jiff::Timestamp;

use super::audit::Entry;
use super::room::room;
use super::{OrganizationId, Result, StoreError};

/// What an invitation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Becoming a member.
    Join,
    /// Setting another password.
    Reset,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Reset => "reset",
        }
    }

    pub(super) fn read(text: &str) -> Self {
        if text == Self::Reset.as_str() { Self::Reset } else { Self::Join }
    }
}

#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Keyed hash of what the link holds.
    pub hash: [u8; 32],
    pub organization: OrganizationId,
    /// In its canonical form.
    pub email: String,
    pub role: Role,
    pub purpose: Purpose,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

/// An invitation that can be accepted.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: i64,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub email: String,
    pub role: Role,
    pub purpose: Purpose,
    pub expires_at: Timestamp,
    /// The account with this address, if there is one.
    pub organizer: Option<i64>,
    /// The PHC string of that account's password.
    pub password: Option<String>,
}

/// An invitation as the team sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvitation {
    pub id: i64,
    pub email: String,
    pub role: Role,
    pub expires_at: Timestamp,
}

/// Somebody who accepts.
#[derive(Clone, Debug)]
pub struct Acceptance {
    pub hash: [u8; 32],
    /// Empty keeps the name that is there.
    pub name: String,
    /// The PHC string of a new password.
    pub password: Option<String>,
    /// The account that they have proved to be theirs.
    pub proved: Option<i64>,
    pub now: Timestamp,
}

/// Who came in, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub organizer: i64,
    pub organization: OrganizationId,
    pub email: String,
    pub role: Role,
}

/// An account.
#[derive(Clone, Debug)]
pub struct Organizer {
    pub id: i64,
    pub email: String,
    pub name: String,
    /// A PHC string; absent for those who have passkeys only.
    pub password: Option<String>,
    pub time_zone: String,
    pub locale: String,
    pub passkeys: u64,
}

/// What organizers change about themselves.
#[derive(Clone, Debug)]
pub struct NewProfile {
    pub name: String,
    pub time_zone: String,
    pub locale: String,
    /// The PHC string of a new password. It ends all sessions but the one to keep.
    pub password: Option<String>,
    pub kept: Option<[u8; 32]>,
}

#[derive(Clone, Debug)]
pub struct TeamMember {
    pub organizer: i64,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub joined_at: Timestamp,
    pub seen_at: Option<Timestamp>,
}

/// A member of any organization, for the command line.
#[derive(Clone, Debug)]
pub struct Anyone {
    pub email: String,
    pub name: String,
    pub organization: String,
    pub role: Role,
}

/// What became of a change of the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// No such member here.
    Missing,
    /// Nobody would own the organization any more.
    LastOwner,
}

room! {
    /// Who organizes. What takes an `entry` is in the audit log by it, in the same transaction, where
    /// it was done.
    pub trait Organizers {
        /// Keeps an invitation, in place of an open one for the same address and purpose.
        async fn invite(&self, invitation: &NewInvitation) -> Result<i64>;

        /// The invitation with this hash, unless it was accepted or is over.
        async fn find_invitation(
            &self,
            hash: [u8; 32],
            now: Timestamp,
        ) -> Result<Option<Invitation>>;

        /// Accepts in one transaction: of two at once, one gets `None`, as does whoever did not
        /// prove that the account with this address is theirs.
        /// The log gets the role that they have then.
        async fn accept(
            &self,
            acceptance: &Acceptance,
            entry: &Entry,
        ) -> Result<Option<Accepted>>;

        async fn invitations(
            &self,
            organization: OrganizationId,
            now: Timestamp,
        ) -> Result<Vec<OpenInvitation>>;

        /// False where there is no such open invitation.
        async fn withdraw_invitation(
            &self,
            organization: OrganizationId,
            id: i64,
            entry: &Entry,
        ) -> Result<bool>;

        async fn organizer(&self, id: i64) -> Result<Option<Organizer>>;

        /// By the canonical form of an address.
        async fn organizer_by_email(&self, email: &str) -> Result<Option<Organizer>>;

        /// False where there is no such account.
        async fn update_organizer(
            &self,
            id: i64,
            profile: &NewProfile,
            entry: &Entry,
        ) -> Result<bool>;

        /// Where somebody is a member: where they came in last, then in the order of joining.
        async fn memberships(&self, email: &str) -> Result<Vec<(OrganizationId, Role)>>;

        async fn members(&self, organization: OrganizationId) -> Result<Vec<TeamMember>>;

        /// The members of all organizations.
        async fn everybody(&self) -> Result<Vec<Anyone>>;

        async fn change_role(
            &self,
            organization: OrganizationId,
            organizer: i64,
            role: Role,
            entry: &Entry,
        ) -> Result<Changed>;

        /// Ends their sessions here and what they were invited with; forgets who belongs nowhere.
        async fn remove_member(
            &self,
            organization: OrganizationId,
            organizer: i64,
            entry: &Entry,
        ) -> Result<Changed>;

        /// The organization with this name, made where it is missing.
        async fn organization(&self, name: &str, now: Timestamp) -> Result<OrganizationId>;

        async fn organization_name(&self, id: OrganizationId) -> Result<String>;
    }
}

/// A role as it was stored.
pub(super) fn role(text: &str) -> Result<Role> {
    Role::from_text(text)
        .ok_or_else(|| StoreError::Broken(format!("{text:?} is stored and no role").into()))
}

/// A time as it was stored.
pub(super) fn time(milliseconds: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| StoreError::Broken(error.into()))
}

/// A row of an account, as both engines read it.
pub(super) type OrganizerRow = (i64, String, String, Option<String>, String, String, i64);

impl Organizer {
    pub(super) fn read(row: OrganizerRow) -> Self {
        let (id, email, name, password, time_zone, locale, passkeys) = row;
        let passkeys = u64::try_from(passkeys).unwrap_or(0);
        Self { id, email, name, password, time_zone, locale, passkeys }
    }
}

pub(super) type InvitationRow =
    (i64, i64, String, String, String, String, i64, Option<i64>, Option<String>);

impl Invitation {
    pub(super) fn read(row: InvitationRow) -> Result<Self> {
        let (
            id,
            organization,
            organization_name,
            email,
            kept_role,
            purpose,
            ends,
            organizer,
            password,
        ) = row;
        Ok(Self {
            id,
            organization: OrganizationId(organization),
            organization_name,
            email,
            role: role(&kept_role)?,
            purpose: Purpose::read(&purpose),
            expires_at: time(ends)?,
            organizer,
            password,
        })
    }
}

pub(super) type MemberRow = (i64, String, String, String, i64, Option<i64>);

impl TeamMember {
    pub(super) fn read(row: MemberRow) -> Result<Self> {
        let (organizer, email, name, kept_role, joined_at, seen_at) = row;
        let (role, joined_at) = (role(&kept_role)?, time(joined_at)?);
        Ok(Self {
            organizer,
            email,
            name,
            role,
            joined_at,
            seen_at: seen_at.map(time).transpose()?,
        })
    }
}
