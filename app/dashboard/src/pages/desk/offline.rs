//! Signatures from paper: files with a row each, and labelled counts.

use countersign_shared::admin::Permission;
use countersign_shared::admin::offline::{Import, Offline};
use leptos::prelude::*;

use super::kit::{press_for, row, table, text, work};
use crate::browser::{api, intl};
use crate::pages::top;
use crate::parts::{Loaded, card, confirm, load, shown};
use crate::route::Tab;
use crate::session;
use crate::words::people::w;
use crate::words::{fill, shell};

mod counts;
mod import;

pub fn page(slug: String) -> AnyView {
    let path = api::of(&slug, "offline");
    let loaded = load::<Offline>(move || path.clone());
    let may = session::may(Permission::Moderate);
    let name = StoredValue::new(slug.clone());
    view! {
        {top(&slug, Tab::Offline, shell::w().offline, ())}
        <p class="sub">{w().offline_lead}</p>
        {may.then(|| card(w().import_title, 12, import::wizard(slug.clone(), loaded)))}
        <div class="grid">
            {card(w().imports, 6, shown(loaded, move |all| {
                imports(all.imports, name.get_value(), may, loaded)
            }))}
            {card(w().counts, 6, view! {
                <p class="sub">{w().counts_lead}</p>
                {shown(loaded, move |all| counts::list(all.counts, name.get_value(), may, loaded))}
                {may.then(|| counts::add(slug, loaded))}
            })}
        </div>
    }
    .into_any()
}

fn imports(all: Vec<Import>, slug: String, may: bool, loaded: Loaded<Offline>) -> AnyView {
    if all.is_empty() {
        return view! { <p class="sub">{w().imports_none}</p> }.into_any();
    }
    let line = |one: Import| {
        let (busy, asks) = (RwSignal::new(false), RwSignal::new(false));
        let path = StoredValue::new(api::of(&slug, &format!("imports/{}/undo", one.id)));
        let undo = move || {
            let path = path.get_value();
            work(
                busy,
                async move { api::act::<serde_json::Value>("POST", &path).await },
                move |_| {
                    session::say(w().undone_now);
                    loaded.again();
                },
            );
        };
        let act = match (&one.undone_at, may) {
            (Some(at), _) => text(fill(w().undone, &[("when", &intl::short_time(at))])),
            (None, true) => view! {
                {press_for(w().undo, one.label.clone(), busy, move || asks.set(true))}
                {confirm(asks, w().undo, || w().undo_sure.to_owned(), w().undo, undo)}
            }
            .into_any(),
            (None, false) => ().into_any(),
        };
        row(vec![
            text(one.label),
            text(intl::number(one.added)),
            text(intl::number(one.duplicates)),
            text(format!("{}, {}", intl::short_time(&one.created_at), one.created_by)),
            act,
        ])
    };
    let heads = [w().label, w().added, w().duplicates, w().when, ""];
    table(w().imports, &heads, all.into_iter().map(line).collect())
}
