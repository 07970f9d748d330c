//! What supporters are told, how long their data is kept, and what is published.

use countersign_shared::admin::campaigns::CampaignDetail;
use leptos::prelude::*;

use super::settings::{Editor, details, rules};
use crate::pages::top;
use crate::parts::live::live;
use crate::parts::{Loaded, card, shown};
use crate::route::{Route, Tab};
use crate::words::fill;
use crate::words::settings::w;
use crate::words::shell;

pub fn page(slug: String) -> AnyView {
    let loaded = details(&slug);
    let shown_top = slug.clone();
    view! {
        {live(move || match loaded.value() {
            Some(_) => ().into_any(),
            None => top(&shown_top, Tab::Privacy, shell::w().privacy, ()),
        })}
        {shown(loaded, move |detail| edit(&detail, loaded))}
    }
    .into_any()
}

fn edit(detail: &CampaignDetail, loaded: Loaded<CampaignDetail>) -> AnyView {
    let editor = Editor::of(detail);
    editor.watch();
    let (form, slug) = (editor.form, detail.settings.slug.clone());
    let url = format!("{}/api/v1/campaigns/{slug}/open-data.csv", detail.server_url);
    let texts = Route::Campaign(slug.clone(), Tab::Settings).path();
    let notices = detail.settings.texts.iter().map(|(tag, texts)| {
        let name = crate::browser::intl::language(tag);
        view! { <dt>{name}</dt><dd lang=tag.clone() dir="auto">{texts.privacy.clone()}</dd> }
    });
    let notices = notices.collect::<Vec<_>>();
    view! {
        {top(&slug, Tab::Privacy, shell::w().privacy, editor.bar(shell::w().save))}
        <p class="sub">{w().privacy_lead}</p>
        <div class="grid">
            {card(w().who, 6, view! {
                <div class="form">
                    {rules::controller(form)}
                    {rules::contact(form)}
                    {rules::policy(form)}
                    {rules::retention(form)}
                </div>
            })}
            {card(w().publish, 6, view! {
                <div class="form">
                    {rules::k(form)}
                    {form.check(w().open_data, |it| it.open_data, |it, yes| it.open_data = yes)}
                    <p class="hint">{fill(w().open_data_hint, &[("url", &url)])}</p>
                </div>
            })}
            {card(w().notice, 12, view! {
                <p class="sub">{w().notice_lead} " " <a href=texts>{w().texts}</a></p>
                <dl class="facts">{notices}</dl>
            })}
        </div>
        {editor.conflict(loaded)}
    }
    .into_any()
}
