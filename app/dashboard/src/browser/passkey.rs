//! Passkeys: WebAuthn, with JSON on both ends as the server speaks it.

use wasm_bindgen::JsValue;

use super::js;
use super::window;

/// Whether this browser can make and use passkeys and reads them from JSON.
pub fn possible() -> bool {
    let kind = js::named("PublicKeyCredential");
    js::get(&kind, "parseRequestOptionsFromJSON").is_function()
        && js::get(&kind, "parseCreationOptionsFromJSON").is_function()
}

/// Whether the browser can offer passkeys in the field of the address.
pub async fn offers_in_field() -> bool {
    let kind = js::named("PublicKeyCredential");
    let asked = js::wait(&kind, "isConditionalMediationAvailable", &[]).await;
    possible() && asked.is_ok_and(|yes| yes.is_truthy())
}

/// Makes a passkey. `options` and the answer are JSON; `None` where the person or the browser did
/// not want to.
pub async fn create(options: &str) -> Option<String> {
    ask("parseCreationOptionsFromJSON", "create", options, None, None).await
}

/// Asks for a passkey. In the field of the address where `quiet` is an `AbortController`, which
/// ends the offer.
pub async fn get(options: &str, quiet: Option<&JsValue>) -> Option<String> {
    let mediation = quiet.map(|_| "conditional");
    ask("parseRequestOptionsFromJSON", "get", options, mediation, quiet).await
}

async fn ask(
    parse: &str,
    verb: &str,
    options: &str,
    mediation: Option<&str>,
    quiet: Option<&JsValue>,
) -> Option<String> {
    let options = js_sys::JSON::parse(options).ok()?;
    // webauthn-rs wraps what the browser wants; a mediation beside it is the server's wish.
    let inner = js::get(&options, "publicKey");
    let inner = if inner.is_object() { inner } else { options };
    let parsed = js::call(&js::named("PublicKeyCredential"), parse, &[inner]).ok()?;
    let request = js::object(&[("publicKey", parsed)]);
    if let Some(mediation) = mediation {
        js::set(&request, "mediation", &mediation.into());
    }
    if let Some(quiet) = quiet {
        js::set(&request, "signal", &js::get(quiet, "signal"));
    }
    let credentials = js::get(&JsValue::from(window().navigator()), "credentials");
    let credential = js::wait(&credentials, verb, &[request]).await.ok()?;
    let json = js::call(&credential, "toJSON", &[]).ok()?;
    js_sys::JSON::stringify(&json).ok()?.as_string()
}
