//! The bottom line: who asks, and the languages.

mod language;

use countersign_shared::WidgetState;
use leptos::prelude::*;

use super::attrs::at;
use crate::ui::Ui;

/// Who answers for the campaign, and the choice of language where there is one.
pub fn foot(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let controller = state.campaign.privacy.controller.clone();
    view! {
        <footer {..at("class='cs-foot' part='footer'")}>
            <span>{controller}</span>
            {(state.campaign.texts.len() > 1).then(|| language::language(ui, state))}
        </footer>
    }
}
