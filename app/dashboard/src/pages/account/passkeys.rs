//! Passkeys: which there are, adding and removing them.

use countersign_shared::admin::account::{Me, NewPasskey, Passkey};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::browser::{api, intl, passkey};
use crate::parts::live::hear;
use crate::parts::{About, card as boxed, confirm, field, load, shown};
use crate::session;
use crate::words::account::w;
use crate::words::fill;

/// Makes a passkey and hands it to the server. Says what went wrong, and whether it is there now.
pub async fn add(name: String) -> bool {
    let begun = api::ask("POST", &api::admin("passkeys/begin"), None).await;
    let options = match begun {
        Ok(options) => options,
        Err(fault) => {
            session::say_fault(&fault);
            return false;
        }
    };
    let made = passkey::create(&options).await;
    let made = made.and_then(|json| serde_json::from_str::<Value>(&json).ok());
    let Some(credential) = made else {
        session::say_fault(&api::Fault::new(0, w().passkey_cancelled));
        return false;
    };
    let new = NewPasskey { name, credential };
    match api::post::<()>(&api::admin("passkeys"), &new).await {
        Ok(()) => {
            session::say(w().passkey_added);
            true
        }
        Err(fault) => {
            session::say_fault(&fault);
            false
        }
    }
}

pub fn card(possible: bool) -> AnyView {
    if !possible || !passkey::possible() {
        return boxed(w().passkeys, 6, view! { <p class="sub">{w().passkeys_impossible}</p> });
    }
    let list = load::<Vec<Passkey>>(|| api::admin("passkeys"));
    let name = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen = name.get_untracked().trim().to_owned();
        let chosen = if chosen.is_empty() { w().passkey_default.to_owned() } else { chosen };
        spawn_local(async move {
            if add(chosen).await {
                let _ = name.try_set(String::new());
                list.again();
                refresh().await;
            }
        });
    };
    let remove = move |id: i64| {
        spawn_local(async move {
            let path = api::admin(&format!("passkeys/{id}"));
            match api::act::<()>("DELETE", &path).await {
                Ok(()) => {
                    session::say(w().passkey_removed);
                    list.again();
                    refresh().await;
                }
                Err(fault) => session::say_fault(&fault),
            }
        });
    };
    let line = move |one: Passkey| {
        let used = match &one.used_at {
            Some(used) => fill(w().used, &[("when", &intl::date_time(used))]),
            None => w().never_used.to_owned(),
        };
        let added = fill(w().added, &[("when", &intl::long_day(&one.created_at))]);
        let label = fill(w().remove_passkey, &[("name", &one.name)]);
        let (title, asks, id) = (label.clone(), RwSignal::new(false), one.id);
        let sure = || w().remove_passkey_sure.to_owned();
        view! {
            <li>
                <span><b>{one.name}</b><br/><span class="sub">{added} " · " {used}</span></span>
                <button
                    type="button"
                    class="quiet"
                    aria-label=label
                    on:click=hear(move |_| asks.set(true))
                >
                    "×"
                </button>
                {confirm(asks, title, sure, w().remove, move || remove(id))}
            </li>
        }
    };
    let content = view! {
        <p class="sub">{w().passkeys_lead}</p>
        {shown(list, move |all: Vec<Passkey>| match all.is_empty() {
            true => view! { <p>{w().no_passkeys}</p> }.into_any(),
            false => view! { <ul class="lines">{all.into_iter().map(line).collect_view()}</ul> }.into_any(),
        })}
        <form class="form" on:submit=hear(submit)>
            {field(w().passkey_name, name, About { hint: w().passkey_default.to_owned(), ..About::default() }, || None)}
            <div><button class="btn">{w().add_passkey}</button></div>
        </form>
    };
    boxed(w().passkeys, 6, content)
}

/// How many passkeys there are is a part of who one is.
async fn refresh() {
    if let Ok(me) = api::get::<Me>(&api::admin("session")).await {
        session::enter(me);
    }
}
