//! The number and the way to the goal.

use leptos::prelude::*;

use super::status::status;
use crate::count::Count;
use crate::ui::Ui;
use crate::words::Words;

/// The number, the bar and the line below. While the count is hidden the line stands alone.
pub fn counter(ui: Ui) -> impl IntoView + use<> {
    let (words, shown) = (ui.words, ui.shown);
    let number = move || words.with(|words| words.number(shown.get()));
    view! {
        <div class="cs-counter" part="counter">
            <p class="cs-count" hidden=ui.whether(hidden)>
                <span class="cs-num" part="number" data-signed=signed(ui)>
                    {number}
                </span>
                <span class="cs-of">{ui.counted(of)}</span>
            </p>
            <progress
                class="cs-bar"
                part="bar"
                aria-label=ui.say("counter-bar")
                max=ui.counted(|_, count| count.goal.unwrap_or(1).max(1).to_string())
                value=ui.counted(|_, count| filled(count).to_string())
                hidden=ui.whether(|count| hidden(count) || count.goal.is_none())
            ></progress>
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
fn signed(ui: Ui) -> crate::ui::Maybe {
    let form = ui.form;
    Box::new(move || form.with(|form| form.signed.as_ref().map(|_| String::new())))
}
