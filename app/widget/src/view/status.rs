//! The line below the number: how fresh it is and who signed last.

use countersign_shared::CampaignStatus;
use leptos::prelude::*;

use crate::count::{Count, Link};
use crate::ui::Ui;
use crate::words::Words;

/// The line, and the button that pauses the number (WCAG 2.2, 2.2.2).
pub fn status(ui: Ui) -> impl IntoView + use<> {
    let (form, count) = (ui.form, ui.count);
    let link = ui.counted(|_, count| {
        if ended(count) {
            "ended"
        } else if count.paused {
            "paused"
        } else {
            count.link.as_str()
        }
        .to_owned()
    });
    let no_pause = move || {
        !form.with(|form| form.live) || count.with(|count| ended(count) || count.total.is_none())
    };
    view! {
        <div class="cs-tick" part="status">
            <span class="cs-dot" data-link=link></span>
            <p class="cs-fresh">{ui.counted(fresh)}</p>
            <button
                class="cs-pause"
                type="button"
                data-do="pause"
                aria-label=ui.counted(|words, count| {
                    words.say(if count.paused { "counter-resume" } else { "counter-pause" })
                })
                data-paused=ui.counted(|_, count| count.paused.to_string())
                hidden=no_pause
            ></button>
        </div>
    }
}

fn ended(count: &Count) -> bool {
    count.status != CampaignStatus::Open
}

fn fresh(words: &Words, count: &Count) -> String {
    match count.status {
        CampaignStatus::Closed => return words.say("status-closed"),
        CampaignStatus::NotYetOpen => return words.say("status-not-open"),
        CampaignStatus::Open => {}
    }
    if count.total.is_none() {
        return words.say("status-first");
    }
    if count.paused {
        return words.say("status-paused");
    }
    match (count.link, &count.latest) {
        (Link::Painted, _) | (Link::Live, None) if count.countries.is_empty() => {
            words.say("status-first")
        }
        (Link::Painted, _) | (Link::Live, None) => {
            words.count("status-countries", "count", count.countries.len() as u64)
        }
        (Link::Live, Some(code)) => words.with("status-live", "country", words.country(code)),
        (Link::Lost, _) => format!("{} {}", words.say("status-lost"), age(words, count.age)),
        (Link::Offline, _) => format!("{} {}", words.say("status-offline"), age(words, count.age)),
    }
}

/// "Last update 12 s ago", in the unit that fits.
fn age(words: &Words, seconds: u32) -> String {
    if seconds < 60 {
        words.count("age-seconds", "count", seconds.into())
    } else {
        words.count("age-minutes", "count", u64::from(seconds / 60))
    }
}
