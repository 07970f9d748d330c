//! Ways to pass the campaign on. The links work without script; the buttons show once it runs.

use countersign_shared::WidgetState;
use countersign_shared::pledge::Source;
use leptos::prelude::*;

use super::attrs::at;
use crate::ui::{Text, Ui};

/// The campaign's page, marked as passed on: those who come by it are counted together.
pub fn share_link(state: &WidgetState) -> String {
    [&state.campaign.share_url, "?utm_source=", Source::SHARED].concat()
}

/// Share by the device, copy the link, WhatsApp, e-mail.
pub fn share(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let url = share_link(state);
    let whatsapp = link(ui, "https://wa.me/?text=", url.clone());
    let mail = ui.text(move |words| {
        let subject = encode(&words.texts.title);
        let body = encode(&format!("{}\n\n{url}", words.texts.pledge));
        format!("mailto:?subject={subject}&body={body}")
    });
    view! {
        <div {..at("class='cs-row' part='share'")}>
            <button {..at("class='cs-ghost' type='button' data-do='share'")
                .flag("hidden", ui.when(|form| !form.live || !form.can_share))}>
                {ui.say("share-share")}
            </button>
            <button {..at("class='cs-ghost' type='button' data-do='copy'")
                .flag("hidden", ui.when(|form| !form.live))}>
                {ui.told(|words, form| {
                    words.say(if form.copied { "share-copied" } else { "share-copy" })
                })}
            </button>
            <a {..at("class='cs-ghost' data-do='pass' target='_blank' rel='noopener'").text("href", whatsapp)}>
                "WhatsApp"
            </a>
            <a {..at("class='cs-ghost' data-do='pass'").text("href", mail)}>{ui.say("share-mail")}</a>
        </div>
    }
}

fn link(ui: Ui, base: &'static str, url: String) -> Text {
    ui.text(move |words| format!("{base}{}", encode(&format!("{} {url}", words.texts.pledge))))
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}
