//! The way in: by password, or by a passkey.

use countersign_shared::admin::account::{Me, SignIn};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::door;
use crate::browser::api::{self, Fault};
use crate::browser::{js, passkey};
use crate::parts::live::hear;
use crate::parts::{About, field, problem};
use crate::session;
use crate::words::account::w;

pub fn page() -> AnyView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, fault) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let quiet = offer_in_field(fault);
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
                    let _ = fault.try_set(Some(why.text));
                }
            }
        });
    };
    let with_passkey = move |_| {
        // A browser asks for one passkey at a time: the quiet offer gives way.
        quiet.with_value(|quiet| {
            let _ = js::call(quiet, "abort", &[]);
        });
        fault.set(None);
        spawn_local(async move {
            match ask(None).await {
                Ok(Some(me)) => session::enter(me),
                Ok(None) => {
                    let _ = fault.try_set(Some(w().passkey_cancelled.to_owned()));
                }
                Err(why) => {
                    let _ = fault.try_set(Some(why.text));
                }
            }
        });
    };
    let about =
        |kind, autocomplete| About { kind, autocomplete, required: true, ..About::default() };
    let nothing = || None;
    let content = view! {
        <p class="sub">{w().sign_in_lead}</p>
        {(!secure()).then(|| view! { <p class="problem" role="status">{w().insecure}</p> })}
        {problem(move || fault.get())}
        <form on:submit=hear(submit)>
            {field(w().email, email, about("email", "username webauthn"), nothing)}
            {field(w().password, password, about("password", "current-password"), nothing)}
            <button class="btn primary wide" aria-disabled=move || busy.get().to_string()>
                {w().sign_in}
            </button>
        </form>
        {passkey::possible().then(|| view! {
            <button type="button" class="btn wide" on:click=hear(with_passkey)>
                {w().passkey_sign_in}
            </button>
        })}
        <p class="sub">{w().forgot}</p>
    };
    door(w().sign_in, content)
}

/// Whether the browser keeps our cookie, which is for secure connections only.
fn secure() -> bool {
    js::get(&js_sys::global(), "isSecureContext").is_truthy()
}

/// Offers passkeys in the field of the address, where the browser can. Gives what ends the offer,
/// as leaving the page does.
fn offer_in_field(fault: RwSignal<Option<String>>) -> StoredValue<JsValue, LocalStorage> {
    let made = js::construct(&js_sys::global(), "AbortController", &[]);
    let quiet = made.unwrap_or(JsValue::UNDEFINED);
    let held = quiet.clone();
    spawn_local(async move {
        if !passkey::offers_in_field().await {
            return;
        }
        match ask(Some(&held)).await {
            Ok(Some(me)) => session::enter(me),
            // Nobody chose one; or the server cannot have passkeys, which the button will say.
            Ok(None) => {}
            Err(why) if why.code == "passkey_refused" => {
                let _ = fault.try_set(Some(why.text));
            }
            Err(_) => {}
        }
    });
    let guard = EndsOffer(quiet.clone());
    StoredValue::new_local(guard);
    StoredValue::new_local(quiet)
}

/// Ends the quiet offer with the page.
struct EndsOffer(JsValue);

impl Drop for EndsOffer {
    fn drop(&mut self) {
        let _ = js::call(&self.0, "abort", &[]);
    }
}

/// Asks the server what to ask for, the person for a passkey, and the server whether it is right.
async fn ask(quiet: Option<&JsValue>) -> Result<Option<Me>, Fault> {
    let options = api::ask("POST", &api::admin("session/passkey/begin"), None).await?;
    let Some(credential) = passkey::get(&options, quiet).await else { return Ok(None) };
    let credential: Value =
        serde_json::from_str(&credential).map_err(|_| Fault::new(0, w().passkey_cancelled))?;
    api::post::<Me>(&api::admin("session/passkey"), &credential).await.map(Some)
}
