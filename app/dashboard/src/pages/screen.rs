//! The big screen: for halls and for streaming software. Public numbers only, so that it works
//! signed out; made to be left on for days.

use countersign_shared::{Code, PublicCampaign, routes};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::browser::js::{self, Listener};
use crate::browser::stream::{self, Heard};
use crate::browser::{document, history, intl};
use crate::parts::live::{hear, live};
use crate::parts::{load, unseen_heading};
use crate::pulse::Pulse;
use crate::words::fill;
use crate::words::live::w;

/// So many places fit below the number.
const PLACES: usize = 6;

pub fn page(slug: String) -> AnyView {
    let transparent = history::query("transparent").is_some();
    let pulse = RwSignal::new(Pulse::default());
    let followed = stream::follow(slug.clone(), move |heard| {
        if let Heard::Frame(frame) = heard {
            pulse.try_update(|pulse| pulse.take(&frame));
        }
    });
    StoredValue::new_local((followed, Awake::new()));
    let path = routes::campaign(&slug);
    let campaign = load::<PublicCampaign>(move || path.clone());
    let texts = move || {
        let campaign = campaign.value()?;
        let texts = campaign.texts.get(&campaign.default_locale)?;
        Some((texts.title.clone(), texts.pledge.clone()))
    };
    let missing =
        move || campaign.fault().is_some_and(|fault| fault.code == Code::CampaignNotFound.as_str());
    let qr = format!("/api/v1/campaigns/{slug}/qr.svg");
    let link = move || campaign.value().map(|campaign| short(&campaign.share_url));
    let total = Memo::new(move |_| pulse.with(|pulse| pulse.total));
    let goal = Memo::new(move |_| pulse.with(|pulse| pulse.goal.filter(|goal| *goal > 0)));
    let part = move || {
        let (total, goal) = (total.get()?, goal.get()?);
        Some((total as f64 / goal as f64).min(1.0) * 100.0)
    };
    let latest =
        move || pulse.with(|pulse| pulse.latest.iter().take(PLACES).cloned().collect::<Vec<_>>());
    let class = if transparent { "screen transparent" } else { "screen" };
    view! {
        <main class=class id="main">
            {unseen_heading(w().big_screen)}
            <div class="said">
                <p class="title">{live(move || texts().map(|(title, _)| title))}</p>
                <p class="pledge">{live(move || texts().map(|(_, pledge)| pledge))}</p>
                {live(move || missing().then(|| view! {
                    <p class="title">{w().screen_missing}</p>
                }))}
            </div>
            <div class="count">
                <p class="huge">{live(move || total.get().map_or("–".to_owned(), intl::number))}</p>
                <p class="of">
                    {live(move || match goal.get() {
                        Some(goal) => fill(w().screen_of, &[("n", &intl::number(goal))]),
                        None => w().screen_people.to_owned(),
                    })}
                </p>
                {live(move || part().map(|part| view! {
                    <div class="goal"><i style:inline-size=format!("{part:.2}%")></i></div>
                }))}
                {live(move || pulse.with(|pulse| pulse.closed).then(|| view! {
                    <p class="of">{w().screen_closed}</p>
                }))}
            </div>
            <div class="places" aria-label=w().screen_latest role="group">
                <For each=latest key=|place| place.id children=|place| {
                    let name = intl::country(&place.country);
                    let text = match place.people {
                        1 => name,
                        more => fill(w().screen_more, &[("country", &name), ("n", &intl::number(more))]),
                    };
                    view! { <span>{text}</span> }
                }/>
            </div>
            <div class="join">
                <img src=qr alt="" width="220" height="220"/>
                <p><b>{w().screen_join}</b><br/>{link}</p>
            </div>
            {(!transparent).then(full_button)}
        </main>
    }
    .into_any()
}

/// An address as people type it.
fn short(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.trim_end_matches('/').to_owned()
}

fn full_button() -> AnyView {
    let full = RwSignal::new(false);
    let changed = Listener::new(&document().into(), "fullscreenchange", move |_| {
        let _ = full.try_set(js::get(&document().into(), "fullscreenElement").is_object());
    });
    StoredValue::new_local(changed);
    let turn = move |_| {
        let document = JsValue::from(document());
        let root = js::get(&document, "documentElement");
        // A browser that does not want to leaves everything as it is.
        let _ = match full.get_untracked() {
            true => js::call(&document, "exitFullscreen", &[]),
            false => js::call(&root, "requestFullscreen", &[]),
        };
    };
    view! {
        <button type="button" class="btn full" on:click=hear(turn)>
            {live(move || if full.get() { w().screen_leave } else { w().screen_full })}
        </button>
    }
    .into_any()
}

/// Keeps the screen awake, and asks again whenever the page comes back into sight: the browser
/// lets go of it when it is out of sight.
struct Awake {
    _seen: Listener,
}

impl Awake {
    fn new() -> Self {
        ask_to_stay_awake();
        let seen = Listener::new(&document().into(), "visibilitychange", |_| {
            if !document().hidden() {
                ask_to_stay_awake();
            }
        });
        Self { _seen: seen }
    }
}

fn ask_to_stay_awake() {
    leptos::task::spawn_local(async {
        let lock = js::get(&js::named("navigator"), "wakeLock");
        if lock.is_object() {
            // Refused on a low battery: then the screen may sleep.
            let _ = js::wait(&lock, "request", &["screen".into()]).await;
        }
    });
}
