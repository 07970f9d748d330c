//! Chance that can be had again: every choice of a test follows from one seed.

use std::sync::OnceLock;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// From `TORTURE_SEED`, or new.
fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| match std::env::var("TORTURE_SEED") {
        Ok(text) => text.parse().expect("TORTURE_SEED is a number"),
        Err(_) => u64::from_str_radix(&countersign_bench::people::random_word(), 16).unwrap(),
    })
}

/// How many rounds: `TORTURE_CYCLES`, or `short` where nobody asked for more.
pub fn cycles(short: usize) -> usize {
    match std::env::var("TORTURE_CYCLES") {
        Ok(text) => text.parse().expect("TORTURE_CYCLES is a number"),
        Err(_) => short,
    }
}

/// Does a whole test once, or as often as somebody asked for: for tests without rounds of their own.
pub async fn repeated(mut test: impl AsyncFnMut()) {
    for _ in 0..cycles(1) {
        test().await;
    }
}

/// Whether somebody has asked for more than a short round.
pub fn is_long() -> bool {
    std::env::var_os("TORTURE_CYCLES").is_some()
}

/// The dice of one test.
pub struct Dice(StdRng);

impl Dice {
    /// The same throws for the same seed and name.
    pub fn of(name: &str) -> Self {
        println!("{name}: TORTURE_SEED={}", seed());
        let salt = name
            .bytes()
            .fold(0, |sum: u64, byte| countersign_bench::people::scatter(sum ^ u64::from(byte)));
        Self(StdRng::seed_from_u64(seed() ^ salt))
    }

    /// A number from `from` up to, but not, `to`.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        self.0.random_range(from..to)
    }

    pub fn coin(&mut self) -> bool {
        self.0.random()
    }
}
