//! After signing: thanks, proof, and the ways to bring others.

use countersign_shared::{WidgetState, routes};
use leptos::prelude::*;

use super::attrs::at;
use super::share::share;
use crate::form::Form;
use crate::ui::Ui;
use crate::words::Words;

/// Shown in place of the form once the pledge is taken.
pub fn signed(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let page = || format!("{}{}", state.server, routes::page(&state.campaign.slug));
    view! {
        <div {..at("class='cs-body' part='signed'")
            .flag("hidden", ui.when(|form| form.signed.is_none()))}>
            <div {..at("class='cs-seal' part='thanks'")}>
                <p>{ui.text(|words| words.texts.thanks.clone())}</p>
                <p {..at("class='cs-receipt'")
                    .flag("hidden", ui.when(|form| receipt_of(form).is_none()))}>
                    {ui.told(receipt)}
                </p>
            </div>
            <h3 {..at("class='cs-sub'")}>{ui.say("share-title")}</h3>
            {share(ui, state)}
            <a {..at("class='cs-quiet' part='again' data-do='again'").own("href", page)}>
                {ui.say("signed-again")}
            </a>
        </div>
    }
}

fn receipt_of(form: &Form) -> Option<&str> {
    form.signed.as_ref()?.receipt.as_deref()
}

fn receipt(words: &Words, form: &Form) -> String {
    receipt_of(form).map_or(String::new(), |code| words.with("signed-receipt", "code", code))
}
