//! The choice of language: links, which work without script, in a fold.

use countersign_shared::WidgetState;
use countersign_shared::i18n::locale_name;
use leptos::prelude::*;

use super::super::attrs::at;
use crate::ui::{Maybe, Ui};

/// A fold with a link for every language of the campaign's texts.
pub fn language(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let view = state.view.as_str();
    let links =
        state.campaign.texts.keys().map(|locale| link(ui, locale, view)).collect::<Vec<_>>();
    view! {
        <details {..at("class='cs-language' part='language'")}>
            <summary>
                <span {..at("class='cs-unseen'")}>{ui.say("language")}</span>
                <span>{ui.text(|words| locale_name(&words.locale).to_owned())}</span>
            </summary>
            <ul>{links}</ul>
        </details>
    }
}

fn link(ui: Ui, locale: &str, view: &str) -> impl IntoView + use<> {
    let (own, words) = (locale.to_owned(), ui.words);
    let current: Maybe =
        Box::new(move || words.with(|words| (words.locale == own).then(|| "true".to_owned())));
    view! {
        <li>
            <a {..at("data-do='language'")
                .own("href", || format!("?lang={locale}&view={view}"))
                .own("lang", || locale.to_owned())
                .own("hreflang", || locale.to_owned())
                .maybe("aria-current", current)
                .inner(|| locale_name(locale).to_owned())}></a>
        </li>
    }
}
