//! One who signed, in a box above the list: everything there is, and what can be done.

use countersign_shared::admin::Permission;
use countersign_shared::admin::supporters::{Correction, Done, Supporter};
use leptos::prelude::*;

use super::super::kit::{Faults, fault_at, line, open_while, press, refuse, work, work_or};
use super::{List, state_mark};
use crate::browser::{api, intl};
use crate::parts::live::{hear, live};
use crate::parts::{About, area, checkbox, dialog};
use crate::session;
use crate::words::people::w;
use crate::words::{fill, shell};

pub fn detail(list: List, shown: RwSignal<Option<Supporter>>) -> AnyView {
    let open = open_while(shown);
    let title = move || {
        let who = shown.with(|one| one.as_ref().map(name)).unwrap_or_default();
        fill(w().details, &[("who", &who)])
    };
    dialog(open, live(title), move || shown.get().map(|one| inside(list, shown, one)))
}

fn name(one: &Supporter) -> String {
    let unnamed = || fill(w().somebody, &[("id", &one.id.to_string())]);
    one.name.clone().unwrap_or_else(unnamed)
}

fn inside(list: List, shown: RwSignal<Option<Supporter>>, one: Supporter) -> AnyView {
    let correcting = RwSignal::new(false);
    let may = session::may(Permission::Moderate);
    let facts = facts(&one);
    let kept = StoredValue::new(one);
    view! {
        {facts}
        {live(move || {
            let one = kept.get_value();
            match (may, correcting.get()) {
                (false, _) => ().into_any(),
                (true, true) => correction(list, shown, one, correcting),
                (true, false) => acts(list, shown, &one, correcting),
            }
        })}
        // A phone has no Escape; a correction has a way back of its own.
        {live(move || (!correcting.get()).then(|| {
            let close = move || shown.set(None);
            let close = press(shell::w().close, "btn", RwSignal::new(false), close);
            view! { <div class="row ends">{close}</div> }.into_any()
        }))}
    }
    .into_any()
}

fn facts(one: &Supporter) -> AnyView {
    let yes = |is: bool| if is { w().yes } else { w().no }.to_owned();
    let personal = |value: &Option<String>| value.clone().unwrap_or_else(|| w().hidden.to_owned());
    let channel = if one.channel == "import" { w().import } else { w().online };
    let mut lines = vec![
        (w().email, personal(&one.email)),
        (w().country, intl::country(&one.country)),
        (w().signed_at, intl::date_time(&one.signed_at)),
        (w().channel, channel.to_owned()),
        (w().locale, intl::language(&one.locale)),
        (w().updates, yes(one.updates)),
        (w().public_name, yes(one.public_name)),
        (w().receipt, one.receipt.clone()),
    ];
    let some = [
        (w().reason, &one.reason),
        (w().message, &one.message),
        (w().source, &one.utm_source),
        (w().referrer, &one.referrer),
        (w().network, &one.network),
    ];
    let some = some.into_iter().filter_map(|(label, value)| Some((label, value.clone()?)));
    lines.extend(some);
    if one.waits_for_mailbox {
        lines.push((w().mailbox, w().mailbox_waits.to_owned()));
    }
    if one.suspicious {
        lines.push((w().suspicious, yes(true)));
    }
    let lines = lines.into_iter().map(|(label, value)| {
        view! { <dt>{label}</dt><dd dir="auto">{value}</dd> }
    });
    let lines = lines.collect::<Vec<_>>();
    view! { {state_mark(one)} <dl class="facts">{lines}</dl> }.into_any()
}

/// What can be done in this state: the way of the API, the words, and what is asked before.
type Way = (&'static str, &'static str, Option<&'static str>);

fn ways(one: &Supporter) -> Vec<Way> {
    let erase = ("erase", w().erase, Some(w().erase_sure));
    if one.waits_for_mailbox {
        return vec![erase];
    }
    match one.state.as_str() {
        "counted" => vec![
            ("withdraw", w().withdraw, Some(w().withdraw_sure)),
            ("refuse", w().refuse, Some(w().refuse_sure)),
            erase,
        ],
        "quarantined" => vec![
            ("release", w().release, None),
            ("refuse", w().refuse, Some(w().refuse_sure)),
            erase,
        ],
        "withdrawn" | "unconfirmed" => vec![erase],
        _ => vec![("release", w().release, None), erase],
    }
}

fn acts(
    list: List,
    shown: RwSignal<Option<Supporter>>,
    one: &Supporter,
    correcting: RwSignal<bool>,
) -> AnyView {
    let (busy, asks) = (RwSignal::new(false), RwSignal::new(None::<Way>));
    let id = one.id;
    let go = move |verb: &'static str| {
        let path = api::of(&list.slug.get_value(), &format!("supporters/{id}/{verb}"));
        work(busy, async move { api::act::<Done>("POST", &path).await }, move |done| {
            session::say(fill(w().done, &[("total", &intl::number(done.total))]));
            list.replace(id, done.supporter);
            shown.set(None);
        });
    };
    let buttons = ways(one).into_iter().map(|way| {
        let class = if way.2.is_some() { "btn danger" } else { "btn" };
        press(way.1, class, busy, move || match way.2 {
            Some(_) => asks.set(Some(way)),
            None => go(way.0),
        })
    });
    let buttons = buttons.collect::<Vec<_>>();
    // Asked inside the box: a second box above it would hide what it is about.
    let question = move || {
        asks.get().map(|(verb, words, sure)| {
            view! {
                <div class="problem" role="alertdialog" aria-label=words>
                    <p>{sure.unwrap_or_default()}</p>
                    <div class="row">
                        {press(words, "btn danger", busy, move || go(verb))}
                        {press(shell::w().cancel, "btn", busy, move || asks.set(None))}
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="row">
            {press(w().correct, "btn", busy, move || correcting.set(true))}
            {buttons}
        </div>
        {live(question)}
    }
    .into_any()
}

fn correction(
    list: List,
    shown: RwSignal<Option<Supporter>>,
    one: Supporter,
    correcting: RwSignal<bool>,
) -> AnyView {
    let text = |value: &Option<String>| RwSignal::new(value.clone().unwrap_or_default());
    let (name, message) = (text(&one.name), text(&one.message));
    let country = RwSignal::new(one.country.clone());
    let (updates, public) = (RwSignal::new(one.updates), RwSignal::new(one.public_name));
    let (busy, faults): (_, Faults) = (RwSignal::new(false), RwSignal::default());
    let before = StoredValue::new(one);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let one = before.get_value();
        let changed = |now: RwSignal<String>, was: &str| {
            let now = now.get_untracked();
            (now != was).then_some(now)
        };
        let correction = Correction {
            name: changed(name, one.name.as_deref().unwrap_or_default()),
            country: changed(country, &one.country).map(|code| code.to_ascii_uppercase()),
            message: changed(message, one.message.as_deref().unwrap_or_default()),
            updates: Some(updates.get_untracked()).filter(|now| *now != one.updates),
            public_name: Some(public.get_untracked()).filter(|now| *now != one.public_name),
        };
        let id = one.id;
        let path = api::of(&list.slug.get_value(), &format!("supporters/{id}"));
        let ask = async move { api::send::<Done>("PATCH", &path, &correction).await };
        let saved = move |done: Done| {
            session::say(w().corrected);
            list.replace(id, done.supporter);
            shown.set(None);
        };
        work_or(busy, ask, saved, move |fault| refuse(faults, fault));
    };
    view! {
        <form class="stack" on:submit=hear(save)>
            {line(w().name, name, About::default(), faults, "name")}
            {line(w().country, country, About { hint: w().country_hint.to_owned(), ..About::default() }, faults, "country")}
            {area(w().message, message, About::default(), move || fault_at(faults, "message"))}
            {checkbox(w().updates, updates)}
            {checkbox(w().public_name, public)}
            <p class="sub">{w().email_stays}</p>
            <div class="row ends">
                {press(shell::w().cancel, "btn", busy, move || correcting.set(false))}
                <button class="btn primary">{shell::w().save}</button>
            </div>
        </form>
    }
    .into_any()
}
