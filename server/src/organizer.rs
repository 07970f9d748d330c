//! Organizers: who they are, what they may, and what they did.

pub mod audit;

pub use countersign_shared::admin::{Permission, Role};

use crate::store::OrganizationId;

/// Who asks, once that is known.
#[derive(Clone, Debug)]
pub struct Caller {
    /// How the audit log names them: an address, `token NAME`, or `command line`.
    pub actor: String,
    pub organization: OrganizationId,
    pub role: Role,
    /// The organizer's row, where it is one and not a token.
    pub organizer: Option<i64>,
    /// What the session is stored under, where it is one.
    pub session: Option<[u8; 32]>,
}

impl Caller {
    /// Whoever has the machine and the key may everything.
    pub fn command_line() -> Self {
        Self {
            actor: "command line".to_owned(),
            organization: OrganizationId(1),
            role: Role::Owner,
            organizer: None,
            session: None,
        }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.role.allows(permission)
    }
}
