//! The root: everything in its order.

use countersign_shared::{View, WidgetState};
use leptos::prelude::*;

use super::attrs::at;
use super::{
    closed::closed,
    counter::counter,
    countries::{countries, leading},
    foot::foot,
    form::form,
};
use super::{head::head, signed::signed};
use crate::ui::{Text, Ui};

/// The whole widget as one element.
pub fn widget(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let full = state.view == View::Full;
    let (view, scheme) = (state.view.as_str(), state.campaign.theme.scheme.as_str());
    view! {
        <div {..at("class='cs-root' part='root'")
            .own("data-view", || view.to_owned())
            .own("data-scheme", || scheme.to_owned())
            .text("lang", ui.text(|words| words.locale.clone()))
            .text("dir", ui.text(|words| words.dir.clone()))}>
            <div {..at("class='cs-card' part='card'")}>
                {head(ui, state)}
                {counter(ui)}
                {full.then(|| (leading(ui), form(ui, state), signed(ui, state)))}
                {closed(ui, state)}
                {(!full).then(|| countries(ui, state))}
                {foot(ui, state)}
            </div>
            <p {..at("class='cs-unseen' role='status'")}>{spoken(ui)}</p>
        </div>
    }
}

/// What a screen reader is told.
fn spoken(ui: Ui) -> Text {
    let spoken = ui.spoken;
    Box::new(move || spoken.get())
}
