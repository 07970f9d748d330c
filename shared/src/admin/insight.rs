//! What organizers watch.

use super::account::wire;

wire! {
/// Pledges counted in one minute.
pub struct Minute {
    pub at: String,
    pub counted: u64,
}
}

wire! {
/// The live card. The stream of totals moves it from there.
pub struct Overview {
    pub slug: String,
    pub title: String,
    pub total: u64,
    /// Of `total`, those that were signed here.
    pub online: u64,
    /// Of `total`, those from imports.
    pub imported: u64,
    /// Of `total`, those of labelled counts.
    pub labelled: u64,
    /// Not in `total`: waiting for a decision.
    pub quarantined: u64,
    /// Not in `total`: waiting for their mailbox.
    #[serde(default)]
    pub unconfirmed: u64,
    pub goal: Option<u64>,
    /// Those signed online in the last 60 minutes, oldest first, the empty ones among them.
    pub minutes: Vec<Minute>,
    /// Signed online, as is `last_day`: what is typed from paper was signed before.
    pub last_hour: u64,
    pub last_day: u64,
    /// Signed online in an hour, over the last 24 hours, or since the first where that is less.
    pub pace: f64,
    /// When the goal falls at this pace.
    pub goal_at: Option<String>,
    /// The campaign's k.
    pub hide_groups_below: u64,
    pub as_of: String,
}
}

wire! {
/// One bucket: what was counted within it, and the total at its end.
pub struct SeriesPoint {
    pub start: String,
    pub counted: u64,
    /// Of `counted`, those from imports and labelled counts.
    pub paper: u64,
    pub total: u64,
}
}

wire! {
/// Buckets without anybody are left out. `bucket` is minute, hour or day; days begin at midnight
/// of `time_zone`.
pub struct Series {
    pub bucket: String,
    pub time_zone: String,
    pub points: Vec<SeriesPoint>,
    pub marks: Vec<Mark>,
}
}

wire! {
/// Something that happened, and what followed.
pub struct Mark {
    pub id: i64,
    pub at: String,
    pub label: String,
    /// How many minutes have begun since, 2880 (48 hours) at most; 0 for one that is to come.
    pub minutes: u64,
    /// Signed online in so many minutes from it on, and in as many before it.
    pub after: u64,
    pub before: u64,
}
}

wire! {
pub struct NewMark {
    pub at: String,
    pub label: String,
}
}

wire! {
pub struct CountryRow {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub counted: u64,
}
}

wire! {
/// Countries of a range, the largest first. Groups under k are in `hidden`, and so is the smallest
/// other one where a single hidden group could be computed from the sum.
pub struct Countries {
    pub rows: Vec<CountryRow>,
    pub hidden_countries: u64,
    pub hidden_counted: u64,
    pub total: u64,
    pub k: u64,
    /// The numbers of rows are multiples of this, rounded down; what is rounded off is in
    /// `hidden_counted`. 0 where they are exact: over all time, as the public total has them.
    #[serde(default)]
    pub steps_of: u64,
}
}

wire! {
/// From seen to shared, counted without cookies, addresses or identifiers.
pub struct Funnel {
    pub seen: u64,
    pub started: u64,
    /// Online: paper is not among them.
    pub signed: u64,
    pub shared: u64,
    /// Since when views and starts are counted.
    pub since: Option<String>,
}
}

wire! {
/// Where people came from: a UTM source, a referring site, or `shared` links.
pub struct SourceRow {
    /// `utm`, `site`, `shared`, `direct`, `paper` (imports), `labelled`, or `other` beyond a thousand a day.
    pub kind: String,
    pub name: String,
    pub seen: u64,
    pub signed: u64,
}
}

wire! {
pub struct Sources {
    pub rows: Vec<SourceRow>,
    /// Signed through sources under k.
    pub hidden_signed: u64,
    /// The `signed` of rows are multiples of this, rounded down; 0 where they are exact.
    #[serde(default)]
    pub steps_of: u64,
}
}

wire! {
/// Something that wants to be looked at.
pub struct Alarm {
    /// `rise_network`, `rise_domain`, `queue_full`, `drift`, `webhook_failing`, `mail_failing`,
    /// `store_down`.
    pub kind: String,
    /// `warn` or `bad`.
    pub level: String,
    /// In words: what, how much, since when.
    pub text: String,
    /// The address block or domain of a rise.
    pub subject: Option<String>,
    pub since: String,
}
}

wire! {
pub struct Alarms {
    pub alarms: Vec<Alarm>,
}
}
