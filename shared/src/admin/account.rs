//! Organizers, their ways in, their team, and what was done.

use super::Role;

// serde reads these on the server alone: what the dashboard has instead is in `json`.
macro_rules! wire {
    ($(#[$doc:meta])* pub struct $name:ident { $($(#[$fdoc:meta])* pub $field:ident: $kind:ty,)* }) => {
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
        $(#[$doc])*
        pub struct $name { $($(#[$fdoc])* pub $field: $kind,)* }

        super::json::from_json!($name { $($field),* });
    };
}
pub(super) use wire;

/// A password has at least so many characters. Length over rules (NIST SP 800-63B, 5.1.1.2).
pub const PASSWORD_LEAST: usize = 12;
/// And at most so many: hashing longer ones would be work for nothing.
pub const PASSWORD_MOST: usize = 256;

wire! {
/// Who is signed in, and where.
pub struct Me {
    pub email: String,
    /// Empty until the organizer gives one.
    pub name: String,
    pub role: Role,
    /// The organization's name.
    pub organization: String,
    /// Everywhere they belong to, this one as well.
    #[serde(default)]
    pub organizations: Vec<Membership>,
    /// IANA name, such as `Africa/Nairobi`; empty for the browser's.
    pub time_zone: String,
    /// BCP 47 tag that numbers and dates are written by; empty for the browser's.
    pub locale: String,
    pub has_password: bool,
    pub passkeys: u32,
    /// Whether this server's address can have passkeys: they need a host name and a secure context.
    pub passkeys_possible: bool,
    /// When this session ends at the latest.
    pub session_ends_at: String,
}
}

wire! {
/// An organization that somebody belongs to.
pub struct Membership {
    pub id: i64,
    pub name: String,
    pub role: Role,
    /// The one that the session is in.
    pub current: bool,
}
}

wire! {
/// Goes on in another organization.
pub struct ChangeOrganization {
    pub organization: i64,
}
}

wire! {
pub struct SignIn {
    pub email: String,
    pub password: String,
}
}

wire! {
/// Who is invited, for the page that accepts.
pub struct Invitation {
    pub email: String,
    pub organization: String,
    pub role: Role,
    pub expires_at: String,
    /// The address has an account already: it signs in, and belongs to the organization as well.
    pub has_account: bool,
    /// The link sets another password for an account that belongs to the organization.
    #[serde(default)]
    pub reset: bool,
}
}

wire! {
/// Accepts an invitation. Without a password the session may add a passkey, which must follow.
pub struct Accept {
    pub name: String,
    #[serde(default)]
    pub password: Option<String>,
}
}

wire! {
/// What an organizer may change about themselves. Absent fields stay.
pub struct Profile {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub time_zone: Option<String>,
    #[serde(default)]
    pub locale: Option<String>,
    /// With a new password, the present one where there is one.
    #[serde(default)]
    pub password: Option<String>,
    #[serde(default)]
    pub present_password: Option<String>,
}
}

wire! {
pub struct Session {
    /// Names the session in lists; opens nothing.
    pub id: String,
    pub created_at: String,
    pub seen_at: String,
    pub ends_at: String,
    /// The browser as it named itself, shortened.
    pub agent: String,
    /// The one that asks.
    pub current: bool,
}
}

wire! {
pub struct Passkey {
    pub id: i64,
    pub name: String,
    pub created_at: String,
    pub used_at: Option<String>,
}
}

/// A passkey that a browser has just made: the second half of adding it.
#[derive(Clone, Debug, serde::Serialize)]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct NewPasskey<Credential> {
    /// What its owner calls it, such as the device it is on.
    pub name: String,
    /// What `PublicKeyCredential.toJSON()` says (WebAuthn Level 3, 5.1.1).
    pub credential: Credential,
}

wire! {
pub struct Member {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub joined_at: String,
    pub seen_at: Option<String>,
    /// The one that asks.
    pub you: bool,
    /// The names of tokens that they made: these end with the member's own rights.
    #[serde(default)]
    pub tokens: Vec<String>,
}
}

wire! {
pub struct Invited {
    pub id: i64,
    pub email: String,
    pub role: Role,
    pub expires_at: String,
}
}

wire! {
pub struct Team {
    pub members: Vec<Member>,
    pub invitations: Vec<Invited>,
}
}

wire! {
pub struct Invite {
    pub email: String,
    pub role: Role,
}
}

wire! {
/// The link of an invitation, shown once.
pub struct InviteLink {
    pub url: String,
    pub expires_at: String,
}
}

wire! {
pub struct ChangeRole {
    pub role: Role,
}
}

wire! {
pub struct Token {
    pub id: i64,
    pub name: String,
    /// What it may do: a role's rights.
    pub role: Role,
    /// Who made it, in the words of the audit log; empty for an old one.
    #[serde(default)]
    pub made_by: String,
    pub created_at: String,
    pub expires_at: Option<String>,
    pub used_at: Option<String>,
}
}

wire! {
pub struct NewToken {
    pub name: String,
    pub role: Role,
    /// Days until it ends; absent for none.
    #[serde(default)]
    pub days: Option<u32>,
}
}

wire! {
/// A token, shown once.
pub struct MadeToken {
    pub token: String,
    pub made: Token,
}
}

wire! {
/// One line of the audit log.
pub struct AuditEntry {
    pub id: i64,
    pub at: String,
    /// An organizer's address, `token NAME`, `command line`, or `server`.
    pub actor: String,
    /// A stable word, such as `campaign.update`.
    pub action: String,
    /// What it was done to, such as a slug.
    pub subject: String,
    /// A JSON object. Holds no supporter's personal data.
    pub detail: String,
}
}

wire! {
/// Whether the log is as it was written.
pub struct AuditProof {
    /// How many lines are the organization's own.
    pub entries: u64,
    pub intact: bool,
    /// The first line that does not fit.
    pub broken_at: Option<i64>,
}
}
