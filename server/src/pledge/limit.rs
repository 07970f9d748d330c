//! Rate limits: every limit of the product, its rate, burst and words, in one place.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::Entropy;
use crate::store::CampaignId;

/// How many pledges one address may send to one campaign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// For campaigns under attack.
    Strict,
    /// A class of 40 behind one address signs within five minutes, double clicks included.
    #[default]
    Class,
    /// A stall at a festival, where everybody signs on the same network.
    Event,
}

impl Preset {
    pub const NAMES: &'static [(&'static str, Self)] =
        &[("strict", Self::Strict), ("class", Self::Class), ("event", Self::Event)];
}

/// Every limit there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Requests of any kind from one address.
    Edge,
    /// Pledges from one address to one campaign.
    Pledges(Preset),
    /// Views, starts and shares from one address, for one campaign.
    Events,
    /// Tries to sign in from one address.
    SignInsByAddress,
    /// Tries to sign in to one account, from wherever.
    SignInsByAccount,
}

impl Limit {
    /// So many at once.
    pub const fn burst(self) -> NonZeroU32 {
        let burst = match self {
            Self::Edge => 400,
            Self::Pledges(Preset::Strict) => 5,
            Self::Pledges(Preset::Class) => 60,
            Self::Pledges(Preset::Event) => 400,
            // A class of 40 sees, starts and shares.
            Self::Events => 240,
            Self::SignInsByAddress => 20,
            Self::SignInsByAccount => 5,
        };
        match NonZeroU32::new(burst) {
            Some(burst) => burst,
            None => NonZeroU32::MIN,
        }
    }

    /// One more after each such time.
    pub const fn period(self) -> Duration {
        match self {
            Self::Edge => Duration::from_millis(20),
            Self::Pledges(Preset::Strict) => Duration::from_secs(60),
            // 40 in five minutes.
            Self::Pledges(Preset::Class) => Duration::from_millis(7_500),
            Self::Pledges(Preset::Event) => Duration::from_millis(750),
            Self::Events => Duration::from_secs(1),
            // An office signs in on a Monday morning.
            Self::SignInsByAddress => Duration::from_secs(20),
            Self::SignInsByAccount => Duration::from_secs(60),
        }
    }

    /// What is said to whoever meets it.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Edge | Self::Events => {
                "Too many requests from this address. Try again in a moment."
            }
            Self::Pledges(_) => {
                "Many people have just signed from this network. Try again in a moment."
            }
            Self::SignInsByAddress | Self::SignInsByAccount => {
                "There were many tries to sign in. Try again in a while."
            }
        }
    }

    fn quota(self) -> Option<Quota> {
        Quota::with_period(self.period()).map(|quota| quota.allow_burst(self.burst()))
    }
}

/// Time that only runs forward, whatever happens to the clock on the wall.
#[derive(Clone, Copy)]
pub struct Uptime(tokio::time::Instant);

/// Time since the limits were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elapsed(Nanos);

impl governor::clock::Clock for Uptime {
    type Instant = Elapsed;

    fn now(&self) -> Elapsed {
        Elapsed(self.0.elapsed().into())
    }
}

impl Reference for Elapsed {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0)
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.saturating_sub(duration))
    }
}

impl std::ops::Add<Nanos> for Elapsed {
    type Output = Self;

    fn add(self, other: Nanos) -> Self {
        Self(self.0 + other)
    }
}

type Keyed = RateLimiter<u32, DashMapStateStore<u32>, Uptime, NoOpMiddleware<Elapsed>>;

/// A counter an address would let a rotating attacker fill the memory. There are so many counters
/// and no more; two addresses that meet in one (about one in a million) share it.
const COUNTERS: u64 = 1 << 20;

/// The counters of all limits but that of the edge, a million a limit at most.
pub struct Limits {
    on: bool,
    seed: [u8; 32],
    clock: Uptime,
    pledges: [Option<Keyed>; 3],
    events: Option<Keyed>,
    sign_ins: [Option<Keyed>; 2],
}

impl Limits {
    /// `on` is false only for load tests. The seed keeps outsiders from choosing whom to share a
    /// counter with.
    pub fn new(on: bool, entropy: &dyn Entropy) -> Self {
        let mut seed = [0; 32];
        entropy.fill(&mut seed);
        let clock = Uptime(tokio::time::Instant::now());
        let keyed = |limit: Limit| {
            Some(RateLimiter::new(limit.quota()?, DashMapStateStore::default(), clock))
        };
        let presets = [Preset::Strict, Preset::Class, Preset::Event];
        let pledges = presets.map(|preset| keyed(Limit::Pledges(preset)));
        let events = keyed(Limit::Events);
        let sign_ins = [Limit::SignInsByAddress, Limit::SignInsByAccount].map(keyed);
        Self { on, seed, clock, pledges, events, sign_ins }
    }

    /// Takes one from the counter of this campaign and address, or says how long to wait: at
    /// least a second, in whole seconds.
    pub fn check(
        &self,
        preset: Preset,
        campaign: CampaignId,
        from: IpAddr,
    ) -> Result<(), Duration> {
        let limiter = self.pledges.get(preset as usize).and_then(Option::as_ref);
        self.take(limiter, self.key(campaign, from))
    }

    /// The same for [`Limit::Events`].
    pub fn check_event(&self, campaign: CampaignId, from: IpAddr) -> Result<(), Duration> {
        self.take(self.events.as_ref(), self.key(campaign, from))
    }

    /// Takes one from the counters of those of address and account that are named.
    pub fn check_sign_in(
        &self,
        from: Option<IpAddr>,
        account: Option<&str>,
    ) -> Result<(), Duration> {
        let [by_address, by_account] = &self.sign_ins;
        if let Some(from) = from {
            // No campaign has this number.
            self.take(by_address.as_ref(), self.key(CampaignId(0), from))?;
        }
        let Some(account) = account else { return Ok(()) };
        let hash = blake3::keyed_hash(&self.seed, account.as_bytes());
        self.take(by_account.as_ref(), place(hash.as_bytes()))
    }

    fn take(&self, limiter: Option<&Keyed>, key: u32) -> Result<(), Duration> {
        let Some(limiter) = limiter.filter(|_| self.on) else { return Ok(()) };
        limiter.check_key(&key).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Duration::from_secs(seconds.max(1))
        })
    }

    /// Forgets counters that are full again. Called every minute.
    pub fn retain_recent(&self) {
        for limiter in self.pledges.iter().chain([&self.events]).chain(&self.sign_ins).flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    fn key(&self, campaign: CampaignId, from: IpAddr) -> u32 {
        let mut hasher = blake3::Hasher::new_keyed(&self.seed);
        hasher.update(&campaign.0.to_le_bytes());
        match network(from) {
            IpAddr::V4(address) => hasher.update(&address.octets()),
            IpAddr::V6(address) => hasher.update(&address.octets()),
        };
        place(hasher.finalize().as_bytes())
    }
}

/// Which counter a hash shares.
fn place(hash: &[u8; 32]) -> u32 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash[..8]);
    (u64::from_le_bytes(bytes) % COUNTERS) as u32
}

/// What counts as one address: IPv4 whole, also inside IPv6 (`::ffff:a.b.c.d`); IPv6 by /64,
/// which is what one household or phone gets (RFC 6177).
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::clock::SystemEntropy;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_class_of_40_behind_one_address_signs_within_five_minutes() {
        let limits = Limits::new(true, &SystemEntropy);
        let school = address("203.0.113.7");
        for _ in 0..60 {
            assert_eq!(limits.check(Preset::Class, CampaignId(1), school), Ok(()));
        }
        let wait = limits.check(Preset::Class, CampaignId(1), school).unwrap_err();
        assert_eq!(wait, Duration::from_secs(8));
        tokio::time::advance(Duration::from_secs(300)).await;
        for _ in 0..40 {
            assert_eq!(limits.check(Preset::Class, CampaignId(1), school), Ok(()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_and_campaigns_do_not_share() {
        let limits = Limits::new(true, &SystemEntropy);
        for _ in 0..5 {
            limits.check(Preset::Strict, CampaignId(1), address("2001:db8::1")).unwrap();
        }
        assert!(limits.check(Preset::Strict, CampaignId(1), address("2001:db8::ffff:2")).is_err());
        assert!(limits.check(Preset::Strict, CampaignId(2), address("2001:db8::1")).is_ok());
        assert!(limits.check(Preset::Strict, CampaignId(1), address("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn a_64_is_one_address_and_mapped_ipv4_is_ipv4() {
        assert_eq!(network(address("2001:db8::1")), network(address("2001:db8::ffff:2")));
        assert_ne!(network(address("2001:db8::1")), network(address("2001:db8:0:1::1")));
        assert_eq!(network(address("::ffff:203.0.113.7")), address("203.0.113.7"));
    }

    #[tokio::test(start_paused = true)]
    async fn tries_to_sign_in_are_counted_by_address_and_by_account() {
        let limits = Limits::new(true, &SystemEntropy);
        let try_one =
            |from: &str, account: &str| limits.check_sign_in(Some(address(from)), Some(account));
        for _ in 0..5 {
            try_one("192.0.2.1", "ada@example.org").unwrap();
        }
        // The same account from elsewhere, and another from there.
        let wait = try_one("192.0.2.2", "ada@example.org").unwrap_err();
        assert_eq!(wait, Duration::from_secs(60));
        try_one("192.0.2.1", "eve@example.org").unwrap();
        for n in 0..14 {
            try_one("192.0.2.1", &format!("{n}@example.org")).unwrap();
        }
        assert!(try_one("192.0.2.1", "new@example.org").is_err());
        tokio::time::advance(Duration::from_secs(60)).await;
        try_one("192.0.2.1", "ada@example.org").unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn fault_28_a_million_keys_memory_capped_live_entries_never_evicted() {
        let limits = Limits::new(true, &SystemEntropy);
        let check = |from| limits.check(Preset::Strict, CampaignId(1), from);
        let exhausted = address("2001:db8::1");
        for _ in 0..Limit::Pledges(Preset::Strict).burst().get() {
            check(exhausted).unwrap();
        }
        // As many networks as an attacker who rotates through a provider's addresses has.
        for network in 0..1_500_000 {
            let _ = check(IpAddr::V6(Ipv6Addr::from_bits((0x2600 << 112) | (network << 64))));
        }
        limits.retain_recent();
        let counters = limits.pledges[Preset::Strict as usize].as_ref().unwrap().len() as u64;
        // Three of four places are taken, by chance.
        assert!((COUNTERS / 2..=COUNTERS).contains(&counters), "{counters}");
        assert!(check(exhausted).is_err(), "still refused, whoever came since");
        tokio::time::advance(Duration::from_secs(3600)).await;
        limits.retain_recent();
        assert!(limits.pledges.iter().flatten().all(Keyed::is_empty), "forgotten when full again");
        check(exhausted).unwrap();
    }
}
