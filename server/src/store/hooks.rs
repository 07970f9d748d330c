//! Webhooks and their outbox.

use jiff::{SignedDuration, Timestamp};

use super::audit::Entry;
use super::measured::timed;
use super::{CampaignId, Measured, Result, StoreError};

/// So many webhooks a campaign may have.
pub const WEBHOOKS_MOST: i64 = 20;
/// For this long after a rotation the secret before signs as well.
const EARLIER_SECRET: SignedDuration = SignedDuration::from_hours(24);
/// What was delivered is shown for this long.
pub(super) const DELIVERED_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What was given up is shown, and may be sent again, for this long.
pub(super) const FAILED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Old rows go in bites of this size, so that nobody waits long.
pub(super) const FORGET_BITE: i64 = 1_000;

/// A webhook as it is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredHook {
    pub id: i64,
    pub campaign: i64,
    pub url: String,
    pub events: Vec<String>,
    /// Sealed by [`crate::secrets::Secrets::seal_hook`].
    pub secret: Vec<u8>,
    /// The secret before, which signs too until a day after `rotated_at`.
    pub earlier_secret: Option<Vec<u8>>,
    pub rotated_at: Option<Timestamp>,
    pub enabled: bool,
    /// Why it was switched off by itself.
    pub disabled_reason: Option<String>,
    pub created_at: Option<Timestamp>,
    /// Tries in a row that failed.
    pub failures: u32,
    pub failing_since: Option<Timestamp>,
    pub last_status: Option<u16>,
    pub last_error: Option<String>,
    pub last_at: Option<Timestamp>,
    /// Thrown away undelivered.
    pub dropped: u64,
    pub pending: u64,
    pub failed: u64,
}

impl StoredHook {
    /// Until when the secret before signs too; `None` where there is none.
    pub fn earlier_secret_until(&self) -> Option<Timestamp> {
        self.earlier_secret.as_ref()?;
        self.rotated_at.map(|at| at + EARLIER_SECRET)
    }

    pub(super) fn listed(events: &str) -> Vec<String> {
        events.split_ascii_whitespace().map(str::to_owned).collect()
    }
}

/// A webhook to be.
#[derive(Clone, Debug)]
pub struct NewHook {
    pub campaign: CampaignId,
    pub url: String,
    /// Names without spaces.
    pub events: Vec<String>,
    /// Sealed.
    pub secret: Vec<u8>,
}

/// What is to be changed; absent fields stay.
#[derive(Clone, Debug, Default)]
pub struct HookChange {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub enabled: Option<bool>,
}

/// A message that is written by itself, outside of any other change.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    pub id: String,
    pub event: &'static str,
    pub payload: String,
}

/// One message to one webhook, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDelivery {
    pub id: String,
    pub event: String,
    pub payload: String,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    pub attempts: u32,
    pub next_at: Timestamp,
    pub last_status: Option<u16>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
}

/// A message that this node is to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    pub id: String,
    pub payload: String,
    /// How often it was tried before.
    pub attempts: u32,
}

/// What became of a claimed message.
#[derive(Clone, Debug)]
pub struct Settled {
    pub id: String,
    /// `pending`, `delivered` or `failed`.
    pub state: &'static str,
    pub attempts: u32,
    pub next_at: Timestamp,
    pub status: Option<u16>,
    pub error: Option<String>,
}

/// What a round of sending said about the receiver.
#[derive(Clone, Debug)]
pub struct Health {
    /// It took something.
    pub is_up: bool,
    /// Until when to leave it alone, where it is not.
    pub paused_until: Timestamp,
    /// Why it is switched off; then nothing more waits for it.
    pub disabled: Option<String>,
    pub status: Option<u16>,
    pub error: Option<String>,
}

fn none<T>() -> Result<T> {
    Err(StoreError::Refused("this store has no webhooks"))
}

/// Webhooks and their outbox. Messages are written by whoever changes what they tell, in the same
/// transaction. What is done to a webhook is in the audit log by its `entry`, likewise.
#[async_trait::async_trait]
pub trait Hooks: Send + Sync + 'static {
    /// The campaign's webhooks with their secrets sealed; or one of them.
    async fn webhooks(&self, _campaign: CampaignId, _one: Option<i64>) -> Result<Vec<StoredHook>> {
        none()
    }

    /// The new one's id; `None` where there are [`WEBHOOKS_MOST`].
    async fn create_webhook(
        &self,
        _hook: NewHook,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Option<i64>> {
        none()
    }

    /// False where there is no such webhook.
    async fn change_webhook(
        &self,
        _campaign: CampaignId,
        _id: i64,
        _change: HookChange,
        _entry: &Entry,
    ) -> Result<bool> {
        none()
    }

    /// Puts a sealed secret in place of the current one, which becomes the earlier.
    async fn rotate_webhook(
        &self,
        _campaign: CampaignId,
        _id: i64,
        _secret: Vec<u8>,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<bool> {
        none()
    }

    /// Deletes it and all of its messages. The line is written when that begins: from then on it is
    /// off.
    async fn delete_webhook(
        &self,
        _campaign: CampaignId,
        _id: i64,
        _entry: &Entry,
    ) -> Result<bool> {
        none()
    }

    /// Some messages, the latest first, after the one at this moment with this id.
    async fn deliveries(
        &self,
        _campaign: CampaignId,
        _hook: i64,
        _after: Option<(Timestamp, String)>,
        _limit: u32,
    ) -> Result<Vec<StoredDelivery>> {
        none()
    }

    /// Writes a message to a webhook of the campaign; `None` where there is none.
    async fn write_delivery(
        &self,
        _campaign: CampaignId,
        _hook: i64,
        _new: NewDelivery,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Option<StoredDelivery>> {
        none()
    }

    /// Makes a message due at once, under its id; `None` where there is none.
    async fn replay(
        &self,
        _campaign: CampaignId,
        _hook: i64,
        _delivery: String,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<Option<StoredDelivery>> {
        none()
    }

    /// The webhooks that have something to be sent now. Their counts are 0.
    async fn due_webhooks(&self, _now: Timestamp) -> Result<Vec<StoredHook>> {
        none()
    }

    /// Takes messages for this node to send. Should it die, they are due again at `lease`.
    async fn claim_deliveries(
        &self,
        _hook: i64,
        _now: Timestamp,
        _lease: Timestamp,
        _limit: u32,
    ) -> Result<Vec<Claimed>> {
        none()
    }

    /// What became of them, and how the receiver is. The log gets `entry` where that switches the
    /// webhook off.
    async fn settle_deliveries(
        &self,
        _hook: i64,
        _settled: Vec<Settled>,
        _health: Health,
        _now: Timestamp,
        _entry: &Entry,
    ) -> Result<()> {
        none()
    }

    /// Throws away what waits beyond `most` a webhook, the oldest first, and counts it at the
    /// webhook; forgets what was done long ago. Returns how many were thrown away.
    async fn tidy_deliveries(&self, _most: u32, _now: Timestamp) -> Result<u64> {
        none()
    }

    /// How many messages wait, in all.
    async fn pending_deliveries(&self) -> Result<u64> {
        none()
    }
}

#[async_trait::async_trait]
impl Hooks for Measured {
    async fn webhooks(&self, campaign: CampaignId, one: Option<i64>) -> Result<Vec<StoredHook>> {
        timed("webhooks", self.0.webhooks(campaign, one)).await
    }

    async fn create_webhook(
        &self,
        hook: NewHook,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Option<i64>> {
        timed("create_webhook", self.0.create_webhook(hook, now, entry)).await
    }

    async fn change_webhook(
        &self,
        campaign: CampaignId,
        id: i64,
        change: HookChange,
        entry: &Entry,
    ) -> Result<bool> {
        timed("change_webhook", self.0.change_webhook(campaign, id, change, entry)).await
    }

    async fn rotate_webhook(
        &self,
        campaign: CampaignId,
        id: i64,
        secret: Vec<u8>,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<bool> {
        timed("rotate_webhook", self.0.rotate_webhook(campaign, id, secret, now, entry)).await
    }

    async fn delete_webhook(&self, campaign: CampaignId, id: i64, entry: &Entry) -> Result<bool> {
        timed("delete_webhook", self.0.delete_webhook(campaign, id, entry)).await
    }

    async fn deliveries(
        &self,
        campaign: CampaignId,
        hook: i64,
        after: Option<(Timestamp, String)>,
        limit: u32,
    ) -> Result<Vec<StoredDelivery>> {
        timed("deliveries", self.0.deliveries(campaign, hook, after, limit)).await
    }

    async fn write_delivery(
        &self,
        campaign: CampaignId,
        hook: i64,
        new: NewDelivery,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Option<StoredDelivery>> {
        timed("write_delivery", self.0.write_delivery(campaign, hook, new, now, entry)).await
    }

    async fn replay(
        &self,
        campaign: CampaignId,
        hook: i64,
        delivery: String,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Option<StoredDelivery>> {
        timed("replay", self.0.replay(campaign, hook, delivery, now, entry)).await
    }

    async fn due_webhooks(&self, now: Timestamp) -> Result<Vec<StoredHook>> {
        timed("due_webhooks", self.0.due_webhooks(now)).await
    }

    async fn claim_deliveries(
        &self,
        hook: i64,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claimed>> {
        timed("claim_deliveries", self.0.claim_deliveries(hook, now, lease, limit)).await
    }

    async fn settle_deliveries(
        &self,
        hook: i64,
        settled: Vec<Settled>,
        health: Health,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<()> {
        let settle = self.0.settle_deliveries(hook, settled, health, now, entry);
        timed("settle_deliveries", settle).await
    }

    async fn tidy_deliveries(&self, most: u32, now: Timestamp) -> Result<u64> {
        timed("tidy_deliveries", self.0.tidy_deliveries(most, now)).await
    }

    async fn pending_deliveries(&self) -> Result<u64> {
        timed("pending_deliveries", self.0.pending_deliveries()).await
    }
}
