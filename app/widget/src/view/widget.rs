//! The root: everything in its order.

use countersign_shared::{View, WidgetState};
use leptos::prelude::*;

use super::{closed::closed, countries::countries, counter::counter, foot::foot, form::form};
use super::{head::head, signed::signed};
use crate::ui::Ui;

/// The whole widget as one element.
pub fn widget(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let full = state.view == View::Full;
    view! {
        <div
            class="cs-root"
            part="root"
            lang=ui.text(|words| words.locale.clone())
            dir=ui.text(|words| words.dir.clone())
            data-view=state.view.as_str()
            data-scheme=state.campaign.theme.scheme.clone()
        >
            <div class="cs-card" part="card">
                {head(ui, state)}
                {counter(ui)}
                {full.then(|| (form(ui, state), signed(ui, state)))}
                {closed(ui, state)}
                {(!full).then(|| countries(ui, state))}
                {foot(ui, state)}
            </div>
            <p class="cs-unseen" role="status">
                {move || ui.spoken.get()}
            </p>
        </div>
    }
}
