//! What happens to the data, in plain words.

use countersign_shared::WidgetState;
use leptos::prelude::*;

use super::attrs::{at, escape};
use crate::ui::Ui;

/// Folded until asked for. Needs no script.
pub fn privacy(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let privacy = &state.campaign.privacy;
    let days = u64::from(privacy.retention_days);
    // The server deletes by the same rule: from the end, or, where none is set, from the signature.
    let kept = match state.campaign.closes_at {
        Some(_) => "privacy-kept",
        None => "privacy-kept-signing",
    };
    let policy = privacy.policy_url.as_ref().map(|url| {
        view! {
            <a {..at("target='_blank' rel='noopener'").own("href", || url.clone())}>
                {ui.say("privacy-policy")}
            </a>
        }
    });
    view! {
        <details {..at("class='cs-privacy' part='privacy'")}>
            <summary>{ui.say("privacy-title")}</summary>
            <p>{ui.text(|words| words.texts.privacy.clone())}</p>
            <p>{ui.text(move |words| words.count(kept, "days", days))}</p>
            <p>{ui.say("privacy-views")}</p>
            <p {..at("class='cs-who'")}>
                <span {..at("").inner(|| escaped(&privacy.controller))}></span>
                <a {..at("")
                    .own("href", || contact(&privacy.contact))
                    .inner(|| escaped(&privacy.contact))}></a>
                {policy}
            </p>
        </details>
    }
}

/// Where the contact leads: an address or a page.
fn contact(contact: &str) -> String {
    if contact.contains('@') { format!("mailto:{contact}") } else { contact.to_owned() }
}

fn escaped(text: &str) -> String {
    let mut html = String::new();
    escape(&mut html, text);
    html
}
