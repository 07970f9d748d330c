//! One round of sending to one webhook.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::Instant;

use super::message::Signers;
use super::send::{AT_ONCE_EACH, Places, SendError};
use super::{Busy, RETRIES, count};
use crate::App;
use crate::clock::Entropy;
use crate::organizer::{Caller, audit};
use crate::store::hooks::{Claimed, Health, Settled, StoredHook};
use crate::store::{CampaignId, Result, StoredCampaign};

/// What was claimed is due again after this: longer than any try takes.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// After a round that failed the receiver is left alone, twice as long each time, up to the second.
const PAUSE: Duration = Duration::from_secs(5);
const PAUSE_MOST: Duration = Duration::from_secs(60);

pub(super) async fn run(app: Arc<App>, hook: StoredHook, busy: Busy) {
    match round(&app, &hook, &busy).await {
        Ok(more) => {
            let courier = Arc::clone(&busy.courier);
            drop(busy);
            if more {
                courier.wake();
            }
        }
        Err(error) => tracing::warn!(webhook = hook.id, %error, "a webhook's messages wait"),
    }
}

/// True where there may be more to send at once.
async fn round(app: &App, hook: &StoredHook, busy: &Busy) -> Result<bool> {
    // One that this node has not heard of yet is there at the next look.
    let Some(campaign) = app.campaigns.by_id(CampaignId(hook.campaign)) else {
        return Ok(false);
    };
    // Before anything is claimed: who waits for a place would spend the lease.
    let places = busy.courier.sender.places(hook.failures > 0).await;
    let fresh = match places.waited {
        true => app.store.webhooks(campaign.id, Some(hook.id)).await?.pop(),
        false => Some(hook.clone()),
    };
    // Switched off or deleted while it waited.
    let Some(hook) = fresh.as_ref().filter(|hook| hook.enabled) else { return Ok(false) };
    let now = app.clock.now();
    let most = u32::try_from(places.held.len()).unwrap_or(u32::MAX);
    let claimed = app.store.claim_deliveries(hook.id, now, now + LEASE, most).await?;
    let full = claimed.len() == places.held.len();
    if claimed.is_empty() {
        return Ok(false);
    }
    let tried = match Signers::of(&app.secrets, &campaign, hook, now) {
        Ok(signers) => send_all(app, hook, claimed, places, &signers, busy).await,
        Err(_) => claimed.into_iter().map(|it| (it, Err(SendError::Secret))).collect(),
    };
    fail::fail_point!("after_delivery", |_| std::process::abort());
    let health = health(app, hook, &tried);
    let settled = tried.into_iter().map(|(claimed, sent)| settle(app, claimed, sent)).collect();
    let goes_on = full && health.is_up && health.disabled.is_none();
    // Written where this switches it off.
    let (server, campaign) = (Caller::server(campaign.organization), slug(&campaign));
    let why = health.disabled.clone();
    let detail = json!({ "webhook": hook.id, "enabled": false, "why": why });
    let entry = audit::entry(app, &server, "webhook.change", campaign, detail);
    app.store.settle_deliveries(hook.id, settled, health, app.clock.now(), &entry).await?;
    if let Some(why) = why {
        tracing::warn!(webhook = hook.id, campaign, why, "a webhook was switched off");
    }
    Ok(goes_on)
}

fn slug(campaign: &StoredCampaign) -> &str {
    campaign.campaign.slug.as_str()
}

type Tried = Vec<(Claimed, std::result::Result<u16, SendError>)>;

async fn send_all(
    app: &App,
    hook: &StoredHook,
    claimed: Vec<Claimed>,
    mut places: Places,
    signers: &Signers,
    busy: &Busy,
) -> Tried {
    places.held.truncate(claimed.len());
    let send = |(claimed, place): (Claimed, _)| async move {
        let at = app.clock.now();
        let signature = signers.sign(&claimed.id, at, &claimed.payload);
        let began = Instant::now();
        let sender = &busy.courier.sender;
        let sent = sender.send(&hook.url, &claimed.id, at, &signature, &claimed.payload).await;
        metrics::histogram!("countersign_webhook_seconds").record(began.elapsed().as_secs_f64());
        drop(place);
        (claimed, sent)
    };
    let each = claimed.into_iter().zip(places.held);
    stream::iter(each).map(send).buffer_unordered(AT_ONCE_EACH).collect().await
}

fn settle(app: &App, claimed: Claimed, sent: std::result::Result<u16, SendError>) -> Settled {
    let now = app.clock.now();
    let attempts = claimed.attempts.saturating_add(1);
    let (state, next_at) = match (&sent, RETRIES.get(claimed.attempts as usize)) {
        (Ok(_), _) => ("delivered", now),
        (Err(error), _) if error.is_final() => ("failed", now),
        (Err(_), Some(wait)) => ("pending", now + jittered(&*app.entropy, *wait)),
        (Err(_), None) => ("failed", now),
    };
    count(if state == "pending" { "again" } else { state }, 1);
    let status = sent.as_ref().map_or_else(SendError::status, |status| Some(*status));
    let error = sent.err().map(|error| error.to_string());
    Settled { id: claimed.id, state, attempts, next_at, status, error }
}

/// A tenth more or less, so that what failed together does not come back together.
fn jittered(entropy: &dyn Entropy, seconds: i64) -> SignedDuration {
    let mut bytes = [0; 4];
    entropy.fill(&mut bytes);
    let share = i64::from(u32::from_le_bytes(bytes)) * 200 / i64::from(u32::MAX);
    SignedDuration::from_millis(seconds * (900 + share))
}

/// A receiver that took anything is up, whatever it said to the rest.
fn health(app: &App, hook: &StoredHook, tried: &Tried) -> Health {
    let is_up = tried.iter().any(|(_, sent)| sent.is_ok());
    let gone = tried.iter().filter_map(|(_, sent)| sent.as_ref().err()).find(|it| it.is_final());
    let last = tried.iter().map(|(_, sent)| sent).find(|sent| sent.is_ok() == is_up);
    Health {
        is_up,
        paused_until: pause(app.clock.now(), hook.failures),
        disabled: gone.map(ToString::to_string),
        status: last.and_then(|sent| match sent {
            Ok(status) => Some(*status),
            Err(error) => error.status(),
        }),
        error: last.and_then(|sent| sent.as_ref().err()).map(ToString::to_string),
    }
}

fn pause(now: Timestamp, failures: u32) -> Timestamp {
    let doubled = PAUSE.saturating_mul(1 << failures.min(10));
    now + SignedDuration::try_from(doubled.min(PAUSE_MOST)).unwrap_or(SignedDuration::ZERO)
}

#[cfg(test)]
mod tests;
