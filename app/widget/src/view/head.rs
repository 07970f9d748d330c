//! The campaign's name, and the promise; after signing, the thanks.

use countersign_shared::WidgetState;
use leptos::prelude::*;

use super::attrs::at;
use crate::form::Form;
use crate::ui::Ui;
use crate::words::Words;

/// The top of the card. The heading takes the focus once the pledge is signed.
pub fn head(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let lead = state.campaign.texts.values().any(|texts| !texts.lead.is_empty());
    let lead = lead.then(|| {
        view! {
            <p {..at("class='cs-lead' part='lead'")
                .flag("hidden", ui.when(|form| form.signed.is_some()))}>
                {ui.text(|words| words.texts.lead.clone())}
            </p>
        }
    });
    view! {
        <header {..at("class='cs-head'")}>
            <p {..at("class='cs-kick' part='title'")}>
                {ui.text(|words| words.texts.title.clone())}
            </p>
            <h2 {..at("class='cs-title' part='pledge' tabindex='-1'")}>
                {ui.told(heading)}
            </h2>
            {lead}
        </header>
    }
}

fn heading(words: &Words, form: &Form) -> String {
    let Some(signed) = &form.signed else { return words.texts.pledge.clone() };
    let thanks = words.with("signed-thanks", "name", &signed.name);
    match signed.number {
        Some(number) => format!("{thanks} {}", words.count("signed-number", "number", number)),
        None => thanks,
    }
}
