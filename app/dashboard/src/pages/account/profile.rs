//! Name, time zone, and how numbers and dates are written.

use countersign_shared::admin::account::{Me, Profile};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::invitation::role_word;
use crate::browser::api::{self, Fault};
use crate::browser::intl;
use crate::parts::live::{hear, live};
use crate::parts::{About, card as boxed, choice, field, problem};
use crate::session;
use crate::words::account::w;
use crate::words::{fill, shell};

pub fn card(me: &Me) -> AnyView {
    let name = RwSignal::new(me.name.clone());
    let zone = RwSignal::new(me.time_zone.clone());
    let locale = RwSignal::new(me.locale.clone());
    let fault = RwSignal::new(None::<Fault>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fault.set(None);
        let change = Profile {
            name: Some(name.get_untracked()),
            time_zone: Some(zone.get_untracked()),
            locale: Some(locale.get_untracked()),
            password: None,
            present_password: None,
        };
        spawn_local(async move {
            match api::send::<Me>("PATCH", &api::admin("session"), &change).await {
                Ok(me) => {
                    session::enter(me);
                    session::say(shell::w().saved);
                }
                Err(why) => {
                    let _ = fault.try_set(Some(why));
                }
            }
        });
    };
    let of = move |name: &'static str| move || fault.with(|fault| fault.as_ref()?.field(name));
    let other = move || fault.get().filter(|fault| fault.fields.is_empty()).map(|fault| fault.text);
    let browser = fill(w().time_zone_browser, &[("zone", &intl::browser_zone())]);
    let mut zones = vec![(String::new(), browser)];
    let mut known = intl::zones();
    if !me.time_zone.is_empty() && !known.contains(&me.time_zone) {
        known.push(me.time_zone.clone());
    }
    zones.extend(known.into_iter().map(|zone| (zone.clone(), zone.replace('_', " "))));
    let lead = fill(
        w().profile_lead,
        &[("email", &me.email), ("role", role_word(me.role)), ("organization", &me.organization)],
    );
    let sample = move || {
        let sample = format!(
            "{} · {}",
            intl::sample(&locale.get(), 1_234_567.8),
            intl::sample_date(&locale.get(), &zone.get()),
        );
        fill(w().locale_hint, &[("sample", &sample)])
    };
    let content = view! {
        <p class="sub">{lead}</p>
        <form class="form" on:submit=hear(submit)>
            {problem(other)}
            {field(w().your_name, name, About { autocomplete: "name", ..About::default() }, of("name"))}
            {choice(w().time_zone, zone, zones)}
            {field(w().locale, locale, About::default(), of("locale"))}
            <p class="hint">{live(sample)}</p>
            <div><button class="btn primary">{shell::w().save}</button></div>
        </form>
    };
    boxed(w().profile, 6, content)
}
