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
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::clock::{Clock as _, ManualClock};

    const ONE: CampaignId = CampaignId(1);

    struct Stage {
        clock: ManualClock,
        rises: Rises,
        /// Everybody else comes from networks and domains of their own.
        others: u32,
    }

    impl Stage {
        fn new() -> Self {
            let clock = ManualClock::at("2027-03-01T12:00:00Z".parse().unwrap());
            Self { clock, rises: Rises::default(), others: 0 }
        }

        fn others(&mut self, many: u32) {
            for _ in 0..many {
                self.others += 1;
                let from = IpAddr::V4((0x0b00_0000 + self.others * 256).into());
                let domain = format!("d{}.example", self.others);
                self.rises.note(ONE, from, &domain, self.clock.now());
            }
        }

        fn sign(&self, many: u32, from: &str, domain: &str) {
            for _ in 0..many {
                self.rises.note(ONE, from.parse().unwrap(), domain, self.clock.now());
            }
        }

        fn minutes_pass(&self, minutes: i64) {
            self.clock.advance_ms(minutes * 60_000);
        }

        fn risen(&self) -> Vec<String> {
            let rises = self.rises.judge(self.clock.now());
            let named = |rise: Rise| match rise.subject {
                Subject::Network(network) => format!("{network} {}/{}", rise.recent, rise.before),
                Subject::Domain(domain) => format!("{domain} {}/{}", rise.recent, rise.before),
            };
            rises.into_iter().map(named).collect()
        }
    }

    #[test]
    fn a_sudden_rise_from_one_address_block_is_noticed() {
        let mut stage = Stage::new();
        for _ in 0..10 {
            stage.others(50);
            stage.minutes_pass(6);
        }
        stage.others(50);
        for host in 0..100 {
            stage.sign(1, &format!("203.0.113.{host}"), &format!("m{host}.example"));
        }
        assert_eq!(stage.risen(), ["203.0.113.0/24 100/0"]);
        stage.minutes_pass(11);
        assert!(stage.risen().is_empty(), "it is over");
    }

    #[test]
    fn addresses_of_one_48_are_one_block() {
        let stage = Stage::new();
        for host in 0..120 {
            stage.sign(1, &format!("2001:db8:1:{host:x}::1"), &format!("m{host}.example"));
        }
        assert_eq!(stage.risen(), ["2001:db8:1::/48 120/0"]);
    }

    #[test]
    fn a_class_of_40_is_no_alarm_and_neither_is_a_block_that_always_signs_so_much() {
        let mut stage = Stage::new();
        stage.sign(40, "203.0.113.7", "school.example");
        assert!(stage.risen().is_empty());
        let mut stage_of_a_company = std::mem::replace(&mut stage, Stage::new());
        for _ in 0..7 {
            stage_of_a_company.sign(150, "198.51.100.1", "company.example");
            stage_of_a_company.others(10);
            stage_of_a_company.minutes_pass(10);
        }
        stage_of_a_company.sign(150, "198.51.100.1", "company.example");
        assert!(stage_of_a_company.risen().is_empty());
    }

    #[test]
    fn an_interview_that_brings_everybody_is_no_alarm() {
        let mut stage = Stage::new();
        stage.others(20);
        stage.minutes_pass(30);
        stage.others(2_000);
        stage.sign(300, "203.0.113.7", "gmail.com");
        assert!(stage.risen().is_empty(), "an eighth of all is not much");
    }

    #[test]
    fn a_common_provider_needs_a_larger_share_than_any_other_domain() {
        for (domain, expected) in [("gmail.com", 0), ("mail.example.org", 0), ("trees.example", 1)]
        {
            let mut stage = Stage::new();
            stage.others(100);
            for number in 0..100u32 {
                let from = IpAddr::V4((0x0c00_0000 + number * 256).into());
                stage.rises.note(ONE, from, domain, stage.clock.now());
            }
            assert_eq!(stage.risen().len(), expected, "{domain}");
        }
        let stage = Stage::new();
        for number in 0..100u32 {
            let from = IpAddr::V4((0x0c00_0000 + number * 256).into());
            stage.rises.note(ONE, from, "gmail.com", stage.clock.now());
        }
        assert_eq!(stage.risen(), ["gmail.com 100/0"]);
    }

    #[test]
    fn a_million_networks_keep_the_memory_capped() {
        let mut stage = Stage::new();
        for _ in 0..100 {
            stage.others(3_000);
            stage.minutes_pass(2);
        }
        let all = stage.rises.0.lock().unwrap();
        let slots = &all[&ONE];
        assert!(slots.len() as i64 <= RECENT + BEFORE);
        assert!(slots.iter().all(|slot| slot.networks.len() <= KEYS));
        assert!(slots.iter().all(|slot| slot.domains.len() <= KEYS));
        drop(all);
        stage.minutes_pass(80);
        stage.risen();
        assert!(stage.rises.0.lock().unwrap().is_empty());
    }

    #[test]
    fn a_clock_that_jumps_back_is_no_rise_and_no_panic() {
        let stage = Stage::new();
        stage.sign(60, "203.0.113.7", "a.example");
        stage.minutes_pass(-24 * 60);
        stage.sign(30, "203.0.113.7", "a.example");
        assert!(stage.risen().is_empty());
    }
}
