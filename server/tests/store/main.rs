//! What every database must do, run on each engine there is.

#![allow(clippy::unwrap_used)]

mod acts;
mod contract;
mod harness;
mod migrating;
mod partitioned;
mod postgres;
mod property;
mod sqlite;
