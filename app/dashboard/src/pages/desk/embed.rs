//! What to put on a site, print, or send; and whether it will work.

use countersign_shared::admin::campaigns::{CampaignDetail, EmbedCheck, Snippets};
use leptos::prelude::*;

use super::kit::copyable;
use super::settings::details;
use crate::browser::api;
use crate::pages::top;
use crate::parts::{card, load, shown};
use crate::route::Tab;
use crate::words::settings::w;
use crate::words::shell;

mod code;

pub fn page(slug: String) -> AnyView {
    let detail = details(&slug);
    let (snippets_at, check_at) = (api::of(&slug, "embed"), api::of(&slug, "embed/check"));
    let snippets = load::<Snippets>(move || snippets_at.clone());
    let check = load::<Vec<EmbedCheck>>(move || check_at.clone());
    let name = slug.clone();
    view! {
        {top(&slug, Tab::Embed, shell::w().embed, ())}
        <p class="sub">{w().embed_lead}</p>
        {shown(snippets, move |snippets| ways(snippets, name.clone()))}
        <div class="grid">
            {card(w().embed_check, 8, view! {
                <p class="sub">{w().embed_check_lead}</p>
                {shown(check, verdicts)}
            })}
            {card(w().embed_token, 4, view! {
                <p class="sub">{w().embed_token_hint}</p>
                {shown(detail, |detail: CampaignDetail| copyable(detail.embed_token))}
            })}
        </div>
    }
    .into_any()
}

fn ways(snippets: Snippets, slug: String) -> AnyView {
    let way = |title: &'static str, hint: &'static str, wide, text: String| {
        card(title, wide, view! { <p class="sub">{hint}</p> {copyable(text)} })
    };
    view! {
        <div class="grid">
            {way(w().embed_element, w().embed_element_hint, 6, snippets.element)}
            {way(w().embed_counter, w().embed_counter_hint, 6, snippets.counter)}
            {way(w().embed_head, w().embed_head_hint, 6, snippets.head)}
            {way(w().embed_iframe, w().embed_iframe_hint, 6, snippets.iframe)}
            {way(w().embed_wordpress, w().embed_wordpress_hint, 6, snippets.wordpress)}
            {way(w().embed_link, w().embed_link_hint, 6, snippets.link)}
            {card(w().qr, 6, code::code(snippets.qr, &slug))}
        </div>
    }
    .into_any()
}

fn verdicts(lines: Vec<EmbedCheck>) -> AnyView {
    let lines = lines.into_iter().map(|line| {
        let (class, said) = match line.verdict.as_str() {
            "ok" => ("pill live", w().verdict_ok),
            "warn" => ("pill draft", w().verdict_warn),
            _ => ("pill wrong", w().verdict_bad),
        };
        view! {
            <li>
                <span class=class>{said}</span>
                <b>{line.what}</b>
                <span class="breaks">{line.advice}</span>
            </li>
        }
    });
    let lines = lines.collect::<Vec<_>>();
    view! { <ul class="verdicts">{lines}</ul> }.into_any()
}
