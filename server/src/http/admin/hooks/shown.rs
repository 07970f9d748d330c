//! Webhooks and their messages in the words of the API.

use countersign_shared::admin::hooks::{Delivery, Webhook};
use jiff::Timestamp;

use crate::store::hooks::{StoredDelivery, StoredHook};

pub(super) fn shown(hook: StoredHook, now: Timestamp) -> Webhook {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let until = hook.earlier_secret_until().filter(|until| now < *until);
    Webhook {
        id: hook.id,
        url: hook.url,
        events: hook.events,
        enabled: hook.enabled,
        disabled_reason: hook.disabled_reason,
        created_at: text(hook.created_at).unwrap_or_default(),
        pending: hook.pending,
        failed: hook.failed,
        last_status: hook.last_status,
        last_at: text(hook.last_at),
        last_error: hook.last_error,
        failing_since: text(hook.failing_since),
        dropped: hook.dropped,
        earlier_secret_until: text(until),
    }
}

pub(super) fn delivery(stored: StoredDelivery) -> Delivery {
    let waits = stored.state == "pending";
    Delivery {
        id: stored.id,
        event: stored.event,
        state: stored.state,
        attempts: stored.attempts,
        created_at: stored.created_at.to_string(),
        next_at: waits.then(|| stored.next_at.to_string()),
        last_status: stored.last_status,
        last_error: stored.last_error,
        payload: stored.payload,
    }
}
