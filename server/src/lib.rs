//! Countersign collects public commitments and makes them count.
//!
//! A pledge goes one way: [`http`] parses it, [`pledge::accept`] screens, limits, seals and queues
//! it, the writer stores a batch of them in one transaction, and what was committed goes out to
//! every reader through [`totals::Hub`].

pub mod aside;
pub mod assets;
pub mod campaign;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod export;
pub mod hooks;
pub mod http;
pub mod insight;
pub mod mail;
pub mod organizer;
pub mod pledge;
pub mod secrets;
pub mod state;
pub mod store;
pub mod supporters;
pub mod telemetry;
pub mod totals;

pub use config::Config;
pub use http::serve;
pub use state::App;
