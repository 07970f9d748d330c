//! Signatures that are only a number.

use countersign_shared::admin::offline::{LabelledCount, NewLabelledCount, Offline};
use leptos::prelude::*;

use super::super::kit::{Faults, line, press_for, refuse, row, table, text, work, work_or};
use crate::browser::{api, intl};
use crate::parts::live::hear;
use crate::parts::{About, Loaded, confirm};
use crate::session;
use crate::words::people::w;
use crate::words::{fill, shell};

pub fn list(all: Vec<LabelledCount>, slug: String, may: bool, loaded: Loaded<Offline>) -> AnyView {
    if all.is_empty() {
        return view! { <p class="sub">{w().counts_none}</p> }.into_any();
    }
    let one = |count: LabelledCount| {
        let (busy, asks) = (RwSignal::new(false), RwSignal::new(false));
        let path = StoredValue::new(api::of(&slug, &format!("labelled/{}", count.id)));
        let remove = move || {
            let path = path.get_value();
            work(
                busy,
                async move { api::act::<serde_json::Value>("DELETE", &path).await },
                move |_| {
                    session::say(w().count_removed);
                    loaded.again();
                },
            );
        };
        let number = intl::number(count.counted);
        let sure = number.clone();
        let act = may.then(|| {
            view! {
                {press_for(shell::w().delete, count.label.clone(), busy, move || asks.set(true))}
                {confirm(
                    asks,
                    shell::w().delete,
                    move || fill(w().count_remove_sure, &[("n", &sure)]),
                    shell::w().delete,
                    remove,
                )}
            }
        });
        row(vec![
            text(count.label),
            text(number),
            text(intl::country(&count.country)),
            text(format!("{}, {}", intl::short_time(&count.created_at), count.created_by)),
            act.into_any(),
        ])
    };
    let heads = [w().label, w().number, w().country, w().when, ""];
    table(w().counts, &heads, all.into_iter().map(one).collect())
}

pub fn add(slug: String, loaded: Loaded<Offline>) -> AnyView {
    let empty = || RwSignal::new(String::new());
    let (label, country, number) = (empty(), empty(), empty());
    let (busy, faults): (_, Faults) = (RwSignal::new(false), RwSignal::default());
    let path = StoredValue::new(api::of(&slug, "labelled"));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = NewLabelledCount {
            label: label.get_untracked(),
            country: country.get_untracked().trim().to_ascii_uppercase(),
            counted: number.get_untracked().trim().parse().unwrap_or(0),
        };
        let path = path.get_value();
        let ask = async move { api::post::<serde_json::Value>(&path, &body).await };
        let added = move |_| {
            [label, country, number].into_iter().for_each(|text| text.set(String::new()));
            faults.set(Vec::new());
            session::say(w().count_added);
            loaded.again();
        };
        work_or(busy, ask, added, move |fault| refuse(faults, fault));
    };
    let about = |hint: &str, kind| About {
        hint: hint.to_owned(),
        kind,
        required: true,
        ..About::default()
    };
    view! {
        <form class="form" on:submit=hear(submit)>
            {line(w().label, label, about(w().label_hint, ""), faults, "label")}
            {line(w().country, country, about(w().country_hint, ""), faults, "country")}
            {line(w().number, number, about("", "number"), faults, "counted")}
            <div><button class="btn">{shell::w().add}</button></div>
        </form>
    }
    .into_any()
}
