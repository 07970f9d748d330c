//! People who signed, and what organizers do with what they find.

use super::account::wire;

wire! {
/// One who signed. Personal data is absent for roles that may not see it, and after its retention.
pub struct Supporter {
    pub id: i64,
    pub signed_at: String,
    /// `counted`, `quarantined`, `unconfirmed`, `withdrawn`, `refused` or `invalidated`.
    pub state: String,
    /// Why it is not counted: `honeypot`, `too_fast` …
    pub reason: Option<String>,
    /// An e-mail asked its mailbox, and only that can bring it into the number: it can be erased, and
    /// neither released nor refused.
    #[serde(default)]
    pub waits_for_mailbox: bool,
    /// `online` or `import`.
    pub channel: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub message: Option<String>,
    pub country: String,
    pub locale: String,
    pub public_name: bool,
    pub updates: bool,
    /// The domain looks like another one.
    pub suspicious: bool,
    pub utm_source: Option<String>,
    pub referrer: Option<String>,
    pub receipt: String,
    /// The address block it came from: /24 or /48.
    pub network: Option<String>,
}
}

wire! {
/// What to look for. Everything that is given must hold.
#[derive(Default)]
#[serde(deny_unknown_fields)]
pub struct SupporterFilter {
    /// A whole address is found at once. Anything else is looked for in names, addresses and
    /// messages, case-insensitive.
    #[serde(default)]
    pub q: Option<String>,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub country: Option<String>,
    #[serde(default)]
    pub channel: Option<String>,
    #[serde(default)]
    pub updates: Option<bool>,
    #[serde(default)]
    pub suspicious: Option<bool>,
    /// RFC 3339, inclusive.
    #[serde(default)]
    pub from: Option<String>,
    /// RFC 3339, exclusive.
    #[serde(default)]
    pub to: Option<String>,
    /// A mail domain, such as `mailinator.com`; subdomains belong to it.
    #[serde(default)]
    pub domain: Option<String>,
    /// An address range, such as `203.0.113.0/24`.
    #[serde(default)]
    pub network: Option<String>,
    /// A pattern for the address with `*` and `?`, such as `user??@*`.
    #[serde(default)]
    pub pattern: Option<String>,
}
}

wire! {
/// A part of the list, the latest first. A search reads a bounded number of rows a request, so a
/// page may be empty and not the last: `next` says where to go on.
pub struct SupporterPage {
    pub items: Vec<Supporter>,
    pub next: Option<String>,
    /// How many rows were read for it.
    pub read: u64,
    /// How many there are in all, roughly.
    pub of: u64,
}
}

wire! {
/// What is to be corrected. Absent fields stay.
pub struct Correction {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub country: Option<String>,
    #[serde(default)]
    pub message: Option<String>,
    #[serde(default)]
    pub updates: Option<bool>,
    #[serde(default)]
    pub public_name: Option<bool>,
}
}

wire! {
/// What a single act did to the number.
pub struct Done {
    pub supporter: Option<Supporter>,
    pub total: u64,
}
}

wire! {
/// Makes pledges invalid that a filter finds. With `preview`, only counts them.
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    pub filter: SupporterFilter,
    /// Shown in the audit log. A preview needs none.
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub preview: bool,
}
}

wire! {
/// Work in the background. `state` is `running`, `done`, `failed` or `undone`.
pub struct BulkJob {
    pub id: i64,
    pub preview: bool,
    pub state: String,
    pub reason: String,
    pub filter: SupporterFilter,
    /// Rows looked at, and how many there are.
    pub read: u64,
    pub of: u64,
    /// Rows that the filter finds and that are in the number.
    pub matched: u64,
    /// Rows that were taken out of the number.
    pub changed: u64,
    pub created_by: String,
    pub created_at: String,
    pub finished_at: Option<String>,
}
}
