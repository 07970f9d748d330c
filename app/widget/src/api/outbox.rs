//! A pledge on its way: checked, sent, and kept until the server has it.
//!
//! One body has one Idempotency-Key for as long as it is the same body: a second click, a lost
//! answer and a return of the network all send the same pledge again, and it counts once.

mod send;

use std::rc::Rc;

use countersign_shared::PledgeForm;
use countersign_shared::pledge::{Consents, Source};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::app::App;
use super::js::{self, Timer};
use crate::form::Phase;

pub use send::go_on;

/// What waits to be taken by the server.
#[derive(Default)]
pub struct Outbox {
    /// The body, as JSON.
    body: String,
    /// The Idempotency-Key of that body.
    key: String,
    /// Whom to thank.
    name: String,
    /// How often it was tried in vain.
    tries: u32,
    /// Counts the seconds down.
    clock: Option<Timer>,
}

/// Checks what was typed, shows everything that is wrong with it at once, or sends it.
pub fn submit(app: &Rc<App>) {
    let waiting = app
        .ui
        .form
        .with_untracked(|form| form.busy() || (form.phase == Phase::Limited && form.wait > 0));
    if waiting {
        return;
    }
    let typed = typed(app);
    match typed.parse(app.state.campaign.fields) {
        Ok(_) => {
            load(app, &typed);
            send::send(app);
        }
        Err(errors) => {
            let errors = errors.into_iter().map(|error| (error.field, error.code)).collect();
            refuse(app, errors);
        }
    }
}

/// What stands in the form now.
pub fn typed(app: &App) -> PledgeForm {
    let form = js::find(&app.root, "form").unwrap_or(JsValue::UNDEFINED);
    let data = js::construct(&js::global(), "FormData", &[form]).unwrap_or(JsValue::UNDEFINED);
    let value = |name: &str| {
        let value = js::call(&data, "get", &[name.into()]).ok()?.as_string()?;
        (!value.is_empty()).then_some(value)
    };
    PledgeForm {
        name: value("name").unwrap_or_default(),
        email: value("email").unwrap_or_default(),
        country: value("country").unwrap_or_default(),
        locale: app.ui.words.with_untracked(|words| words.locale.clone()),
        public_name: value("public_name").is_some(),
        message: value("message"),
        consents: Consents { updates: value("updates").is_some() },
        source: source(),
        website: value("website"),
        rendered: value("rendered"),
    }
}

/// Where the person came from: the three UTM values of the page, and the host that led there.
pub fn source() -> Source {
    let search = js::get(&js::named("location"), "search");
    let query = js::construct(&js::global(), "URLSearchParams", &[search]);
    let query = query.unwrap_or(JsValue::UNDEFINED);
    let utm = |name: &str| {
        let value = js::call(&query, "get", &[name.into()]).ok()?.as_string()?;
        let short: String = value.chars().take(100).collect();
        (!short.is_empty()).then_some(short)
    };
    let referrer = js::get(&js::named("document"), "referrer");
    let referrer = js::construct(&js::global(), "URL", &[referrer]).ok();
    Source {
        utm_source: utm("utm_source"),
        utm_medium: utm("utm_medium"),
        utm_campaign: utm("utm_campaign"),
        referrer: referrer.and_then(|url| js::text(&url, "hostname")),
    }
}

/// Shows what is wrong and takes the person to the first of it.
fn refuse(app: &App, errors: Vec<(String, String)>) {
    let first = errors.first().map(|(field, _)| field.clone());
    app.ui.form.update(|form| {
        form.phase = Phase::Ready;
        form.problem = None;
        form.errors = errors;
    });
    let selector = first.map(|field| ["[name=\"", &field, "\"]"].concat());
    if let Some(input) = selector.and_then(|selector| js::find(&app.root, &selector)) {
        let _ = js::call(&input, "focus", &[]);
    }
}

/// Puts a pledge into the outbox, with a new key unless it is the one that is there already.
fn load(app: &App, form: &PledgeForm) {
    let body = json(form);
    let mut outbox = app.outbox.borrow_mut();
    if outbox.body != body {
        let key = js::call(&js::named("crypto"), "randomUUID", &[]);
        // Insecure pages have no randomUUID; a random number of 104 bits does as well.
        outbox.key = key.ok().and_then(|key| key.as_string()).unwrap_or_else(|| {
            [js::random(), js::random()].map(|part| part.to_bits().to_string()).concat()
        });
        outbox.body = body;
    }
    outbox.name = form.name.trim().to_owned();
    outbox.tries = 0;
}

fn maybe(value: &Option<String>) -> JsValue {
    value.as_deref().map_or(JsValue::UNDEFINED, JsValue::from)
}

/// A source as the API has it.
pub fn source_json(source: &Source) -> JsValue {
    js::object(&[
        ("utm_source", maybe(&source.utm_source)),
        ("utm_medium", maybe(&source.utm_medium)),
        ("utm_campaign", maybe(&source.utm_campaign)),
        ("referrer", maybe(&source.referrer)),
    ])
}

fn json(form: &PledgeForm) -> String {
    let body = js::object(&[
        ("name", form.name.as_str().into()),
        ("email", form.email.as_str().into()),
        ("country", form.country.as_str().into()),
        ("locale", form.locale.as_str().into()),
        ("public_name", form.public_name.into()),
        ("message", maybe(&form.message)),
        ("consents", js::object(&[("updates", form.consents.updates.into())])),
        ("source", source_json(&form.source)),
        ("website", maybe(&form.website)),
        ("rendered", maybe(&form.rendered)),
    ]);
    js_sys::JSON::stringify(&body).map(String::from).unwrap_or_default()
}

/// Empties the outbox: the next pledge is another one.
pub fn forget(app: &App) {
    app.outbox.replace(Outbox::default());
}

/// The network is back: what was kept is sent, with the key it had.
pub fn network(app: &Rc<App>) {
    let kept =
        app.ui.form.with_untracked(|form| matches!(form.phase, Phase::Offline | Phase::Retrying));
    if kept {
        send::send(app);
    }
}
