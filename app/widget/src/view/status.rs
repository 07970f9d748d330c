//! The line below the number: how fresh it is and who signed last.

use countersign_shared::CampaignStatus;
use leptos::prelude::*;

use super::attrs::at;
use crate::count::{Count, Link};
use crate::ui::{Flag, Ui};
use crate::words::Words;

/// The line, and the button that pauses the number (WCAG 2.2, 2.2.2).
pub fn status(ui: Ui) -> impl IntoView + use<> {
    let (form, count) = (ui.form, ui.count);
    let no_pause: Flag = Box::new(move || {
        !form.with(|form| form.live) || count.with(|count| ended(count) || count.total.is_none())
    });
    view! {
        <div {..at("class='cs-tick' part='status'")}>
            <span {..at("class='cs-dot'").text("data-link", ui.counted(|_, count| link(count)))}></span>
            <p {..at("class='cs-fresh'")}>{ui.counted(fresh)}</p>
            <button {..at("class='cs-pause' part='pause' type='button' data-do='pause'")
                .text("aria-label", ui.counted(|words, count| {
                    words.say(if count.paused { "counter-resume" } else { "counter-pause" })
                }))
                .text("data-paused", ui.counted(|_, count| count.paused.to_string()))
                .flag("hidden", no_pause)}></button>
        </div>
    }
}

/// For style.
fn link(count: &Count) -> String {
    let link = if ended(count) {
        "ended"
    } else if count.paused {
        "paused"
    } else {
        count.link.as_str()
    };
    link.to_owned()
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
    // Before how it comes in: a number that falls without a word looks broken.
    if let Some(key) = count.fell() {
        return words.say(key);
    }
    match (count.link, &count.latest) {
        (Link::Painted, _) | (Link::Live, None) if count.spread() == 0 => words.say("status-first"),
        (Link::Painted, _) | (Link::Live, None) => {
            words.count("status-countries", "count", count.spread())
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
