//! Who is signed in, and the passkeys they sign in with.

use countersign_shared::admin::Role;
use jiff::Timestamp;

use super::audit::Entry;
use super::organizers::{role, time};
use super::room::room;
use super::{OrganizationId, Result};

#[derive(Clone, Debug)]
pub struct NewSession {
    /// Keyed hash of what the cookie holds.
    pub hash: [u8; 32],
    pub organizer: i64,
    pub organization: OrganizationId,
    /// The browser as it named itself, shortened.
    pub agent: String,
    /// When somebody proved who they are.
    pub since: Timestamp,
    pub now: Timestamp,
}

/// A session whose organizer is a member still, with the role of this moment.
#[derive(Clone, Debug)]
pub struct Session {
    pub organizer: i64,
    pub email: String,
    pub organization: OrganizationId,
    pub role: Role,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// A session in the list of its organizer.
#[derive(Clone, Debug)]
pub struct ListedSession {
    pub hash: [u8; 32],
    pub agent: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// Sessions made or last seen before these moments are over.
#[derive(Clone, Copy, Debug)]
pub struct Horizon {
    pub created: Timestamp,
    pub seen: Timestamp,
}

/// A passkey as it is kept.
#[derive(Clone, Debug)]
pub struct StoredPasskey {
    pub id: i64,
    pub name: String,
    pub created_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// JSON of the library that checks it.
    pub credential: String,
}

#[derive(Clone, Debug)]
pub struct NewPasskey {
    pub organizer: i64,
    pub credential_id: Vec<u8>,
    pub credential: String,
    pub name: String,
    pub now: Timestamp,
}

/// What became of a passkey that was to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    Done,
    Missing,
    /// Nothing else would let its owner in.
    LastWayIn,
}

/// What must be remembered between the two halves of a passkey's ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceremony {
    /// Who adds a passkey; `None` for a sign-in.
    pub organizer: Option<i64>,
    /// JSON of the library that checks the second half.
    pub state: String,
    pub expires_at: Timestamp,
}

room! {
    /// Who is signed in. What takes an `entry` is in the audit log by it, in the same transaction,
    /// where it was done.
    pub trait Sessions {
        /// Keeps a session, in place of the one that the same browser had. The organization is the one
        /// that its organizer was in last.
        async fn begin_session(
            &self,
            session: &NewSession,
            earlier: Option<[u8; 32]>,
        ) -> Result<()>;

        async fn find_session(
            &self,
            hash: [u8; 32],
            over: Horizon,
        ) -> Result<Option<Session>>;

        /// Notes that a session was used.
        async fn touch_session(&self, hash: [u8; 32], now: Timestamp) -> Result<()>;

        /// The last seen first.
        async fn sessions(&self, organizer: i64, over: Horizon) -> Result<Vec<ListedSession>>;

        /// False where there is no such session.
        async fn end_session(&self, hash: [u8; 32], entry: &Entry) -> Result<bool>;

        /// Ends all sessions of an organizer; says how many, here and in the line.
        async fn end_sessions(&self, organizer: i64, entry: &Entry) -> Result<u64>;

        /// Forgets sessions, ceremonies and invitations that are over; says how many sessions.
        async fn forget_sessions(&self, over: Horizon, now: Timestamp) -> Result<u64>;

        /// `None` where this credential is known already.
        async fn add_passkey(&self, passkey: &NewPasskey, entry: &Entry) -> Result<Option<i64>>;

        async fn passkeys(&self, organizer: i64) -> Result<Vec<StoredPasskey>>;

        /// The passkey with this credential: its id, its organizer, and the credential.
        async fn find_passkey(
            &self,
            credential_id: &[u8],
        ) -> Result<Option<(i64, i64, String)>>;

        /// Keeps what the library says of a passkey after its use.
        async fn use_passkey(
            &self,
            id: i64,
            credential: &str,
            now: Timestamp,
        ) -> Result<()>;

        async fn remove_passkey(&self, organizer: i64, id: i64, entry: &Entry) -> Result<Removed>;

        /// Forgets all passkeys of an organizer, who needs another way in; says how many.
        async fn forget_passkeys(&self, organizer: i64) -> Result<u64>;

        /// Remembers a ceremony, in place of an earlier one of who adds a passkey. Where very many are
        /// under way, the oldest sign-in gives way: nobody is kept out.
        async fn begin_ceremony(
            &self,
            hash: [u8; 32],
            ceremony: &Ceremony,
            now: Timestamp,
        ) -> Result<()>;

        /// Gives a ceremony out, once.
        async fn take_ceremony(&self, hash: [u8; 32], now: Timestamp)
            -> Result<Option<Ceremony>>;
    }
}

/// Sign-ins by passkey under way at once. Each takes about a kilobyte and five minutes.
pub(super) const CEREMONIES: i64 = 10_000;

pub(super) type SessionRow = (i64, String, i64, String, i64, i64);

impl Session {
    pub(super) fn read(row: SessionRow) -> Result<Self> {
        let (organizer, email, organization, kept_role, created_at, seen_at) = row;
        Ok(Self {
            organizer,
            email,
            organization: OrganizationId(organization),
            role: role(&kept_role)?,
            created_at: time(created_at)?,
            seen_at: time(seen_at)?,
        })
    }
}

impl ListedSession {
    pub(super) fn read(row: (Vec<u8>, String, i64, i64)) -> Result<Self> {
        let (hash, agent, created_at, seen_at) = row;
        let hash = hash.try_into().unwrap_or_default();
        Ok(Self { hash, agent, created_at: time(created_at)?, seen_at: time(seen_at)? })
    }
}

impl StoredPasskey {
    pub(super) fn read(row: (i64, String, i64, Option<i64>, String)) -> Result<Self> {
        let (id, name, created_at, used_at, credential) = row;
        let used_at = used_at.map(time).transpose()?;
        Ok(Self { id, name, created_at: time(created_at)?, used_at, credential })
    }
}

impl Ceremony {
    /// `None` for one that is over.
    pub(super) fn read(
        row: Option<(Option<i64>, String, i64)>,
        now: Timestamp,
    ) -> Result<Option<Self>> {
        let Some((organizer, state, expires_at)) = row else { return Ok(None) };
        let expires_at = time(expires_at)?;
        Ok((expires_at > now).then_some(Self { organizer, state, expires_at }))
    }
}
