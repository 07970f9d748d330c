//! What wants to be looked at: raised where it happens, shown on the organizers' page.
//!
//! In memory, and of this node: an alarm is about what happens now. What must not be forgotten stands
//! in the metrics and in the log.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_shared::admin::insight::Alarm;
use jiff::{SignedDuration, Timestamp};

use super::rise::{Rise, Rises, Subject};
use crate::hooks::Failing;
use crate::store::CampaignId;

/// So many alarms are kept. Whoever makes up networks must not make up memory.
const MOST: usize = 500;

/// What an alarm is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    StoreDown,
    QueueFull,
    Drift,
    WebhookFailing,
    MailFailing,
    RiseNetwork,
    RiseDomain,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StoreDown => "store_down",
            Self::QueueFull => "queue_full",
            Self::Drift => "drift",
            Self::WebhookFailing => "webhook_failing",
            Self::MailFailing => "mail_failing",
            Self::RiseNetwork => "rise_network",
            Self::RiseDomain => "rise_domain",
        }
    }

    /// How long it is shown after it was last raised. The others stay until they are cleared.
    fn lasts(self) -> Option<SignedDuration> {
        match self {
            Self::StoreDown | Self::Drift | Self::WebhookFailing | Self::MailFailing => None,
            Self::QueueFull => Some(SignedDuration::from_mins(10)),
            Self::RiseNetwork | Self::RiseDomain => Some(SignedDuration::from_hours(1)),
        }
    }
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Warn,
    Bad,
}

struct Raised {
    level: Level,
    text: String,
    since: Timestamp,
    last: Timestamp,
}

/// Of which campaign (`None` for all), what, and about which subject.
type Key = (Option<CampaignId>, Kind, String);

/// The alarms of this node.
#[derive(Default)]
pub struct Alarms {
    raised: Mutex<BTreeMap<Key, Raised>>,
    rises: Rises,
}

impl Alarms {
    /// Raises an alarm, or says anew what one that is raised says. `campaign` is `None` where it
    /// concerns all; `subject` tells alarms of one kind apart and may be empty.
    pub fn raise(
        &self,
        (kind, level): (Kind, Level),
        campaign: Option<CampaignId>,
        subject: &str,
        text: String,
        now: Timestamp,
    ) {
        let mut raised = self.lock();
        let key = (campaign, kind, subject.to_owned());
        if let Some(alarm) = raised.get_mut(&key) {
            (alarm.level, alarm.text, alarm.last) = (level, text, now);
        } else if raised.len() < MOST {
            tracing::warn!(kind = kind.as_str(), campaign = campaign.map(|id| id.0), "an alarm");
            raised.insert(key, Raised { level, text, since: now, last: now });
        }
    }

    /// It is over.
    pub fn clear(&self, kind: Kind, campaign: Option<CampaignId>, subject: &str) {
        self.lock().remove(&(campaign, kind, subject.to_owned()));
    }

    /// A pledge was taken; see [`Rises::note`].
    pub fn note(&self, campaign: CampaignId, from: std::net::IpAddr, domain: &str, now: Timestamp) {
        self.rises.note(campaign, from, domain, now);
    }

    /// Looks for sudden rises, and forgets what has been over for long. Called now and again.
    pub fn judge(&self, now: Timestamp) {
        for rise in self.rises.judge(now) {
            let (kind, subject) = match &rise.subject {
                Subject::Network(network) => (Kind::RiseNetwork, network.to_string()),
                Subject::Domain(domain) => (Kind::RiseDomain, domain.clone()),
            };
            let level = if rise.is_bad() { Level::Bad } else { Level::Warn };
            self.raise((kind, level), Some(rise.campaign), &subject, said(&rise), now);
        }
        self.lock().retain(|(_, kind, _), alarm| {
            kind.lasts().is_none_or(|lasts| now.duration_since(alarm.last) < lasts)
        });
    }

    /// Those of a campaign and those that concern all, the worst first. Whoever may not see people
    /// does not see networks and domains either.
    pub fn of(&self, campaign: CampaignId, sees_people: bool, now: Timestamp) -> Vec<Alarm> {
        let raised = self.lock();
        let mut alarms: Vec<(bool, Alarm)> = raised
            .iter()
            .filter(|((of, _, _), _)| of.is_none_or(|of| of == campaign))
            .filter(|((_, kind, _), alarm)| {
                kind.lasts().is_none_or(|lasts| now.duration_since(alarm.last) < lasts)
            })
            .map(|((_, kind, subject), alarm)| {
                let shown = Alarm {
                    kind: kind.as_str().to_owned(),
                    level: if alarm.level == Level::Bad { "bad" } else { "warn" }.to_owned(),
                    text: alarm.text.clone(),
                    subject: Some(subject.clone()).filter(|it| sees_people && !it.is_empty()),
                    since: alarm.since.to_string(),
                };
                (alarm.level == Level::Warn, shown)
            })
            .collect();
        alarms.sort_by_key(|(mild, _)| *mild);
        alarms.into_iter().map(|(_, alarm)| alarm).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Raised>> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A webhook whose receiver does not answer as it should.
pub fn webhook(failing: Failing, now: Timestamp) -> Alarm {
    let text = match &failing.disabled {
        Some(why) => format!("A webhook was switched off: {why}"),
        None => {
            let error = failing.last_error.as_deref().unwrap_or("no answer");
            format!("A webhook fails, and {} messages wait: {error}", failing.pending)
        }
    };
    let level = if failing.dropped > 0 { "bad" } else { "warn" };
    Alarm {
        kind: Kind::WebhookFailing.as_str().to_owned(),
        level: level.to_owned(),
        text,
        subject: None,
        since: failing.since.unwrap_or(now).to_string(),
    }
}

fn said(rise: &Rise) -> String {
    let what = match rise.subject {
        Subject::Network(_) => "one network",
        Subject::Domain(_) => "addresses of one mail domain",
    };
    format!(
        "{} pledges in ten minutes came from {what}, {} % of all; {} in the hour before.",
        rise.recent, rise.share, rise.before
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::clock::{Clock as _, ManualClock};

    const ONE: CampaignId = CampaignId(1);
    const TWO: CampaignId = CampaignId(2);

    fn kinds(alarms: &Alarms, campaign: CampaignId, now: Timestamp) -> Vec<String> {
        alarms.of(campaign, true, now).into_iter().map(|alarm| alarm.kind).collect()
    }

    #[test]
    fn an_alarm_is_shown_where_it_belongs_until_it_is_over() {
        let clock = ManualClock::at("2027-03-01T12:00:00Z".parse().unwrap());
        let alarms = Alarms::default();
        let raise = |kind, level, campaign| {
            alarms.raise((kind, level), campaign, "", "It is so.".to_owned(), clock.now());
        };
        raise(Kind::QueueFull, Level::Warn, None);
        raise(Kind::Drift, Level::Bad, Some(ONE));
        assert_eq!(kinds(&alarms, ONE, clock.now()), ["drift", "queue_full"], "the worst first");
        assert_eq!(kinds(&alarms, TWO, clock.now()), ["queue_full"]);
        clock.advance_ms(9 * 60_000);
        raise(Kind::QueueFull, Level::Warn, None);
        clock.advance_ms(9 * 60_000);
        let shown = alarms.of(TWO, true, clock.now());
        assert_eq!(shown[0].since, "2027-03-01T12:00:00Z", "raised again, it is the same one");
        clock.advance_ms(2 * 60_000);
        assert_eq!(kinds(&alarms, ONE, clock.now()), ["drift"]);
        alarms.clear(Kind::Drift, Some(ONE), "");
        assert!(kinds(&alarms, ONE, clock.now()).is_empty());
    }

    #[test]
    fn a_rise_is_told_with_its_network_to_whoever_may_see_people() {
        let clock = ManualClock::at("2027-03-01T12:00:00Z".parse().unwrap());
        let alarms = Alarms::default();
        for number in 0..150 {
            let domain = format!("d{number}.example");
            alarms.note(ONE, "203.0.113.9".parse().unwrap(), &domain, clock.now());
        }
        alarms.judge(clock.now());
        let alarm = &alarms.of(ONE, true, clock.now())[0];
        assert_eq!((&*alarm.kind, &*alarm.level), ("rise_network", "bad"));
        assert_eq!(alarm.subject.as_deref(), Some("203.0.113.0/24"));
        assert!(alarm.text.starts_with("150 pledges in ten minutes"), "{}", alarm.text);
        let hidden = &alarms.of(ONE, false, clock.now())[0];
        assert!(hidden.subject.is_none() && !hidden.text.contains("203"), "{}", hidden.text);
        clock.advance_ms(60 * 60_000);
        alarms.judge(clock.now());
        assert!(alarms.lock().is_empty());
    }

    #[test]
    fn made_up_networks_do_not_make_up_memory() {
        let alarms = Alarms::default();
        for number in 0..2 * MOST {
            let text = "It is so.".to_owned();
            let at = Timestamp::UNIX_EPOCH;
            alarms.raise((Kind::RiseDomain, Level::Warn), None, &number.to_string(), text, at);
        }
        assert_eq!(alarms.lock().len(), MOST);
    }
}
