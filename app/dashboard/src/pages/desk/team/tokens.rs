//! Tokens for programs.

use countersign_shared::admin::Role;
use countersign_shared::admin::account::{MadeToken, NewToken, Token};
use leptos::prelude::*;

use super::super::kit::{
    Faults, line, press_for, refuse, row, shown_once, table, text, work, work_or,
};
use super::{role_name, roles};
use crate::browser::{api, intl};
use crate::parts::live::hear;
use crate::parts::{About, Loaded, choice, confirm, load, shown};
use crate::session;
use crate::words::team::w;

pub fn tokens() -> AnyView {
    let loaded = load::<Vec<Token>>(|| api::admin("tokens"));
    let secret = RwSignal::new(None::<String>);
    let lead = RwSignal::new(w().token_text.to_owned());
    view! {
        <p class="sub">{w().tokens_lead}</p>
        {shown(loaded, move |all| list(all, loaded))}
        {make(loaded, secret)}
        {shown_once(w().token_title, lead, secret)}
    }
    .into_any()
}

fn list(all: Vec<Token>, loaded: Loaded<Vec<Token>>) -> AnyView {
    if all.is_empty() {
        return view! { <p class="sub">{w().tokens_none}</p> }.into_any();
    }
    let one = |token: Token| {
        let (busy, asks) = (RwSignal::new(false), RwSignal::new(false));
        let path = StoredValue::new(api::admin(&format!("tokens/{}", token.id)));
        let revoke = move || {
            let path = path.get_value();
            work(
                busy,
                async move { api::act::<serde_json::Value>("DELETE", &path).await },
                move |_| {
                    session::say(w().token_revoked);
                    loaded.again();
                },
            );
        };
        let when = |at: Option<String>| {
            at.as_deref().map_or_else(|| w().never.to_owned(), intl::date_time)
        };
        row(vec![
            text(token.name.clone()),
            text(role_name(token.role)),
            text(token.made_by),
            text(when(token.used_at)),
            text(when(token.expires_at)),
            view! {
                {press_for(w().token_revoke, token.name, busy, move || asks.set(true))}
                {confirm(asks, w().token_revoke, || w().token_revoke_sure.to_owned(), w().token_revoke, revoke)}
            }
            .into_any(),
        ])
    };
    let heads = [w().token_name, w().role, w().token_made_by, w().token_used, w().token_end, ""];
    table(w().tokens, &heads, all.into_iter().map(one).collect())
}

/// An empty field is no end. What is no number of days is none that the server takes: a slip must not
/// make a token that never ends.
fn ends_after(days: &str) -> Option<u32> {
    match days.trim() {
        "" => None,
        typed => Some(typed.parse().unwrap_or(0)),
    }
}

fn make(loaded: Loaded<Vec<Token>>, secret: RwSignal<Option<String>>) -> AnyView {
    let (name, days) = (RwSignal::new(String::new()), RwSignal::new("90".to_owned()));
    let role = RwSignal::new(Role::Analyst.as_str().to_owned());
    let (busy, faults): (_, Faults) = (RwSignal::new(false), RwSignal::default());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = NewToken {
            name: name.get_untracked().trim().to_owned(),
            role: role.with_untracked(|role| Role::from_text(role)).unwrap_or(Role::Analyst),
            days: ends_after(&days.get_untracked()),
        };
        let ask = async move { api::post::<MadeToken>(&api::admin("tokens"), &body).await };
        let made = move |made: MadeToken| {
            secret.set(Some(made.token));
            name.set(String::new());
            faults.set(Vec::new());
            loaded.again();
        };
        work_or(busy, ask, made, move |fault| refuse(faults, fault));
    };
    let about = About { required: true, ..About::default() };
    let ends = About { hint: w().token_days_hint.to_owned(), kind: "number", ..About::default() };
    view! {
        <form class="form" on:submit=hear(submit)>
            {line(w().token_name, name, about, faults, "name")}
            {choice(w().role, role, roles())}
            {line(w().token_days, days, ends, faults, "days")}
            <div><button class="btn">{w().token_make}</button></div>
        </form>
    }
    .into_any()
}
