//! Who may come in: members, invitations, and tokens for programs.

use countersign_shared::admin::Role;
use countersign_shared::admin::account::{ChangeRole, Invite, InviteLink, Invited, Member, Team};
use leptos::prelude::*;

use super::kit::{Faults, line, press_for, refuse, row, shown_once, table, text, work, work_or};
use crate::browser::{api, intl};
use crate::parts::live::hear;
use crate::parts::{About, Loaded, card, choice, confirm, heading, load, shown};
use crate::session;
use crate::words::team::w;
use crate::words::{account, fill, shell};

mod tokens;

pub fn page() -> AnyView {
    let loaded = load::<Team>(|| api::admin("team"));
    let organization = session::me().map(|me| me.organization).unwrap_or_default();
    let link = RwSignal::new(None::<String>);
    let lead = RwSignal::new(String::new());
    view! {
        <header class="top">{heading(shell::w().team)}</header>
        <p class="sub">{fill(w().team_lead, &[("organization", &organization)])}</p>
        {card(w().members, 12, shown(loaded, move |team| members(team.members, loaded, link, lead)))}
        <div class="grid">
            {card(w().invite_title, 6, invite(loaded, link, lead))}
            {card(w().invitations, 6, shown(loaded, move |team| invitations(team.invitations, loaded)))}
        </div>
        {card(w().tokens, 12, tokens::tokens())}
        {shown_once(w().invite_link_title, lead, link)}
    }
    .into_any()
}

/// Each role, with what it may.
fn roles() -> Vec<(String, String)> {
    let does = |role| match role {
        Role::Owner => (account::w().role_owner, w().owner_does),
        Role::Editor => (account::w().role_editor, w().editor_does),
        Role::Moderator => (account::w().role_moderator, w().moderator_does),
        Role::Analyst => (account::w().role_analyst, w().analyst_does),
    };
    let one = |role: Role| {
        let (name, what) = does(role);
        (role.as_str().to_owned(), format!("{name}: {what}"))
    };
    Role::ALL.map(one).to_vec()
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => account::w().role_owner,
        Role::Editor => account::w().role_editor,
        Role::Moderator => account::w().role_moderator,
        Role::Analyst => account::w().role_analyst,
    }
}

fn members(
    all: Vec<Member>,
    loaded: Loaded<Team>,
    link: RwSignal<Option<String>>,
    lead: RwSignal<String>,
) -> AnyView {
    let heads = [w().members, w().role, w().joined, w().seen, ""];
    let rows = all.into_iter().map(|one| {
        let reset = new_way_in(&one, link, lead);
        member(one, loaded, reset)
    });
    table(w().members, &heads, rows.collect())
}

/// For a member who has lost theirs.
fn new_way_in(one: &Member, link: RwSignal<Option<String>>, lead: RwSignal<String>) -> AnyView {
    let (busy, asks) = (RwSignal::new(false), RwSignal::new(false));
    let path = StoredValue::new(api::admin(&format!("team/{}/reset", one.id)));
    let email = StoredValue::new(one.email.clone());
    let reset = move || {
        let path = path.get_value();
        let ask = async move { api::act::<InviteLink>("POST", &path).await };
        work(busy, ask, move |made| {
            let date = intl::date_time(&made.expires_at);
            let to = email.get_value();
            lead.set(fill(w().reset_link_text, &[("email", &to), ("date", &date)]));
            link.set(Some(made.url));
        });
    };
    let sure = fill(w().reset_sure, &[("who", &one.email)]);
    view! {
        {press_for(w().reset, one.email.clone(), busy, move || asks.set(true))}
        {confirm(asks, w().reset, move || sure.clone(), w().reset, reset)}
    }
    .into_any()
}

fn member(one: Member, loaded: Loaded<Team>, reset: AnyView) -> AnyView {
    let (busy, asks) = (RwSignal::new(false), RwSignal::new(false));
    let path = StoredValue::new(api::admin(&format!("team/{}", one.id)));
    // The browser shows what was chosen before the server has agreed.
    let (was, now) = (one.role, RwSignal::new(one.role));
    let change = move |event: leptos::ev::Event| {
        let Some(role) = Role::from_text(&event_target_value(&event)) else { return };
        now.set(role);
        let path = path.get_value();
        let ask = async move {
            api::send::<serde_json::Value>("PATCH", &path, &ChangeRole { role }).await
        };
        work_or(
            busy,
            ask,
            move |_| {
                session::say(w().role_changed);
                loaded.again();
            },
            move |fault| {
                session::say_fault(&fault);
                // The list shows the role that it still is.
                now.set(was);
                loaded.again();
            },
        );
    };
    let remove = move || {
        let path = path.get_value();
        work(
            busy,
            async move { api::act::<serde_json::Value>("DELETE", &path).await },
            move |_| {
                session::say(w().removed);
                loaded.again();
            },
        );
    };
    let options = Role::ALL.map(|role| {
        let chosen = move || now.get() == role;
        view! { <option value=role.as_str() prop:selected=chosen>{role_name(role)}</option> }
    });
    let who = if one.name.is_empty() { one.email.clone() } else { one.name.clone() };
    let label = fill(w().role_of, &[("who", &who)]);
    let you = one.you.then(|| view! { " " <span class="chip">{w().you}</span> });
    let mut sure = fill(w().remove_sure, &[("who", &who)]);
    if !one.tokens.is_empty() {
        sure.push(' ');
        sure.push_str(&fill(w().remove_tokens, &[("tokens", &one.tokens.join(", "))]));
    }
    row(vec![
        view! { {who.clone()} {you} <br/> <span class="sub breaks">{one.email}</span> }.into_any(),
        view! { <select aria-label=label on:change=hear(change)>{options}</select> }.into_any(),
        text(intl::long_day(&one.joined_at)),
        text(one.seen_at.as_deref().map_or_else(|| w().never.to_owned(), intl::date_time)),
        view! {
            {reset}
            {press_for(w().remove, who, busy, move || asks.set(true))}
            {confirm(asks, w().remove, move || sure.clone(), w().remove, remove)}
        }
        .into_any(),
    ])
}

fn invite(loaded: Loaded<Team>, link: RwSignal<Option<String>>, lead: RwSignal<String>) -> AnyView {
    let email = RwSignal::new(String::new());
    let role = RwSignal::new(Role::Editor.as_str().to_owned());
    let (busy, faults): (_, Faults) = (RwSignal::new(false), RwSignal::default());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let to = email.get_untracked().trim().to_owned();
        let role = role.with_untracked(|role| Role::from_text(role)).unwrap_or(Role::Analyst);
        let body = Invite { email: to.clone(), role };
        let ask =
            async move { api::post::<InviteLink>(&api::admin("team/invitations"), &body).await };
        let made = move |made: InviteLink| {
            let date = intl::date_time(&made.expires_at);
            lead.set(fill(w().invite_link_text, &[("email", &to), ("date", &date)]));
            link.set(Some(made.url));
            email.set(String::new());
            faults.set(Vec::new());
            loaded.again();
        };
        work_or(busy, ask, made, move |fault| refuse(faults, fault));
    };
    let about = About { kind: "email", required: true, ..About::default() };
    view! {
        <form class="form" on:submit=hear(submit)>
            {line(account::w().email, email, about, faults, "email")}
            {choice(w().role, role, roles())}
            <div><button class="btn primary">{w().invite}</button></div>
        </form>
    }
    .into_any()
}

fn invitations(all: Vec<Invited>, loaded: Loaded<Team>) -> AnyView {
    if all.is_empty() {
        return view! { <p class="sub">{w().invitations_none}</p> }.into_any();
    }
    let one = |invited: Invited| {
        let busy = RwSignal::new(false);
        let path = api::admin(&format!("team/invitations/{}", invited.id));
        let take_back = move || {
            let path = path.clone();
            work(
                busy,
                async move { api::act::<serde_json::Value>("DELETE", &path).await },
                move |_| {
                    session::say(w().taken_back);
                    loaded.again();
                },
            );
        };
        row(vec![
            text(invited.email.clone()),
            text(role_name(invited.role)),
            text(intl::date_time(&invited.expires_at)),
            press_for(w().take_back, invited.email, busy, take_back),
        ])
    };
    let heads = [account::w().email, w().role, w().expires, ""];
    table(w().invitations, &heads, all.into_iter().map(one).collect())
}
