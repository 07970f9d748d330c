//! Notices when many pledges come from one network, or from one mail domain, that did not before.
//!
//! In memory, on each node, and bounded: numbers of the last hour and ten minutes, by /24 (IPv4) or
//! /48 (IPv6), which is what one site or one hosting customer has, and by mail domain.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use jiff::Timestamp;

use crate::store::CampaignId;

/// Numbers are kept in slots of two minutes.
const SLOT_SECONDS: i64 = 120;
/// The last ten minutes.
const RECENT: i64 = 5;
/// And the hour before them.
const BEFORE: i64 = 30;
/// So many networks, and so many domains, are told apart in a slot. What matters here comes often,
/// and so it comes early.
const KEYS: usize = 2_000;

/// Fewer than this in ten minutes is a school, or the newsletter of a club: the default rate limit
/// lets one class of 40 sign in five minutes.
const LEAST: u64 = 100;
/// It rises where it has at least so many times as much as the hour before lets expect. A radio
/// interview multiplies everything by as much; that is why the share counts as well.
const TIMES: u64 = 4;
/// Of all that came in those ten minutes, in per cent. People are spread over thousands of networks:
/// a fifth from one is a robot, or one large hall.
const SHARE_OF_NETWORK: u64 = 20;
/// Employers and universities have domains, and their people tell each other.
const SHARE_OF_DOMAIN: u64 = 30;
/// In many countries most people are with one of the common providers; nine in ten are none.
const SHARE_OF_COMMON: u64 = 90;
/// From here on it is most of what comes.
const SHARE_THAT_IS_BAD: u64 = 50;

/// The first labels of domains that give mailboxes to everybody.
const COMMON: &[&str] = &[
    "aol",
    "free",
    "gmail",
    "gmx",
    "googlemail",
    "hotmail",
    "icloud",
    "laposte",
    "libero",
    "live",
    "mail",
    "msn",
    "naver",
    "orange",
    "outlook",
    "proton",
    "protonmail",
    "qq",
    "rediffmail",
    "seznam",
    "t-online",
    "uol",
    "web",
    "wp",
    "yahoo",
    "yandex",
    "ymail",
    "163",
];

/// What has risen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    Network(IpNet),
    Domain(String),
}

/// More than there should be from one network or domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rise {
    pub campaign: CampaignId,
    pub subject: Subject,
    /// In the last ten minutes.
    pub recent: u64,
    /// In the hour before.
    pub before: u64,
    /// Of all in the last ten minutes, in per cent.
    pub share: u64,
}

impl Rise {
    pub fn is_bad(&self) -> bool {
        self.share >= SHARE_THAT_IS_BAD
    }
}

#[derive(Default)]
struct Slot {
    number: i64,
    all: u64,
    networks: HashMap<IpNet, u64>,
    domains: HashMap<String, u64>,
}

/// The pledges of the last hour and ten minutes, as numbers.
#[derive(Default)]
pub struct Rises(Mutex<HashMap<CampaignId, VecDeque<Slot>>>);

impl Rises {
    /// A pledge was taken.
    pub fn note(&self, campaign: CampaignId, from: IpAddr, domain: &str, now: Timestamp) {
        let number = now.as_second().div_euclid(SLOT_SECONDS);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slots = all.entry(campaign).or_default();
        // A clock that was set back goes on in the slot that is there.
        if slots.back().is_none_or(|slot| slot.number < number) {
            slots.push_back(Slot { number, ..Slot::default() });
            while slots.front().is_some_and(|slot| slot.number <= number - RECENT - BEFORE) {
                slots.pop_front();
            }
        }
        let Some(slot) = slots.back_mut() else { return };
        slot.all += 1;
        if let Some(network) = block(from) {
            add(&mut slot.networks, &network);
        }
        match slot.domains.get_mut(domain) {
            Some(counted) => *counted += 1,
            None => add(&mut slot.domains, &domain.to_owned()),
        }
    }

    /// What has risen, now. Forgets what is too old to matter.
    pub fn judge(&self, now: Timestamp) -> Vec<Rise> {
        let number = now.as_second().div_euclid(SLOT_SECONDS);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, slots| {
            slots.back().is_some_and(|slot| slot.number > number - RECENT - BEFORE)
        });
        let mut rises = Vec::new();
        for (campaign, slots) in all.iter() {
            let (recent, before): (Vec<&Slot>, Vec<&Slot>) = slots
                .iter()
                .filter(|slot| slot.number > number - RECENT - BEFORE)
                .partition(|slot| slot.number > number - RECENT);
            let total: u64 = recent.iter().map(|slot| slot.all).sum();
            let rise = |subject, (recent, before): (u64, u64)| Rise {
                campaign: *campaign,
                subject,
                recent,
                before,
                share: recent * 100 / total.max(1),
            };
            let networks = sums(&recent, &before, |slot| &slot.networks)
                .into_iter()
                .map(|(network, sums)| rise(Subject::Network(network), sums))
                .filter(|rise| rises_over(rise, SHARE_OF_NETWORK));
            let domains = sums(&recent, &before, |slot| &slot.domains)
                .into_iter()
                .map(|(domain, sums)| (share_of(&domain), rise(Subject::Domain(domain), sums)))
                .filter(|(share, rise)| rises_over(rise, *share))
                .map(|(_, rise)| rise);
            rises.extend(networks.chain(domains));
        }
        rises.sort_by(|a, b| (a.campaign, &a.subject).cmp(&(b.campaign, &b.subject)));
        rises
    }
}

/// /24 or /48, which is more than one household and less than one provider.
pub fn block(address: IpAddr) -> Option<IpNet> {
    let block = match address.to_canonical() {
        IpAddr::V4(v4) => IpNet::V4(Ipv4Net::new(v4, 24).ok()?),
        IpAddr::V6(v6) => IpNet::V6(Ipv6Net::new(v6, 48).ok()?),
    };
    Some(block.trunc())
}

fn add<K: Hash + Eq + Clone>(counts: &mut HashMap<K, u64>, key: &K) {
    if let Some(counted) = counts.get_mut(key) {
        *counted += 1;
    } else if counts.len() < KEYS {
        counts.insert(key.clone(), 1);
    }
}

/// Those that came often enough lately: how often, and how often before.
fn sums<K: Hash + Eq + Clone>(
    recent: &[&Slot],
    before: &[&Slot],
    counts: impl Fn(&Slot) -> &HashMap<K, u64>,
) -> Vec<(K, (u64, u64))> {
    let mut lately: HashMap<&K, u64> = HashMap::new();
    for slot in recent {
        for (key, counted) in counts(slot) {
            *lately.entry(key).or_default() += counted;
        }
    }
    let earlier = |key: &K| before.iter().filter_map(|slot| counts(slot).get(key)).sum::<u64>();
    lately
        .into_iter()
        .filter(|(_, counted)| *counted >= LEAST)
        .map(|(key, counted)| (key.clone(), (counted, earlier(key))))
        .collect()
}

fn rises_over(rise: &Rise, share: u64) -> bool {
    // The hour before is six times ten minutes.
    rise.share >= share && rise.recent * 6 >= rise.before * TIMES
}

fn share_of(domain: &str) -> u64 {
    let label = domain.split('.').next().unwrap_or_default();
    if COMMON.contains(&label) { SHARE_OF_COMMON } else { SHARE_OF_DOMAIN }
}

#[cfg(test)]
mod tests;
