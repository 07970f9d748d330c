//! The number and the way to the goal.

use leptos::prelude::*;

use super::attrs::at;
use super::status::status;
use crate::count::Count;
use crate::ui::{Flag, Text, Ui};
use crate::words::Words;

/// The number, the bar and the line below. While the count is hidden the line stands alone.
pub fn counter(ui: Ui) -> impl IntoView + use<> {
    let (words, shown) = (ui.words, ui.shown);
    let number: Text = Box::new(move || words.with(|words| words.number(shown.get())));
    view! {
        <div {..at("class='cs-counter' part='counter'")}>
            <p {..at("class='cs-count'").flag("hidden", ui.whether(hidden))}>
                <span {..at("class='cs-num' part='number'").flag("data-signed", signed(ui))}>
                    {number}
                </span>
                <span {..at("class='cs-of'")}>{ui.counted(of)}</span>
            </p>
            <progress {..at("class='cs-bar' part='bar'")
                .text("aria-label", ui.say("counter-bar"))
                .text("max", ui.counted(|_, count| count.goal.unwrap_or(1).max(1).to_string()))
                .text("value", ui.counted(|_, count| filled(count).to_string()))
                .flag("hidden", ui.whether(|count| hidden(count) || count.goal.is_none()))}></progress>
            {status(ui)}
        </div>
    }
}

fn hidden(count: &Count) -> bool {
    count.total.is_none()
}

/// What the bar shows: never more than the goal.
fn filled(count: &Count) -> u64 {
    let total = count.total.unwrap_or(0);
    count.goal.map_or(total, |goal| total.min(goal.max(1)))
}

/// Beside the number: the goal, where there is one.
fn of(words: &Words, count: &Count) -> String {
    match count.goal {
        Some(goal) => words.count("counter-of", "goal", goal),
        None => words.count("counter-pledges", "total", count.total.unwrap_or(0)),
    }
}

/// Marks the number as partly the reader's own.
fn signed(ui: Ui) -> Flag {
    ui.when(|form| form.signed.is_some())
}
