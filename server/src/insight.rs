//! What organizers watch: the number and its pace, where people come from, what wants looking at.
//!
//! Every answer is read from small tables that move with the pledges; none walks through pledges.

pub mod alarms;
mod kept;
pub mod open_data;
pub mod overview;
pub mod range;
pub mod rise;
pub mod series;
pub mod suppress;
pub mod visits;

use crate::campaign::Campaign;

/// Groups of fewer than this are hidden; 0 hides nothing.
pub fn k_of(campaign: &Campaign) -> u64 {
    campaign.hide_groups_below
}

/// Whether the campaign publishes its numbers by day and country.
pub fn open_data_of(campaign: &Campaign) -> bool {
    campaign.open_data
}
