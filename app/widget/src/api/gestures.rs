//! What a person does, heard in one place.

use std::rc::Rc;

use countersign_shared::suggest::did_you_mean;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::app::App;
use super::js::{self, Listener};
use super::{beacon, language, outbox, share};

/// Hears everything that happens inside the widget.
pub fn hear(app: &Rc<App>) {
    let ears = [
        ear(app, "click", clicked),
        ear(app, "submit", |app, event| {
            let _ = js::call(event, "preventDefault", &[]);
            outbox::submit(app);
        }),
        ear(app, "focusout", left),
        ear(app, "input", typed),
        ear(app, "keydown", |app, event| {
            if js::text(event, "key").as_deref() == Some("Escape") {
                language::fold(app);
            }
        }),
    ];
    app.ears.borrow_mut().extend(ears);
}

fn ear(app: &Rc<App>, kind: &'static str, hear: fn(&Rc<App>, &JsValue)) -> Listener {
    let weak = Rc::downgrade(app);
    Listener::new(&app.root, kind, move |event| {
        if let Some(app) = weak.upgrade() {
            hear(&app, &event);
        }
    })
}

fn clicked(app: &Rc<App>, event: &JsValue) {
    let target = js::get(event, "target");
    let Ok(element) = js::call(&target, "closest", &["[data-do]".into()]) else { return };
    let Some(what) = js::text(&js::get(&element, "dataset"), "do") else { return };
    let stay = || {
        let _ = js::call(event, "preventDefault", &[]);
    };
    if matches!(what.as_str(), "share" | "copy" | "pass") {
        beacon::tell(app, beacon::SHARED);
    }
    // "pass" is a link, which the browser follows.
    match what.as_str() {
        "pause" => app.pause(),
        "suggest" => take_suggestion(app),
        "share" => share::share(app),
        "copy" => share::copy(app),
        // Not left to the submit event: a frame that may run script but not send forms, as content
        // systems make it, gets none. Enter in a field clicks this button, too.
        "sign" => {
            stay();
            outbox::submit(app);
        }
        "again" => {
            stay();
            again(app);
        }
        "language" => {
            stay();
            language::fold(app);
            language::switch(app, js::text(&element, "lang").unwrap_or_default());
        }
        _ => {}
    }
}

/// A field was left: the moment to say that an address looks mistyped.
fn left(app: &Rc<App>, event: &JsValue) {
    let target = js::get(event, "target");
    if js::text(&target, "name").as_deref() != Some("email") {
        return;
    }
    let suggestion = js::text(&target, "value").and_then(|value| did_you_mean(&value));
    if app.ui.form.with_untracked(|form| form.suggestion == suggestion) {
        return;
    }
    if let Some(email) = &suggestion {
        app.ui.spoken.set(app.ui.words.with_untracked(|w| w.with("did-you-mean", "email", email)));
    }
    app.ui.form.update(|form| form.suggestion = suggestion);
}

/// Somebody begins. A field with an error is looked at again with every key, so that the error goes when it should.
fn typed(app: &Rc<App>, event: &JsValue) {
    beacon::once(app, beacon::STARTED);
    let Some(name) = js::text(&js::get(event, "target"), "name") else { return };
    if app.ui.form.with_untracked(|form| form.error(&name).is_none()) {
        return;
    }
    let errors = outbox::typed(app).parse(app.state.campaign.fields).err().unwrap_or_default();
    let code = errors.into_iter().find(|error| error.field == name).map(|error| error.code);
    app.ui.form.update(|form| {
        form.errors.retain_mut(|(field, shown)| {
            *field != name || code.clone().map(|code| *shown = code).is_some()
        });
    });
}

fn take_suggestion(app: &Rc<App>) {
    let Some(email) = app.ui.form.with_untracked(|form| form.suggestion.clone()) else { return };
    app.ui.form.update(|form| {
        form.suggestion = None;
        form.errors.retain(|(field, _)| field != "email");
    });
    if let Some(input) = js::find(&app.root, "[name=email]") {
        js::set(&input, "value", &email.into());
        let _ = js::call(&input, "focus", &[]);
    }
}

/// Someone else signs on this device: an empty form, a new key.
fn again(app: &Rc<App>) {
    outbox::forget(app);
    // Not reset(): that would bring back what a form without script was posted with. The country
    // stays: people sign together.
    for name in ["name", "email", "message", "public_name", "updates"] {
        if let Some(input) = js::find(&app.root, &["[name=", name, "]"].concat()) {
            let (key, empty) = match js::text(&input, "type").as_deref() {
                Some("checkbox") => ("checked", JsValue::FALSE),
                _ => ("value", "".into()),
            };
            js::set(&input, key, &empty);
        }
    }
    app.ui.form.update(|form| {
        form.signed = None;
        form.errors.clear();
        form.problem = None;
    });
    let app = Rc::clone(app);
    // The form shows only after this turn.
    wasm_bindgen_futures::spawn_local(async move {
        leptos::task::tick().await;
        if let Some(input) = js::find(&app.root, "[name=name]") {
            let _ = js::call(&input, "focus", &[]);
        }
    });
}
