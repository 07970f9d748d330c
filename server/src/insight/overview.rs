//! The live card: the number, its pace, and when the goal falls.

use countersign_shared::admin::insight::{Minute, Overview};
use jiff::{SignedDuration, Timestamp};

use super::k_of;
use crate::App;
use crate::store::insight::Slot;
use crate::store::{Result, StoreError, StoredCampaign};

const MINUTES_SHOWN: i64 = 60;
const MINUTES_OF_PACE: i64 = 24 * 60;
/// A date further away says nothing.
const FORESEEN: f64 = 24.0 * 365.0 * 10.0;

/// The total is what the stream shows; the minutes are read anew, and are of those who sign online:
/// a box of paper that is typed tells nothing about the pace.
pub async fn overview(app: &App, stored: &StoredCampaign) -> Result<Overview> {
    let snapshot = app.hub.snapshot(stored.id).ok_or(StoreError::UnknownCampaign)?;
    let total = snapshot.counters.total;
    let now = app.clock.now();
    let minute = now.as_second().div_euclid(60);
    let slots = app.store.minutes(stored.id, minute - MINUTES_OF_PACE + 1).await?.slots;
    let last_day = sum(&slots, minute - MINUTES_OF_PACE, minute);
    let first = app.store.first_online_minute(stored.id).await?;
    let pace = pace(last_day, first.map(|first| minute - first));
    let channels = app.store.channels(stored.id).await?;
    let campaign = &stored.campaign;
    let goal = campaign.goal_for(total);
    let (_, texts) = campaign.texts_for(&campaign.default_locale);
    Ok(Overview {
        slug: campaign.slug.as_str().to_owned(),
        title: texts.title.clone(),
        total,
        online: total.saturating_sub(channels.imported + channels.labelled),
        imported: channels.imported,
        labelled: channels.labelled,
        quarantined: channels.quarantined,
        unconfirmed: channels.unconfirmed,
        goal,
        minutes: minutes(&slots, minute),
        last_hour: sum(&slots, minute - MINUTES_SHOWN, minute),
        last_day,
        pace,
        goal_at: goal.and_then(|goal| goal_at(goal.checked_sub(total)?, pace, now)),
        hide_groups_below: k_of(campaign),
        as_of: now.to_string(),
    })
}

/// Signed online after the minute `from`, up to and with the minute `to`.
fn sum(slots: &[Slot], from: i64, to: i64) -> u64 {
    let within = slots.iter().filter(|slot| slot.minute > from && slot.minute <= to);
    within.map(Slot::online).sum()
}

/// The last hour, the minutes without anybody among them.
fn minutes(slots: &[Slot], now: i64) -> Vec<Minute> {
    (now - MINUTES_SHOWN + 1..=now)
        .map(|minute| Minute {
            at: Timestamp::from_second(minute * 60).unwrap_or_default().to_string(),
            counted: sum(slots, minute - 1, minute),
        })
        .collect()
}

/// Pledges an hour. A campaign that began an hour ago is not held against a whole day, and one that
/// began a minute ago is held against an hour.
fn pace(last_day: u64, minutes_since_first: Option<i64>) -> f64 {
    let minutes = minutes_since_first.unwrap_or(0).clamp(60, MINUTES_OF_PACE);
    last_day as f64 * 60.0 / minutes as f64
}

/// When so many more will have come at this pace. `None` where the goal has fallen, or nobody comes.
fn goal_at(missing: u64, pace: f64, now: Timestamp) -> Option<String> {
    let hours = missing as f64 / pace;
    if missing == 0 || !hours.is_finite() || hours > FORESEEN {
        return None;
    }
    let at = now.checked_add(SignedDuration::from_secs((hours * 3600.0) as i64)).ok()?;
    Some(at.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_pace_is_of_the_last_day_or_since_the_first() {
        assert_eq!(pace(48, Some(100_000)), 2.0);
        assert_eq!(pace(48, Some(120)), 24.0);
        assert_eq!(pace(48, Some(0)), 48.0);
        assert_eq!(pace(0, None), 0.0);
    }

    #[test]
    fn the_goal_falls_when_what_is_missing_has_come() {
        let now: Timestamp = "2027-03-01T12:00:00Z".parse().unwrap();
        assert_eq!(goal_at(48, 2.0, now).as_deref(), Some("2027-03-02T12:00:00Z"));
        assert_eq!(goal_at(0, 2.0, now), None, "it has fallen");
        assert_eq!(goal_at(48, 0.0, now), None, "nobody comes");
        assert_eq!(goal_at(u64::MAX, 0.01, now), None, "too far away to say");
    }
}
