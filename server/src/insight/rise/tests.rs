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
    for (domain, expected) in [("gmail.com", 0), ("mail.example.org", 0), ("trees.example", 1)] {
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
