//! Programs that hear what happens: added, tested, looked after.

use countersign_shared::admin::hooks::{ChangeWebhook, EVENTS, MadeWebhook, NewWebhook, Webhook};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::kit::{Faults, line, pause, press, refuse, shown_once, work, work_or};
use crate::browser::{api, intl};
use crate::pages::top;
use crate::parts::live::{each, hear, live};
use crate::parts::{About, Loaded, card, checkbox, confirm, empty, load, shown};
use crate::route::Tab;
use crate::session;
use crate::words::team::w;
use crate::words::{fill, shell};

mod deliveries;

/// What all parts of the page know.
#[derive(Clone, Copy)]
struct Hooks {
    slug: StoredValue<String>,
    loaded: Loaded<Vec<Webhook>>,
    /// A secret that is shown now.
    secret: RwSignal<Option<String>>,
    /// Whose deliveries are looked at.
    looked_at: RwSignal<Option<Webhook>>,
    /// What is asked before a new secret, or before one goes. Not inside of the list, which is drawn anew
    /// when something has arrived.
    rotates: Question,
    deletes: Question,
}

/// A question about one of them.
#[derive(Clone, Copy)]
struct Question {
    open: RwSignal<bool>,
    about: RwSignal<Option<Webhook>>,
}

impl Question {
    fn new() -> Self {
        Self { open: RwSignal::new(false), about: RwSignal::default() }
    }

    fn ask(self, one: Webhook) {
        self.about.set(Some(one));
        self.open.set(true);
    }

    /// Where it is asked below `webhooks`, with `rest` behind it.
    fn path(self, hooks: Hooks, rest: &str) -> Option<String> {
        let id = self.about.with_untracked(|one| Some(one.as_ref()?.id))?;
        Some(hooks.path(&format!("/{id}{rest}")))
    }
}

impl Hooks {
    fn path(self, rest: &str) -> String {
        api::of(&self.slug.get_value(), &format!("webhooks{rest}"))
    }

    fn one(self, id: i64) -> Option<Webhook> {
        self.loaded.value()?.into_iter().find(|one| one.id == id)
    }

    /// A message is on its way: shows what became of it once it has arrived, or failed for now.
    fn follow(self) {
        let path = self.path("");
        let before = untrack(|| self.loaded.value()).unwrap_or_default();
        let answered = move |one: &Webhook| {
            one.pending == 0 || before.iter().any(|it| it.id == one.id && it.last_at != one.last_at)
        };
        spawn_local(async move {
            for ms in [400, 800, 1_600, 3_200, 6_400] {
                pause(ms).await;
                let all = api::get::<Vec<Webhook>>(&path).await.unwrap_or_default();
                if all.iter().all(&answered) {
                    break;
                }
            }
            self.loaded.again();
        });
    }
}

pub fn page(slug: String) -> AnyView {
    let path = api::of(&slug, "webhooks");
    let loaded = load::<Vec<Webhook>>(move || path.clone());
    let hooks = Hooks {
        slug: StoredValue::new(slug.clone()),
        loaded,
        secret: RwSignal::default(),
        looked_at: RwSignal::default(),
        rotates: Question::new(),
        deletes: Question::new(),
    };
    let lead = RwSignal::new(w().secret_text.to_owned());
    view! {
        {top(&slug, Tab::Webhooks, shell::w().webhooks, ())}
        <p class="sub">{w().hooks_lead}</p>
        {list(hooks)}
        {card(w().hook_add, 12, add(hooks))}
        {shown_once(w().secret_title, lead, hooks.secret)}
        {deliveries::deliveries(hooks)}
        {questions(hooks)}
    }
    .into_any()
}

/// One that changes is not drawn anew: whoever has pressed its button stays on it.
fn list(hooks: Hooks) -> AnyView {
    let none = |all: Vec<Webhook>| {
        all.is_empty().then(|| {
            let nothing = empty(w().hooks_none, w().hooks_none_text, ());
            view! { <section class="card">{nothing}</section> }
        })
    };
    let keys = move || {
        let all = hooks.loaded.value().unwrap_or_default();
        all.iter().map(|one| one.id.to_string()).collect()
    };
    let drawn = move |key: String| hook(hooks, key.parse().unwrap_or_default());
    view! {
        {shown(hooks.loaded, none)}
        {each(keys, drawn)}
    }
    .into_any()
}

fn event_words(event: &str) -> &'static str {
    match event {
        "pledge.signed" => w().event_signed,
        "pledge.confirmed" => w().event_confirmed,
        "pledge.withdrawn" => w().event_withdrawn,
        "goal.reached" => w().event_goal,
        // What an organizer asked for; it is no event that one subscribes to.
        _ => w().event_test,
    }
}

fn hook(hooks: Hooks, id: i64) -> AnyView {
    view! {
        <section class="card">
            {live(move || hooks.one(id).map(told))}
            {acts(hooks, id)}
        </section>
    }
    .into_any()
}

fn told(one: Webhook) -> AnyView {
    let (state, class) = match (&one.disabled_reason, one.enabled) {
        (_, true) => (w().hook_on.to_owned(), "pill live"),
        (Some(why), false) => (fill(w().hook_off_because, &[("why", why)]), "pill wrong"),
        (None, false) => (w().hook_off.to_owned(), "pill"),
    };
    let (pending, failed) = (intl::number(one.pending), intl::number(one.failed));
    let last = match (one.last_status, &one.last_at) {
        (Some(status), Some(at)) => {
            let (status, when) = (status.to_string(), intl::short_time(at));
            fill(w().hook_last, &[("status", &status), ("when", &when)])
        }
        _ => w().hook_never.to_owned(),
    };
    let events: Vec<&str> = one.events.iter().map(|event| event_words(event)).collect();
    view! {
        <div class="row between">
            <h2 class="breaks">{one.url}</h2>
            <span class=class>{state}</span>
        </div>
        <p class="sub">{events.join(" · ")}</p>
        <p>{fill(w().hook_waiting, &[("pending", &pending), ("failed", &failed)])} ". " {last}</p>
    }
    .into_any()
}

fn acts(hooks: Hooks, id: i64) -> AnyView {
    let busy = RwSignal::new(false);
    let enabled = Memo::new(move |_| hooks.one(id).is_some_and(|one| one.enabled));
    let one = move || untrack(|| hooks.one(id));
    let test = move || {
        let path = hooks.path(&format!("/{id}/test"));
        work(busy, async move { api::act::<serde_json::Value>("POST", &path).await }, move |_| {
            session::say(w().hook_tested);
            hooks.follow();
        });
    };
    let switch = move || {
        let path = hooks.path(&format!("/{id}"));
        let enabled = Some(!enabled.get_untracked());
        let body = ChangeWebhook { url: None, events: None, enabled };
        let ask = async move { api::send::<serde_json::Value>("PATCH", &path, &body).await };
        work(busy, ask, move |_| hooks.loaded.again());
    };
    let words = move || if enabled.get() { w().hook_switch_off } else { w().hook_switch_on };
    let rotate = move || one().into_iter().for_each(|one| hooks.rotates.ask(one));
    let delete = move || one().into_iter().for_each(|one| hooks.deletes.ask(one));
    view! {
        <div class="row" role="group" aria-label=one().map(|one| one.url)>
            {press(w().deliveries, "btn", busy, move || hooks.looked_at.set(one()))}
            {press(w().hook_test, "btn", busy, test)}
            {live(move || press(words(), "btn", busy, switch))}
            {press(w().hook_rotate, "btn", busy, rotate)}
            {press(w().hook_delete, "btn danger", busy, delete)}
        </div>
    }
    .into_any()
}

fn questions(hooks: Hooks) -> AnyView {
    let busy = RwSignal::new(false);
    let rotate = move || {
        let Some(path) = hooks.rotates.path(hooks, "/rotate") else { return };
        work(busy, async move { api::act::<MadeWebhook>("POST", &path).await }, move |made| {
            hooks.secret.set(Some(made.secret));
            hooks.loaded.again();
        });
    };
    let rotate_sure = move || {
        let until = hooks.rotates.about.with(|one| one.as_ref()?.earlier_secret_until.clone());
        match until {
            Some(until) => fill(w().hook_rotate_twice, &[("until", &intl::date_time(&until))]),
            None => w().hook_rotate_sure.to_owned(),
        }
    };
    let delete = move || {
        let Some(path) = hooks.deletes.path(hooks, "") else { return };
        let gone = async move { api::act::<serde_json::Value>("DELETE", &path).await };
        work(busy, gone, move |_| {
            session::say(w().hook_deleted);
            hooks.loaded.again();
        });
    };
    let delete_sure = || w().hook_delete_sure.to_owned();
    view! {
        {confirm(hooks.rotates.open, w().hook_rotate, rotate_sure, w().hook_rotate, rotate)}
        {confirm(hooks.deletes.open, w().hook_delete, delete_sure, w().hook_delete, delete)}
    }
    .into_any()
}

fn add(hooks: Hooks) -> AnyView {
    let url = RwSignal::new(String::new());
    let chosen = EVENTS.map(|event| (event, RwSignal::new(true)));
    let (busy, faults): (_, Faults) = (RwSignal::new(false), RwSignal::default());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let events = chosen.iter().filter(|(_, yes)| yes.get_untracked());
        let body = NewWebhook {
            url: url.get_untracked().trim().to_owned(),
            events: events.map(|(event, _)| (*event).to_owned()).collect(),
        };
        let path = hooks.path("");
        let ask = async move { api::post::<MadeWebhook>(&path, &body).await };
        let made = move |made: MadeWebhook| {
            url.set(String::new());
            faults.set(Vec::new());
            hooks.secret.set(Some(made.secret));
            session::say(w().hook_added);
            hooks.loaded.again();
        };
        work_or(busy, ask, made, move |fault| refuse(faults, fault));
    };
    let about =
        About { hint: w().url_hint.to_owned(), kind: "url", required: true, ..About::default() };
    let boxes = chosen.map(|(event, yes)| checkbox(event_words(event), yes));
    view! {
        <form class="form" on:submit=hear(submit)>
            {line(w().url, url, about, faults, "url")}
            <fieldset class="stack"><legend>{w().events}</legend>{boxes}</fieldset>
            <span class="fault" role="alert">{live(move || super::kit::fault_at(faults, "events"))}</span>
            <div><button class="btn primary">{w().hook_add}</button></div>
        </form>
    }
    .into_any()
}
