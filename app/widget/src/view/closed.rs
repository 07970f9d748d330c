//! In place of the form: the campaign is over, or has not begun.

use countersign_shared::{CampaignStatus, WidgetState};
use leptos::prelude::*;

use crate::count::Count;
use crate::ui::Ui;
use crate::words::Words;

/// Says so, and when.
pub fn closed(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let opens = state.campaign.opens_at.clone();
    let closes = state.campaign.closes_at.clone();
    let (form, count) = (ui.form, ui.count);
    let away = move || {
        count.with(|count| count.status == CampaignStatus::Open)
            || form.with(|form| form.signed.is_some())
    };
    view! {
        <div class="cs-body" part="closed" hidden=away>
            <div class="cs-seal">
                <p>
                    <b>{ui.counted(headline)}</b>
                    {ui.counted(move |words, count| {
                        let at = match count.status {
                            CampaignStatus::NotYetOpen => opens.as_deref().map(|at| ("opens-at", at)),
                            _ => closes.as_deref().map(|at| ("closed-at", at)),
                        };
                        at.map_or(String::new(), |(key, at)| words.with(key, "date", &date(words, at)))
                    })}
                </p>
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
