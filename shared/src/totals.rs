//! The public total of a campaign, as every reader gets it.

use std::collections::BTreeMap;

/// A snapshot of a campaign's counters, or, in the stream, what changed since the last frame.
///
/// `total` always equals the sum of `countries` in a whole snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Totals {
    /// The campaign's slug.
    pub campaign: String,
    /// Changes whenever `seq` may start again, such as when the server restarts. Rises.
    pub epoch: u64,
    /// Rises by at least one with every change of the counters within an epoch.
    pub seq: u64,
    /// Counted pledges. Absent while the campaign hides a count below its threshold.
    pub total: Option<u64>,
    /// The goal now; with a stepped goal, the step being worked towards.
    pub goal: Option<u64>,
    /// Counted pledges by ISO 3166-1 alpha-2 code. Empty while the count is hidden.
    pub countries: BTreeMap<String, u64>,
    /// When the counters were read, RFC 3339 in UTC.
    pub as_of: String,
    /// True where `countries` holds only those that changed since the frame before.
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub partial: bool,
    /// Why the total fell, in a frame where it did: `removed`, or `recount`.
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "Option::is_none"))]
    pub reason: Option<String>,
    /// False once the campaign takes no more pledges: the last frame of a stream.
    #[cfg_attr(feature = "admin", serde(default = "yes", skip_serializing_if = "is_true"))]
    pub open: bool,
    /// Which edition of the campaign's settings this is: a page that was painted from an earlier one
    /// asks for the campaign anew.
    #[cfg_attr(feature = "admin", serde(default))]
    pub revision: u64,
}

#[cfg(feature = "server")]
fn yes() -> bool {
    true
}

#[cfg(feature = "admin")]
#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_true(value: &bool) -> bool {
    *value
}

impl Totals {
    /// The event id of the stream and the basis of the ETag: `epoch:seq`.
    pub fn id(&self) -> String {
        format!("{}:{}", self.epoch, self.seq)
    }

    /// The message that says why the total fell, where it did.
    pub fn reason_key(&self) -> Option<&'static str> {
        self.reason.as_deref().map(|reason| match reason {
            "recount" => "status-recount",
            _ => "status-removed",
        })
    }
}

/// The countries with the most pledges, the largest first; equal ones by code.
pub fn leading(countries: &BTreeMap<String, u64>, most: usize) -> Vec<(&str, u64)> {
    let mut leading: Vec<(&str, u64)> = Vec::with_capacity(most + 1);
    // A few of many: putting each in its place is less code than sorting them all.
    for (code, n) in countries.iter().filter(|(_, n)| **n > 0) {
        let at = leading.iter().position(|(_, other)| n > other).unwrap_or(leading.len());
        leading.insert(at, (code, *n));
        leading.truncate(most);
    }
    leading
}
