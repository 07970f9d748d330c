//! Changing or setting the password.

use countersign_shared::admin::account::{Me, Profile};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::invitation::password_hint;
use crate::browser::api::{self, Fault};
use crate::parts::live::{hear, live};
use crate::parts::{About, card as boxed, field, problem};
use crate::session;
use crate::words::account::w;

pub fn card(me: &Me) -> AnyView {
    let has = RwSignal::new(me.has_password);
    let (present, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let fault = RwSignal::new(None::<Fault>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fault.set(None);
        let change = Profile {
            name: None,
            time_zone: None,
            locale: None,
            password: Some(new.get_untracked()),
            present_password: has.get_untracked().then(|| present.get_untracked()),
        };
        spawn_local(async move {
            match api::send::<Me>("PATCH", &api::admin("session"), &change).await {
                Ok(me) => {
                    let _ = has.try_set(me.has_password);
                    let _ = present.try_set(String::new());
                    let _ = new.try_set(String::new());
                    session::enter(me);
                    session::say(w().password_changed);
                }
                Err(why) => {
                    let _ = fault.try_set(Some(why));
                }
            }
        });
    };
    let of = move |name: &'static str| move || fault.with(|fault| fault.as_ref()?.field(name));
    let other = move || fault.get().filter(|fault| fault.fields.is_empty()).map(|fault| fault.text);
    let secret =
        |autocomplete, hint| About { hint, kind: "password", autocomplete, required: true };
    let title = move || if has.get() { w().change_password } else { w().set_password };
    let before = move || {
        let about = secret("current-password", String::new());
        has.get().then(|| field(w().present_password, present, about, of("present_password")))
    };
    let email = me.email.clone();
    let content = view! {
        <form class="form" on:submit=hear(submit)>
            {problem(other)}
            <input
                class="unseen"
                type="email"
                autocomplete="username"
                value=email
                readonly
                tabindex="-1"
                aria-hidden="true"
            />
            {live(before)}
            {field(w().new_password, new, secret("new-password", password_hint()), of("password"))}
            <div><button class="btn primary">{live(title)}</button></div>
        </form>
    };
    boxed(live(title), 6, content)
}
