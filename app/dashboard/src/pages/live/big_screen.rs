//! The ways to the big screen, and their addresses to take elsewhere.

use countersign_shared::admin::campaigns::CampaignDetail;
use leptos::prelude::*;

use crate::browser::{api, download, intl, window};
use crate::parts::live::{hear, live};
use crate::parts::{choice, load, menu};
use crate::route::Route;
use crate::words::live::w;
use crate::words::{fill, shell};

pub fn ways(slug: &str) -> AnyView {
    let path = Route::Screen(slug.to_owned()).path();
    let detail_at = api::admin(&format!("campaigns/{slug}"));
    let detail = load::<CampaignDetail>(move || detail_at.clone());
    // Empty for the campaign's own.
    let language = RwSignal::new(String::new());
    let languages = live(move || detail.value().and_then(|detail| offer(&detail, language)));
    let way = |title, hint, transparent| {
        let path = path.clone();
        let address = move || address(&path, transparent, &language.get());
        way(title, hint, Signal::derive(address))
    };
    let content = view! {
        {languages}
        <ul>
            {way(w().screen_whole, w().screen_whole_hint, false)}
            {way(w().screen_stream, w().screen_stream_hint, true)}
        </ul>
    };
    menu(w().big_screen, "btn ends", || w().big_screen, content)
}

/// The languages of the campaign's texts, where there is more than one.
fn offer(detail: &CampaignDetail, language: RwSignal<String>) -> Option<AnyView> {
    let settings = &detail.settings;
    let option = |tag: &String| {
        let key = if *tag == settings.default_locale { String::new() } else { tag.clone() };
        (key, intl::language(tag))
    };
    let options: Vec<_> = settings.texts.keys().map(option).collect();
    (options.len() > 1).then(|| choice(w().screen_language, language, options))
}

fn address(path: &str, transparent: bool, language: &str) -> String {
    let transparent = transparent.then(|| "transparent=1".to_owned());
    let language = (!language.is_empty()).then(|| format!("lang={}", api::encoded(language)));
    let query: Vec<_> = transparent.into_iter().chain(language).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    [path, mark, &query.join("&")].concat()
}

fn way(title: &'static str, hint: &'static str, address: Signal<String>) -> AnyView {
    let copy = move |_| {
        let origin = window().location().origin().unwrap_or_default();
        download::copy(origin + &address.get_untracked());
    };
    let label = fill(w().screen_copy, &[("way", title)]);
    view! {
        <li class="way">
            <a href=move || address.get()>{title}</a>
            <button type="button" aria-label=label on:click=hear(copy)>{shell::w().copy}</button>
            <span class="sub">{hint}</span>
        </li>
    }
    .into_any()
}
