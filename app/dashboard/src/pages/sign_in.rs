//! The way in, by password.

use countersign_shared::admin::account::{Me, SignIn};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::api::{self, Fault};
use crate::parts::{About, field, heading, problem};
use crate::session;
use crate::words::account::w;
use crate::words::shell;

pub fn page() -> AnyView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<Fault>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fault.set(None);
        spawn_local(async move {
            let form = SignIn { email: email.get_untracked(), password: password.get_untracked() };
            let answer = api::post::<Me>(&api::admin("session"), &form).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(me) => session::enter(me),
                Err(why) => {
                    let _ = fault.try_set(Some(why));
                }
            }
        });
    };
    let about =
        |kind, autocomplete| About { kind, autocomplete, required: true, ..About::default() };
    let nothing = || None;
    view! {
        <main class="door" id="main">
            <p class="brand">{shell::w().product}</p>
            {heading(w().sign_in)}
            <p class="sub">{w().sign_in_lead}</p>
            {problem(move || fault.get().map(|fault| fault.text))}
            <form on:submit=submit>
                {field(w().email, email, about("email", "username webauthn"), nothing)}
                {field(w().password, password, about("password", "current-password"), nothing)}
                <button class="btn primary wide" aria-disabled=move || busy.get().to_string()>
                    {w().sign_in}
                </button>
            </form>
            <p class="sub">{w().forgot}</p>
        </main>
    }
    .into_any()
}
