//! What organizers did, each line bound to the one before.

use std::sync::Arc;

use jiff::Timestamp;

use super::room::room;
use super::{OrganizationId, Result};

/// A line on its way into the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    pub at: Timestamp,
    pub organization: OrganizationId,
    pub actor: String,
    pub action: String,
    pub subject: String,
    /// A JSON object, as it is stored.
    pub detail: String,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 1, 2, 3 …, without a gap.
    pub id: i64,
    pub line: NewLine,
    /// Binds the line to the one before.
    pub hash: [u8; 32],
}

/// Where the log ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// 0 for a log without a line.
    pub id: i64,
    pub hash: [u8; 32],
}

/// The hash of a line, from the hash of the line before, its id, and what it says.
pub type Link = Arc<dyn Fn(&[u8; 32], i64, &NewLine) -> [u8; 32] + Send + Sync>;

room! {
    /// The log of what organizers did.
    pub trait AuditLog {
        /// Writes a line after the last one. One writer at a time, over all nodes.
        async fn append_line(&self, line: &NewLine, link: Link) -> Result<Line>;

        /// Lines with an id above `after`, oldest first, of all organizations.
        async fn lines_after(&self, after: i64, limit: i64) -> Result<Vec<Line>>;

        /// Lines of an organization with an id below `before`, newest first.
        async fn lines_before(
            &self,
            organization: OrganizationId,
            before: i64,
            limit: i64,
        ) -> Result<Vec<Line>>;

        /// The last line that was written, as it is remembered apart from the log.
        async fn audit_head(&self) -> Result<Head>;
    }
}

/// A row, as both engines read it.
pub(super) type Row = (i64, i64, i64, String, String, String, String, Vec<u8>);

impl Line {
    /// Damage is no reason not to read on: a hash of another length becomes one that cannot be right.
    pub(super) fn read(row: Row) -> Self {
        let (id, at, organization, actor, action, subject, detail, hash) = row;
        // A time that is none is an edited one, and its hash says so.
        let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::MIN);
        let organization = OrganizationId(organization);
        let line = NewLine { at, organization, actor, action, subject, detail };
        Self { id, line, hash: hash.try_into().unwrap_or_default() }
    }
}

impl Head {
    pub(super) fn read((id, hash): (i64, Option<Vec<u8>>)) -> Self {
        let hash = hash.and_then(|hash| hash.try_into().ok()).unwrap_or_default();
        Self { id, hash }
    }
}
