//! In place of the form: the campaign is over, or has not begun.

use countersign_shared::{CampaignStatus, WidgetState};
use leptos::prelude::*;

use super::attrs::at;
use crate::count::Count;
use crate::ui::{Flag, Ui};
use crate::words::Words;

/// Says so, and when.
pub fn closed(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let (opens, closes) = (state.campaign.opens_at.clone(), state.campaign.closes_at.clone());
    let (form, count) = (ui.form, ui.count);
    let away: Flag = Box::new(move || {
        count.with(|count| count.status == CampaignStatus::Open)
            || form.with(|form| form.signed.is_some())
    });
    let when = ui.counted(move |words, count| {
        let (key, at) = match count.status {
            CampaignStatus::NotYetOpen => ("opens-at", &opens),
            _ => ("closed-at", &closes),
        };
        at.as_deref().map_or(String::new(), |at| words.with(key, "date", &date(words, at)))
    });
    view! {
        <div {..at("class='cs-body' part='closed'").flag("hidden", away)}>
            <div {..at("class='cs-seal'")}>
                <p {..at("class='cs-strong'")}>{ui.counted(headline)}</p>
                <p>{when}</p>
            </div>
        </div>
    }
}

fn headline(words: &Words, count: &Count) -> String {
    words.say(match count.status {
        CampaignStatus::NotYetOpen => "not-open-title",
        _ => "closed-title",
    })
}

/// A time stamp as people write it: `2027-03-01T12:00:00Z` as `1 March 2027, 12:00 UTC`.
fn date(words: &Words, at: &str) -> String {
    let part = |from: usize, to: usize| at.get(from..to).unwrap_or_default();
    let month = words.say(&format!("month-{}", part(5, 7)));
    let day = part(8, 10).trim_start_matches('0');
    let clock = if part(11, 16).is_empty() { "00:00" } else { part(11, 16) };
    format!("{day} {month} {}, {clock} UTC", part(0, 4))
}
