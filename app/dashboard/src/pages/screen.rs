//! The big screen: for halls and for streaming software. Public numbers only, so that it works
//! signed out; made to be left on for days. It speaks the campaign's languages.

use countersign_shared::i18n::Arg;
use countersign_shared::totals;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::browser::js::{self, Listener};
use crate::browser::{document, history};
use crate::digits::fixed;
use crate::parts::live::{each, effect, hear, live};
use crate::words::live::w;

mod awake;
mod show;
mod tongue;
mod update;

use awake::Awake;
use show::Show;
use tongue::Tongue;

/// So many places fit beside their label.
const PLACES: usize = 6;

pub fn page(slug: String) -> AnyView {
    let transparent = history::query("transparent").is_some();
    let qr = countersign_shared::routes::qr(&slug);
    let show = Show::new(slug);
    StoredValue::new_local(Awake::new());
    let link = move || show.campaign.with(|known| known.as_ref().map(|it| short(&it.share_url)));
    let class = if transparent { "screen transparent" } else { "screen" };
    view! {
        <main
            class=class
            id="main"
            lang=move || show.say(|tongue| tongue.locale.clone())
            dir=move || show.say(|tongue| tongue.dir.to_owned())
        >
            {said(show)}
            {count(show)}
            <div class="places">{latest(show)} {leading(show)}</div>
            <div class="join" hidden=move || show.missing()>
                <img src=qr alt="" width="320" height="320"/>
                <p><b>{told(show, "screen-join")}</b><br/><bdi>{live(link)}</bdi></p>
            </div>
            {(!transparent).then(|| full_button(show))}
        </main>
    }
    .into_any()
}

/// A message without values.
fn told(show: Show, key: &'static str) -> impl IntoView {
    live(move || show.say(|tongue| tongue.catalog.text(key)))
}

/// What the campaign is. Its name is the page's heading and names the browser's tab.
fn said(show: Show) -> AnyView {
    let title = Memo::new(move |_| match show.missing() {
        true => show.say(|tongue| tongue.catalog.text("error-campaign-not-found")),
        false => show.say(|tongue| tongue.title.clone()),
    });
    effect(move || document().set_title(&title.get().unwrap_or_else(|| w().big_screen.to_owned())));
    let node = NodeRef::<leptos::html::H1>::new();
    node.on_load(|heading| {
        if history::moved() {
            let _ = heading.focus();
        }
    });
    view! {
        <div class="said">
            <h1 class="title" node_ref=node tabindex="-1">{live(move || title.get())}</h1>
            <p class="pledge">{live(move || show.say(|tongue| tongue.pledge.clone()))}</p>
        </div>
    }
    .into_any()
}

/// The number, the way to the goal, and what is to be said of the number.
fn count(show: Show) -> AnyView {
    let pulse = show.pulse;
    let total = Memo::new(move |_| pulse.with(|pulse| pulse.total));
    let goal = Memo::new(move |_| pulse.with(|pulse| pulse.goal.filter(|goal| *goal > 0)));
    let closed = Memo::new(move |_| pulse.with(|pulse| pulse.closed));
    let number = Memo::new(move |_| {
        let number = total.get().and_then(|total| show.say(|tongue| tongue.number(total)));
        number.unwrap_or_else(|| "–".to_owned())
    });
    let part = move || {
        let (total, goal) = (total.get()?, goal.get()?);
        Some((total as f64 / goal as f64).min(1.0) * 100.0)
    };
    let of = move |tongue: &Tongue| match (total.get(), goal.get()) {
        (None, _) => tongue.catalog.text("status-first"),
        (_, Some(goal)) => tongue.with("counter-of", "goal", Arg::Number(goal)),
        (Some(total), None) => tongue.with("counter-pledges", "total", Arg::Number(total)),
    };
    let why = move || show.why.get().and_then(|key| show.say(|it| it.catalog.text(key)));
    view! {
        <div class="count" hidden=move || show.missing()>
            // The more figures, the smaller they are: all of them stay on the screen.
            <p class="huge" style=("--figures", move || number.with(|it| it.chars().count().to_string()))>
                {live(move || number.get())}
            </p>
            <p class="of">{live(move || show.say(of))}</p>
            {live(move || part().map(|part| view! {
                <div class="goal"><i style:inline-size=format!("{}%", fixed(part, 2))></i></div>
            }))}
            {live(move || closed.get().then(|| view! {
                <p class="of">{told(show, "closed-title")}</p>
            }))}
            <div class="news">
                <p role="status">{live(why)}</p>
                {live(move || show.age.get().map(|age| view! {
                    <p class="lost">{show.say(|tongue| tongue.lost(age))}</p>
                }))}
            </div>
        </div>
    }
    .into_any()
}

/// Where somebody signed while the screen was on, the newest first.
fn latest(show: Show) -> AnyView {
    let pulse = show.pulse;
    let latest = move || {
        pulse.with(|pulse| {
            pulse.latest.iter().take(PLACES).map(|place| place.id.to_string()).collect::<Vec<_>>()
        })
    };
    let line = move |id: String| {
        let found = pulse.with_untracked(|pulse| {
            pulse.latest.iter().find(|place| place.id.to_string() == id).cloned()
        });
        let text = move |tongue: &Tongue| {
            let place = found.as_ref()?;
            let name = tongue.country(&place.country);
            Some(match place.people {
                1 => name.to_owned(),
                more => format!("{name} +{}", tongue.number(more)),
            })
        };
        view! { <li>{live(move || show.say(&text).flatten())}</li> }.into_any()
    };
    let none = Memo::new(move |_| pulse.with(|pulse| pulse.latest.is_empty()));
    view! {
        <h2 hidden=none>{told(show, "screen-latest")}</h2>
        <ul hidden=none>
            {each(latest, line)}
        </ul>
    }
    .into_any()
}

/// Where most people signed: known from the start, when nobody has signed before the eyes of the
/// hall yet.
fn leading(show: Show) -> AnyView {
    let pulse = show.pulse;
    let places = Memo::new(move |_| {
        pulse.with(|pulse| {
            let leading = totals::leading(&pulse.countries, PLACES);
            leading.into_iter().map(|(code, n)| (code.to_owned(), n)).collect::<Vec<_>>()
        })
    });
    let none = move || places.with(Vec::is_empty);
    let lines = move |tongue: &Tongue| {
        let line = |(code, n): &(String, u64)| {
            let text = format!("{} {}", tongue.country(code), tongue.number(*n));
            view! { <li>{text}</li> }
        };
        places.with(|places| places.iter().map(line).collect_view())
    };
    view! {
        <h2 hidden=none>{told(show, "countries-title")}</h2>
        <ul hidden=none>{live(move || show.say(lines))}</ul>
    }
    .into_any()
}

/// An address as people type it.
fn short(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.trim_end_matches('/').to_owned()
}

fn full_button(show: Show) -> AnyView {
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
    let text = move |tongue: &Tongue| {
        tongue.catalog.text(if full.get() { "screen-leave" } else { "screen-full" })
    };
    view! {
        <button type="button" class="btn full" on:click=hear(turn)>
            {live(move || show.say(text))}
        </button>
    }
    .into_any()
}
