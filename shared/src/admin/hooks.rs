//! Webhooks, in the form of <https://www.standardwebhooks.com>.

use super::account::wire;

/// What is told. `pledge.confirmed` is sent together with `pledge.signed` while a campaign asks for
/// no confirmation.
pub const EVENTS: [&str; 4] =
    ["pledge.signed", "pledge.confirmed", "pledge.withdrawn", "goal.reached"];

wire! {
pub struct Webhook {
    pub id: i64,
    pub url: String,
    pub events: Vec<String>,
    /// False after an answer of 410, or switched off.
    pub enabled: bool,
    /// Why it was switched off by itself.
    pub disabled_reason: Option<String>,
    pub created_at: String,
    /// Waiting to be delivered.
    pub pending: u64,
    /// Given up after three days.
    pub failed: u64,
    pub last_status: Option<u16>,
    pub last_at: Option<String>,
    /// What went wrong at the last try.
    #[serde(default)]
    pub last_error: Option<String>,
    /// Since when nothing arrived, where the last try failed.
    #[serde(default)]
    pub failing_since: Option<String>,
    /// Thrown away undelivered, because too many waited.
    #[serde(default)]
    pub dropped: u64,
    /// Until when the secret before signs as well. Another new secret ends that at once.
    #[serde(default)]
    pub earlier_secret_until: Option<String>,
}
}

wire! {
pub struct NewWebhook {
    pub url: String,
    pub events: Vec<String>,
}
}

wire! {
/// A webhook with its secret (`whsec_…`), shown once.
pub struct MadeWebhook {
    pub webhook: Webhook,
    pub secret: String,
}
}

wire! {
/// Absent fields stay.
pub struct ChangeWebhook {
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub events: Option<Vec<String>>,
    #[serde(default)]
    pub enabled: Option<bool>,
}
}

wire! {
/// One message to one webhook.
pub struct Delivery {
    /// `webhook-id`: the same in every try.
    pub id: String,
    pub event: String,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    pub attempts: u32,
    pub created_at: String,
    pub next_at: Option<String>,
    pub last_status: Option<u16>,
    /// What went wrong at the last try.
    pub last_error: Option<String>,
    /// The body.
    pub payload: String,
}
}
