//! What organizers did, each line bound to the one before.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::room::room;
use super::{Counters, OrganizationId, Result};

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
    /// Vouches that the log ends here. Absent where no line was written since there are seals.
    pub seal: Option<[u8; 32]>,
}

/// Binds the lines to each other, and vouches for the last. Whoever has no key can do neither.
pub trait Chain: Send + Sync {
    /// The hash of a line, from the hash of the line before, its id, and what it says.
    fn link(&self, before: &[u8; 32], id: i64, line: &NewLine) -> [u8; 32];

    /// What vouches that the log ends with this line.
    fn seal(&self, id: i64, hash: &[u8; 32]) -> [u8; 32];
}

pub type Link = Arc<dyn Chain>;

/// A line that is written in the transaction of what it tells.
#[derive(Clone)]
pub struct Entry {
    pub line: NewLine,
    pub link: Link,
}

impl Entry {
    /// With what is known only when the change is made.
    pub(super) fn with(&self, name: &str, value: impl Into<Value>) -> Self {
        let mut entry = self.clone();
        if let Ok(Value::Object(mut detail)) = serde_json::from_str(&entry.line.detail) {
            detail.insert(name.to_owned(), value.into());
            entry.line.detail = Value::Object(detail).to_string();
        }
        entry
    }

    /// With the total that the change left behind, where it moved it.
    pub(super) fn moved(&self, counters: Option<&Counters>) -> Self {
        counters.map_or_else(|| self.clone(), |counters| self.with("total", counters.total))
    }

    /// About something new, which has its number only now.
    pub(super) fn numbered(&self, id: i64) -> Self {
        let mut entry = self.clone();
        entry.line.subject = format!("{}/{id}", entry.line.subject);
        entry
    }

    /// About a campaign that the store has come upon by itself.
    pub(super) fn about(&self, organization: OrganizationId, slug: &str) -> Self {
        let mut entry = self.clone();
        (entry.line.organization, entry.line.subject) = (organization, slug.to_owned());
        entry
    }
}

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
    pub(super) fn read((id, kept): (i64, Option<Vec<u8>>)) -> Self {
        let kept = kept.unwrap_or_default();
        let part = |range: Range<usize>| kept.get(range)?.try_into().ok();
        let hash = part(0..32).unwrap_or_default();
        // Damage is no reason not to read on: what is neither with nor without a seal fits nowhere.
        let seal = if kept.len() <= 32 { None } else { Some(part(32..64).unwrap_or_default()) };
        Self { id, hash, seal }
    }

    /// The head after a line, as it is kept.
    pub(super) fn after(line: &Line, link: &Link) -> Vec<u8> {
        [line.hash, link.seal(line.id, &line.hash)].concat()
    }
}
