//! The counter view's list: the countries with the most pledges, and the way to sign.

use countersign_shared::{CampaignStatus, WidgetState};
use leptos::prelude::*;

use crate::count::Count;
use crate::ui::Ui;

/// How many countries are listed.
const LISTED: usize = 5;

/// The list and the button, which leads to the campaign's own page.
pub fn countries(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let rows = (0..LISTED).map(|rank| row(ui, rank)).collect::<Vec<_>>();
    let page = state.campaign.share_url.clone();
    view! {
        <div class="cs-body" hidden=ui.whether(|count| count.status == CampaignStatus::NotYetOpen)>
            <ol
                class="cs-countries"
                part="countries"
                aria-label=ui.say("countries-title")
                hidden=ui.whether(|count| count.countries.is_empty())
            >
                {rows}
            </ol>
            <a
                class="cs-button"
                part="button"
                href=page
                target="_top"
                hidden=ui.whether(|count| count.status != CampaignStatus::Open)
            >
                {ui.text(|words| words.texts.button.clone())}
            </a>
        </div>
    }
}

fn row(ui: Ui, rank: usize) -> impl IntoView {
    view! {
        <li hidden=ui.whether(move |count| at(count, rank).is_none())>
            <span>
                {ui.counted(move |words, count| {
                    at(count, rank).map_or(String::new(), |(code, _)| words.country(code).to_owned())
                })}
            </span>
            <span class="cs-tally">
                {ui.counted(move |words, count| words.number(pledges(count, rank)))}
            </span>
            <progress
                class="cs-bar"
                aria-hidden="true"
                max=ui.counted(|_, count| pledges(count, 0).max(1).to_string())
                value=ui.counted(move |_, count| pledges(count, rank).to_string())
            ></progress>
        </li>
    }
}

fn at(count: &Count, rank: usize) -> Option<(&str, u64)> {
    count.leading(LISTED).get(rank).copied()
}

fn pledges(count: &Count, rank: usize) -> u64 {
    at(count, rank).map_or(0, |(_, pledges)| pledges)
}
