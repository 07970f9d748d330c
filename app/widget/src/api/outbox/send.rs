//! Sending what the outbox holds, and what follows from the answer.

use std::rc::Rc;

use countersign_shared::routes;
use countersign_shared::widget::Signed;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::super::app::App;
use super::super::decode;
use super::super::fetch::{self, Answer};
use super::super::js::{self, Timer};
use super::refuse;
use crate::form::Phase;

/// After so many tries in vain the person decides.
const TRIES: u32 = 6;

/// Sends the pledge that the outbox holds.
pub fn send(app: &Rc<App>) {
    app.outbox.borrow_mut().clock = None;
    app.ui.form.update(|form| {
        form.phase = Phase::Sending;
        form.ticking = false;
        form.problem = None;
        form.errors.clear();
        form.suggestion = None;
    });
    let app = Rc::clone(app);
    spawn_local(async move {
        let init = request(&app);
        let path = routes::pledges(&app.state.campaign.slug);
        let answer = fetch::json(&app, &path, &init).await;
        if !app.gone() {
            settle(&app, answer);
        }
    });
}

fn request(app: &App) -> JsValue {
    let outbox = app.outbox.borrow();
    let headers = js::object(&[
        ("content-type", "application/json".into()),
        ("idempotency-key", outbox.key.as_str().into()),
    ]);
    js::object(&[
        ("method", "POST".into()),
        ("headers", app.with_token(headers)),
        ("body", outbox.body.as_str().into()),
    ])
}

fn settle(app: &Rc<App>, answer: Result<Answer, JsValue>) {
    let Ok(Answer { status, json, retry_after }) = answer else {
        let online = js::get(&js::named("navigator"), "onLine").as_bool() != Some(false);
        return if online { retry(app, None, "unavailable") } else { keep(app) };
    };
    if status == 200 || status == 201 {
        return thank(app, &json);
    }
    let code = js::text(&json, "code").unwrap_or_else(|| "internal".to_owned());
    match status {
        429 => limited(app, retry_after.or(js::number(&json, "retry_after")).unwrap_or(30)),
        409 | 500.. => retry(app, retry_after, &code),
        _ => {
            let errors = decode::field_errors(&json, "fields");
            let errors: Vec<_> =
                errors.into_iter().map(|error| (error.field, error.code)).collect();
            if errors.is_empty() {
                give_up(app, &code);
            } else {
                refuse(app, errors);
            }
        }
    }
    app.emit("pledge:error", js::object(&[("code", code.as_str().into())]));
}

fn thank(app: &Rc<App>, json: &JsValue) {
    let name = app.outbox.borrow().name.clone();
    let signed =
        Signed { name, number: js::number(json, "number"), receipt: js::text(json, "receipt") };
    super::forget(app);
    let detail = js::object(&[
        ("campaign", app.state.campaign.slug.as_str().into()),
        ("number", js::get(json, "number")),
        ("receipt", js::get(json, "receipt")),
    ]);
    app.ui.form.update(|form| {
        form.phase = Phase::Ready;
        form.signed = Some(signed);
        form.copied = false;
    });
    app.resume();
    let totals = js::get(json, "totals");
    if totals.is_object() {
        app.totals(&decode::totals(&totals), &totals);
    }
    // Before the form goes: a browser that loses the focus starts again at the top of the page.
    if let Some(heading) = js::find(&app.root, "h2") {
        let _ = js::call(&heading, "focus", &[]);
    }
    app.emit("pledge:signed", detail);
}

/// No network: kept until there is one.
fn keep(app: &App) {
    app.ui.form.update(|form| form.phase = Phase::Offline);
}

/// Too much from this address: the person may try when the wait is over.
fn limited(app: &Rc<App>, seconds: u64) {
    count_down(app, Phase::Limited, seconds.max(1));
}

/// The server is busy or the way to it broken: tried again by itself, ever more slowly.
fn retry(app: &Rc<App>, after: Option<u64>, code: &str) {
    let tries = {
        let mut outbox = app.outbox.borrow_mut();
        outbox.tries += 1;
        outbox.tries
    };
    if tries >= TRIES {
        return give_up(app, code);
    }
    // Spread, so that all who wait do not come back at once.
    let own = f64::from(1 << tries) * (0.75 + js::random() / 2.0);
    count_down(app, Phase::Retrying, after.unwrap_or(0).max(own as u64).clamp(1, 60));
}

fn give_up(app: &App, code: &str) {
    let code = Some(code.to_owned());
    app.ui.form.update(|form| {
        (form.phase, form.problem, form.ticking) = (Phase::Ready, code, false);
    });
}

/// Lets the seconds run that the server painted for a form without script.
pub fn go_on(app: &Rc<App>) {
    let (phase, wait) = app.ui.form.with_untracked(|form| (form.phase, form.wait));
    if phase == Phase::Limited && wait > 0 {
        count_down(app, phase, wait);
    }
}

fn count_down(app: &Rc<App>, phase: Phase, seconds: u64) {
    app.ui.form.update(|form| (form.phase, form.wait, form.ticking) = (phase, seconds, false));
    let weak = Rc::downgrade(app);
    let clock = Timer::every(1000.0, move |_| {
        if let Some(app) = weak.upgrade() {
            tick(&app);
        }
    });
    app.outbox.borrow_mut().clock = Some(clock);
}

fn tick(app: &Rc<App>) {
    let mut phase = Phase::Ready;
    app.ui.form.update(|form| {
        form.wait = form.wait.saturating_sub(1);
        form.ticking = true;
        phase = if form.wait == 0 { form.phase } else { Phase::Ready };
        if form.wait == 0 && form.phase == Phase::Limited {
            form.phase = Phase::Ready;
        }
    });
    match phase {
        Phase::Retrying => send(app),
        Phase::Limited => app.outbox.borrow_mut().clock = None,
        _ => {}
    }
}
