//! Accepting for an account that is there already: signed in to it, by one press; else by its
//! password, or by a passkey first.

use countersign_shared::admin::account::{Accept, Invitation, Me};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::door;
use super::{about, username};
use crate::browser::api::{self, Fault};
use crate::browser::{history, passkey};
use crate::parts::live::{hear, live};
use crate::parts::{About, field, problem};
use crate::route::Route;
use crate::session::{self, Who};
use crate::words::account::w;

#[derive(Clone, Copy)]
struct Form {
    path: StoredValue<String>,
    password: RwSignal<String>,
    busy: RwSignal<bool>,
    fault: RwSignal<Option<Fault>>,
}

impl Form {
    fn accept(self, password: Option<String>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.fault.set(None);
        let form = Accept { name: String::new(), password };
        spawn_local(async move {
            let answer = api::post::<Me>(&self.path.get_value(), &form).await;
            let _ = self.busy.try_set(false);
            match answer {
                Ok(me) => {
                    session::move_to(me);
                    history::replace(&Route::Home.path());
                }
                Err(why) => {
                    let _ = self.fault.try_set(Some(why));
                }
            }
        });
    }

    fn button(self, act: impl FnMut(leptos::ev::MouseEvent) + 'static) -> AnyView {
        let busy = self.busy;
        view! {
            <button
                type="submit"
                class="btn primary wide"
                aria-disabled=move || busy.get().to_string()
                on:click=hear(act)
            >
                {w().accept}
            </button>
        }
        .into_any()
    }
}

pub fn page(path: String, invitation: Invitation) -> AnyView {
    let form = Form {
        path: StoredValue::new(path),
        password: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        fault: RwSignal::new(None),
    };
    let lead = about(w().invited_lead, &invitation);
    let email = invitation.email.clone();
    // Whoever is signed in to the account has proved that it is theirs.
    let proved = Memo::new(move |_| session::me().is_some_and(|me| me.email == email));
    let shown = move || match proved.get() {
        true => view! {
            <p>{about(w().invited_signed_in, &invitation)}</p>
            {form.button(move |_| form.accept(None))}
        }
        .into_any(),
        false => proving(form, &invitation),
    };
    let fault = move || form.fault.with(|fault| fault.as_ref().map(|fault| fault.text.clone()));
    door(w().invited, view! { <p>{lead}</p> {problem(fault)} {live(shown)} })
}

fn proving(form: Form, invitation: &Invitation) -> AnyView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.accept(Some(form.password.get_untracked()));
    };
    let secret = About {
        kind: "password",
        autocomplete: "current-password",
        required: true,
        ..About::default()
    };
    // Who is signed in to another account would be led past the way in.
    let nobody = || session::who().with(|who| *who == Who::Nobody) && passkey::possible();
    let here = api::encoded(&history::place().get_untracked().path);
    let way_in = format!("{}?next={here}", Route::SignIn.path());
    let by_passkey = move || {
        let way_in = way_in.clone();
        nobody().then(|| {
            view! {
                <a class="btn wide" href=way_in>{w().invited_by_passkey}</a>
                <p class="sub">{w().invited_by_passkey_hint}</p>
            }
        })
    };
    view! {
        <p>{about(w().invited_member, invitation)}</p>
        <form on:submit=hear(submit)>
            {username(invitation.email.clone())}
            {field(w().password, form.password, secret, || None)}
            {form.button(|_| {})}
        </form>
        {live(by_passkey)}
    }
    .into_any()
}
