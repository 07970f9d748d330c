//! Organizers: who they are, what they may, and what they did.

pub mod audit;
pub mod invitation;
pub mod passkey;
pub mod password;
pub mod session;
pub mod sign_in;
pub mod token;

use std::time::Duration;

use countersign_shared::Code;
pub use countersign_shared::admin::{Permission, Role};
use jiff::Timestamp;

use crate::store::{OrganizationId, StoreError};

/// Why something was not done for an organizer.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{}", .0.title())]
    Code(Code),
    /// A field of the input, and what is wrong with it.
    #[error("{field}: {title}", field = .0, title = .1.title())]
    Field(&'static str, Code),
    #[error("too many tries")]
    RateLimited { retry_after: Duration },
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Refusal {
    pub(crate) fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

/// Who asks, once that is known.
#[derive(Clone, Debug)]
pub struct Caller {
    /// How the audit log names them: an address, `token NAME`, `command line`, or `server`.
    pub actor: String,
    pub organization: OrganizationId,
    pub role: Role,
    /// The organizer's row, where it is one and not a token.
    pub organizer: Option<i64>,
    /// What the session is stored under, where it is one.
    pub session: Option<[u8; 32]>,
    /// When they proved who they are, where it is a session.
    pub since: Option<Timestamp>,
    /// The organizer who answers for what it makes: themselves, or whose token it is.
    pub answers: Option<i64>,
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
            since: None,
            answers: None,
        }
    }

    /// What the server does by itself, for an organization.
    pub fn server(organization: OrganizationId) -> Self {
        Self { actor: "server".to_owned(), organization, ..Self::command_line() }
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.role.allows(permission)
    }
}
