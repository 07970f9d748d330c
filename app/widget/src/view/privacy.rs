//! What happens to the data, in plain words.

use countersign_shared::WidgetState;
use leptos::prelude::*;

use crate::ui::Ui;

/// Folded until asked for. Needs no script.
pub fn privacy(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let privacy = &state.campaign.privacy;
    let days = u64::from(privacy.retention_days);
    let contact = privacy.contact.clone();
    let href = if contact.contains('@') { format!("mailto:{contact}") } else { contact.clone() };
    let policy = privacy.policy_url.clone().map(|url| {
        view! {
            " "
            <a href=url target="_blank" rel="noopener">
                {ui.say("privacy-policy")}
            </a>
        }
    });
    view! {
        <details class="cs-privacy" part="privacy">
            <summary>{ui.say("privacy-title")}</summary>
            <p>{ui.text(|words| words.texts.privacy.clone())}</p>
            <p>
                <span>{ui.text(move |words| words.count("privacy-kept", "days", days))}</span>
                " "
                <span>{privacy.controller.clone()}</span>
                " · "
                <a href=href>{contact}</a>
                {policy}
            </p>
        </details>
    }
}
