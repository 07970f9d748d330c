//! The counter view's list: the countries with the most pledges, and the way to sign.

use countersign_shared::{CampaignStatus, WidgetState};
use leptos::prelude::*;

use super::attrs::at;
use crate::count::Count;
use crate::ui::Ui;

/// How many countries are listed.
const LISTED: usize = 5;

/// The list and the button, which leads to the campaign's own page.
pub fn countries(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let page = &state.campaign.share_url;
    // Nothing to list and nothing to press: no empty box either.
    let empty = ui.whether(|count| match count.status {
        CampaignStatus::Open => false,
        CampaignStatus::Closed => count.spread() == 0,
        CampaignStatus::NotYetOpen => true,
    });
    view! {
        <div {..at("class='cs-body'").flag("hidden", empty)}>
            {leading(ui)}
            <a {..at("class='cs-button' part='button' target='_top'")
                .own("href", || page.clone())
                .flag("hidden", ui.whether(|count| count.status != CampaignStatus::Open))}>
                {ui.text(|words| words.texts.button.clone())}
            </a>
        </div>
    }
}

/// The list alone. The full view shows it where there is room beside the form.
pub fn leading(ui: Ui) -> impl IntoView + use<> {
    let rows = (0..LISTED).map(|rank| row(ui, rank)).collect::<Vec<_>>();
    view! {
        <ol {..at("class='cs-countries' part='countries'")
            .text("aria-label", ui.say("countries-title"))
            .flag("hidden", ui.whether(|count| count.spread() == 0))}>{rows}</ol>
    }
}

fn row(ui: Ui, rank: usize) -> impl IntoView {
    let name = ui.counted(move |words, count| {
        place(count, rank).map_or(String::new(), |(code, _)| words.country(code).to_owned())
    });
    view! {
        <li {..at("").flag("hidden", ui.whether(move |count| place(count, rank).is_none()))}>
            <span>{name}</span>
            <span {..at("class='cs-tally'")}>
                {ui.counted(move |words, count| words.number(pledges(count, rank)))}
            </span>
            <progress {..at("class='cs-bar' aria-hidden='true'")
                .text("max", ui.counted(|_, count| pledges(count, 0).max(1).to_string()))
                .text("value", ui.counted(move |_, count| pledges(count, rank).to_string()))}></progress>
        </li>
    }
}

fn place(count: &Count, rank: usize) -> Option<(&str, u64)> {
    count.leading(LISTED).get(rank).copied()
}

fn pledges(count: &Count, rank: usize) -> u64 {
    place(count, rank).map_or(0, |(_, pledges)| pledges)
}
