//! Accepting an invitation, with a password or a passkey.

use countersign_shared::admin::Role;
use countersign_shared::admin::account::{Accept, Invitation, Me, PASSWORD_LEAST};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::account::add_passkey;
use super::door;
use crate::browser::api::{self, Fault};
use crate::browser::{history, intl, passkey};
use crate::parts::live::{hear, live};
use crate::parts::{About, Load, field, load, problem, skeleton};
use crate::route::Route;
use crate::session;
use crate::words::account::w;
use crate::words::fill;

mod member;

/// The role in words.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => w().role_owner,
        Role::Editor => w().role_editor,
        Role::Moderator => w().role_moderator,
        Role::Analyst => w().role_analyst,
    }
}

/// A password's hint.
pub fn password_hint() -> String {
    fill(w().password_hint, &[("least", &PASSWORD_LEAST.to_string())])
}

pub fn page(token: String) -> AnyView {
    let path = api::admin(&format!("invitations/{}", api::encoded(&token)));
    let asked = path.clone();
    let loaded = load::<Invitation>(move || asked.clone());
    let shown = move || match loaded.get() {
        Load::Waiting => door(w().invited, skeleton(3)),
        Load::Ready(invitation) if invitation.has_account => member::page(path.clone(), invitation),
        Load::Ready(invitation) => form(path.clone(), invitation),
        Load::Failed(fault) if fault.status == 404 => {
            door(w().invited_gone, view! { <p>{w().invited_gone_text}</p> })
        }
        Load::Failed(fault) => door(w().invited, view! { <p class="problem">{fault.text}</p> }),
    };
    live(shown).into_any()
}

/// What the invitation says, in these words.
fn about(words: &str, invitation: &Invitation) -> String {
    fill(
        words,
        &[
            ("organization", &invitation.organization),
            ("email", &invitation.email),
            ("role", role_word(invitation.role)),
            ("date", &intl::date_time(&invitation.expires_at)),
        ],
    )
}

/// Password managers keep the password for this address.
fn username(email: String) -> AnyView {
    view! {
        <input
            class="unseen"
            type="email"
            autocomplete="username"
            value=email
            readonly
            tabindex="-1"
            aria-hidden="true"
        />
    }
    .into_any()
}

fn form(path: String, invitation: Invitation) -> AnyView {
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let reset = invitation.reset;
    let path = StoredValue::new(path);
    let accept = move |with_passkey: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        let password = (!with_passkey).then(|| password.get_untracked());
        let form = Accept { name: name.get_untracked(), password };
        spawn_local(async move {
            let answer = api::post::<Me>(&path.get_value(), &form).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(me) => {
                    session::enter(me);
                    // Without a passkey after all, the account asks for a way to come back.
                    let added = with_passkey && add_passkey(w().passkey_default.to_owned()).await;
                    let next = if with_passkey && !added { Route::Account } else { Route::Home };
                    history::replace(&next.path());
                }
                Err(why) => {
                    let _ = fault.try_set(Some(why));
                }
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        accept(false);
    };
    let of = move |name: &'static str| move || fault.with(|fault| fault.as_ref()?.field(name));
    let other = move || {
        let fault = fault.get()?;
        fault.fields.is_empty().then_some(fault.text)
    };
    let (lead, title) = match reset {
        true => (w().reset_lead, w().reset),
        false => (w().invited_lead, w().invited),
    };
    let lead = about(lead, &invitation);
    let secret = About {
        hint: password_hint(),
        kind: "password",
        autocomplete: "new-password",
        required: true,
    };
    let named = About { hint: w().name_hint.to_owned(), autocomplete: "name", ..About::default() };
    let named = (!reset).then(|| field(w().your_name, name, named, of("name")));
    let by_passkey = passkey::possible().then(|| {
        view! {
            <button type="button" class="btn wide" on:click=hear(move |_| accept(true))>
                {w().accept_passkey}
            </button>
            <p class="sub">{w().accept_passkey_hint}</p>
        }
    });
    let content = view! {
        <p>{lead}</p>
        {problem(other)}
        <form on:submit=hear(submit)>
            {username(invitation.email)}
            {named}
            {field(w().password, password, secret, of("password"))}
            <button class="btn primary wide" aria-disabled=move || busy.get().to_string()>
                {w().accept_password}
            </button>
        </form>
        {by_passkey}
    };
    door(title, content)
}
