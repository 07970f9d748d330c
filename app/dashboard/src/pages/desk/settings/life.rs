//! What is done with a whole campaign: its stage, another like it, and its file.

use countersign_shared::CampaignStatus;
use countersign_shared::admin::campaigns::{
    CampaignDetail, CampaignFile, CampaignSettings, ChangeStage, Duplicate, Stage,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::super::kit::{Faults, line, press, refuse, work, work_or};
use super::Editor;
use crate::browser::{api, download, history, js};
use crate::parts::live::hear;
use crate::parts::{About, Loaded, card, confirm, unique};
use crate::route::{Route, Tab};
use crate::session;
use crate::words::settings::w;

pub fn cards(editor: Editor, detail: &CampaignDetail, loaded: Loaded<CampaignDetail>) -> AnyView {
    let slug = detail.settings.slug.clone();
    view! {
        {card(w().life, 4, life(editor, detail, loaded))}
        {card(w().duplicate, 4, duplicate(editor, slug.clone()))}
        {card(w().file, 4, file(editor, slug))}
    }
    .into_any()
}

/// Where it is, and where it may go from there: the stage, the words on the button, and what is
/// asked before, where something vanishes.
type Way = (&'static str, &'static str, Option<&'static str>);

fn ways(stage: Stage, status: CampaignStatus) -> (&'static str, Vec<Way>) {
    let archive = ("archived", w().to_archived, Some(w().archive_sure));
    match (stage, status) {
        (Stage::Draft, _) => (w().life_draft, vec![("live", w().to_live, None), archive]),
        (Stage::Archived, _) => {
            (w().life_archived, vec![("closed", w().to_ended, None), ("open", w().to_open, None)])
        }
        (Stage::Live, CampaignStatus::Closed) => {
            (w().life_closed, vec![("open", w().to_open, None), archive])
        }
        (Stage::Live, CampaignStatus::Open) => (
            w().life_live,
            vec![
                ("closed", w().to_closed, Some(w().close_sure)),
                ("draft", w().to_draft, Some(w().draft_sure)),
                archive,
            ],
        ),
        (Stage::Live, CampaignStatus::NotYetOpen) => {
            (w().life_live, vec![("draft", w().to_draft, Some(w().draft_sure)), archive])
        }
    }
}

fn life(editor: Editor, detail: &CampaignDetail, loaded: Loaded<CampaignDetail>) -> AnyView {
    let path = StoredValue::new(api::of(&detail.settings.slug, "stage"));
    let go = move |to: &'static str| {
        let path = path.get_value();
        let ask = async move {
            api::post::<CampaignDetail>(&path, &ChangeStage { to: to.to_owned() }).await
        };
        editor.when_saved(move || {
            work(editor.busy, ask, move |_| {
                session::say(w().stage_changed);
                session::refresh_campaigns();
                loaded.again();
            });
        });
    };
    let (said, ways) = ways(detail.settings.stage, detail.status);
    let buttons = ways.into_iter().map(|(to, words, sure)| {
        let asks = RwSignal::new(false);
        let press = press(words, "btn", editor.busy, move || match sure {
            Some(_) => asks.set(true),
            None => go(to),
        });
        let box_above =
            sure.map(|sure| confirm(asks, words, move || sure.to_owned(), words, move || go(to)));
        view! { {press} {box_above} }.into_any()
    });
    let buttons = buttons.collect::<Vec<_>>();
    view! { <p>{said}</p><div class="row">{buttons}</div> }.into_any()
}

fn duplicate(editor: Editor, slug: String) -> AnyView {
    let name = RwSignal::new(format!("{slug}-2"));
    let faults: Faults = RwSignal::default();
    let path = api::of(&slug, "duplicate");
    let go = move || {
        let (path, body) =
            (path.clone(), Duplicate { slug: name.get_untracked().trim().to_owned() });
        let ask = async move { api::post::<CampaignDetail>(&path, &body).await };
        let made = |detail: CampaignDetail| {
            session::refresh_campaigns();
            session::say(w().made);
            history::go(&Route::Campaign(detail.settings.slug, Tab::Settings).path());
        };
        editor.when_saved(move || {
            work_or(editor.busy, ask, made, move |fault| refuse(faults, fault));
        });
    };
    let about = About { hint: w().slug_hint.to_owned(), ..About::default() };
    view! {
        <p class="sub">{w().duplicate_lead}</p>
        <div class="stack">
            {line(w().slug, name, about, faults, "slug")}
            <div>{press(w().duplicate, "btn", editor.busy, go)}</div>
        </div>
    }
    .into_any()
}

fn file(editor: Editor, slug: String) -> AnyView {
    let id = unique("file");
    let path = api::of(&slug, "campaign.toml");
    let name = format!("{slug}.toml");
    let get = move || {
        let (path, name) = (path.clone(), name.clone());
        work(editor.busy, async move { api::ask("GET", &path, None).await }, move |text| {
            download::save(&name, "application/toml", &text);
        });
    };
    let read = move |event: leptos::ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        spawn_local(async move {
            let text = js::wait(file.unchecked_ref(), "text", &[]).await;
            let toml = text.ok().and_then(|text| text.as_string()).unwrap_or_default();
            let path = api::admin("campaigns/import");
            match api::post::<CampaignSettings>(&path, &CampaignFile { toml }).await {
                Ok(settings) => {
                    editor.fill_in(settings);
                    session::say(w().file_was_read);
                }
                Err(mut fault) => {
                    if let Some(first) = fault.fields.first() {
                        fault.text = format!("{}: {}", first.field, first.message);
                    }
                    session::say_fault(&fault);
                }
            }
        });
    };
    view! {
        <p class="sub">{w().file_lead}</p>
        <div class="stack">
            <div>{press(w().file_get, "btn", editor.busy, get)}</div>
            <div class="field">
                <label for=id.clone()>{w().file_read}</label>
                <input id=id type="file" accept=".toml,application/toml,text/plain"
                    on:change=hear(read) />
            </div>
        </div>
    }
    .into_any()
}
