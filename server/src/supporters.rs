//! People who signed: found, corrected, taken out of the number and put back.
//!
//! Personal data is sealed, so the database cannot search it. A search walks through the rows in
//! the order of signing, the latest first, and opens them here; a walk is bounded, and says where
//! to go on.

pub mod act;
pub mod bulk;
pub mod filter;
pub mod find;
pub mod paper;
mod pattern;
mod wire;

pub use filter::Filter;
pub use wire::show;

use crate::App;
use crate::store::{CampaignId, Counters};

/// Tells everybody who watches what a change left behind, and returns the total.
fn publish(app: &App, campaign: CampaignId, counters: Option<Counters>) -> u64 {
    if let Some(counters) = counters {
        let total = counters.total;
        app.hub.publish(campaign, counters);
        return total;
    }
    app.hub.snapshot(campaign).map_or(0, |snapshot| snapshot.counters.total)
}
