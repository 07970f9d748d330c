//! The oracle under injected faults: real servers are killed, starved and cut off while people
//! sign, and held afterwards to every word they gave.
//!
//! Short rounds run with every test; `cargo xtask torture --cycles N` does N rounds of everything.
//! Chance comes from a seed, which each failure prints: `TORTURE_SEED` takes it again.

#![allow(clippy::unwrap_used)]

mod ask;
mod backup;
mod clock;
mod crowd;
mod database;
mod dice;
mod disk;
mod drift;
mod flood;
mod follower;
mod kill;
mod loss;
mod lost;
mod metrics;
mod nodes;
mod numbers;
mod outbox;
mod power;
mod receiver;
mod shim;
mod stop;
mod turn;
mod viewers;
mod world;
