//! From counters to the bytes that go out.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use countersign_shared::{Country, Totals};
use jiff::Timestamp;

use super::{Frame, Snapshot};
use crate::store::{Counters, StoredCampaign};

/// The counters as everybody may see them.
pub(super) fn snapshot(
    epoch: u64,
    stored: &StoredCampaign,
    counters: &Counters,
    now: Timestamp,
) -> Snapshot {
    let campaign = &stored.campaign;
    let hidden = campaign.hides(counters.total);
    let open = !campaign.is_over(now);
    let countries = counters.countries.iter().filter(|(_, counted)| **counted > 0);
    let totals = Totals {
        campaign: campaign.slug.as_str().to_owned(),
        epoch,
        seq: if hidden { 0 } else { counters.seq },
        total: (!hidden).then_some(counters.total),
        // A stepped goal that rises would tell of a hidden total.
        goal: campaign.goal_for(if hidden { 0 } else { counters.total }),
        countries: if hidden {
            BTreeMap::new()
        } else {
            countries.map(|(country, counted)| (country.as_str().to_owned(), *counted)).collect()
        },
        as_of: now.to_string(),
        partial: false,
        reason: if hidden { None } else { counters.reason.clone() },
        open,
        revision: u64::try_from(stored.revision).unwrap_or(0),
    };
    let closed = if open { "" } else { ":closed" };
    let etag = format!("\"{}:{}{closed}\"", totals.id(), stored.revision);
    Snapshot { json: json(&totals), etag, counters: counters.clone(), totals, fell_at: None }
}

/// The frame that follows the one with `sent`, the campaign's `number`th. `changed` is `None` where only a whole frame
/// tells the truth, such as after a recount.
pub(super) fn frame(
    snapshot: &Snapshot,
    sent: &Totals,
    changed: Option<&BTreeSet<Country>>,
    number: u64,
) -> Frame {
    let now = &snapshot.totals;
    let whole = event(now, &snapshot.json);
    let delta = match changed {
        Some(changed) => {
            let is_changed = |code: &str| changed.iter().any(|country| country.as_str() == code);
            let countries = now.countries.iter().filter(|(code, _)| is_changed(code));
            let fell = now.total < sent.total;
            let partial = Totals {
                campaign: now.campaign.clone(),
                countries: countries.map(|(code, counted)| (code.clone(), *counted)).collect(),
                as_of: now.as_of.clone(),
                partial: true,
                reason: now.reason.clone().filter(|_| fell),
                ..*now
            };
            event(&partial, &json(&partial))
        }
        None => whole.clone(),
    };
    Frame { id: now.id(), previous: sent.id(), delta, whole, last: !now.open, number }
}

fn json(totals: &Totals) -> Bytes {
    // Strings, numbers and a map with string keys: this cannot fail.
    serde_json::to_vec(totals).unwrap_or_default().into()
}

/// One event of `text/event-stream` (HTML standard, 9.2.6). JSON has no raw line breaks.
fn event(totals: &Totals, json: &Bytes) -> Bytes {
    let mut event = format!("event: totals\nid: {}\ndata: ", totals.id()).into_bytes();
    event.extend_from_slice(json);
    event.extend_from_slice(b"\n\n");
    event.into()
}
