//! Tells the server that the widget was seen, that somebody began, or passed it on: numbers, and
//! nothing that tells one browser from another. Whoever asked not to be tracked is not even counted.

use std::rc::Rc;

use countersign_shared::routes;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::app::App;
use super::{js, outbox};

/// So much of the widget is in sight when it is seen.
const HALF: f64 = 0.5;

/// The widget came into sight. Once a view of the page.
pub const SEEN: &str = "seen";
/// Something was typed. Once a view of the page.
pub const STARTED: &str = "started";
/// A way to pass the campaign on was used.
pub const SHARED: &str = "shared";

/// Tells of it once a view of the page and campaign. Noted on the page, not in the widget: one that is
/// mounted again, or twice, tells once.
pub fn once(app: &App, kind: &str) {
    let told = ["countersign:", kind, ":", &app.state.campaign.slug].concat();
    let page = js::global();
    if !js::truthy(&page, &told) {
        js::set(&page, &told, &JsValue::TRUE);
        tell(app, kind);
    }
}

/// Tells of it. Nobody waits for the answer, and the page may go meanwhile. A text is sent across
/// origins without a question before it, unless it carries a token.
pub fn tell(app: &App, kind: &str) {
    if refuses() {
        return;
    }
    let body =
        js::object(&[("kind", kind.into()), ("source", outbox::source_json(&outbox::source()))]);
    let body = js::call(&js::named("JSON"), "stringify", &[body]).unwrap_or_default();
    let init = js::object(&[
        ("method", "POST".into()),
        ("credentials", "omit".into()),
        ("keepalive", true.into()),
        ("headers", app.with_token(js::object(&[]))),
        ("body", body),
    ]);
    let url = app.url(&routes::events(&app.state.campaign.slug));
    if let Ok(sent) = js::call(&js::global(), "fetch", &[url.into(), init]) {
        js::let_go(sent);
    }
}

/// Do Not Track, or Global Privacy Control.
fn refuses() -> bool {
    let navigator = js::named("navigator");
    js::truthy(&navigator, "globalPrivacyControl") || js::get(&navigator, "doNotTrack") == "1"
}

/// Watches whether the widget comes into sight, for as long as this lives.
pub struct Sight {
    observer: JsValue,
    _heard: Closure<dyn FnMut(JsValue)>,
}

/// Tells when half of the widget is on the screen.
pub fn watch(app: &Rc<App>) -> Option<Sight> {
    let weak = Rc::downgrade(app);
    let heard = Closure::wrap(Box::new(move |entries: JsValue| {
        let Some(app) = weak.upgrade() else { return };
        let last = js::call(&entries, "pop", &[]).unwrap_or_default();
        let seen = js::get(&last, "intersectionRatio").as_f64();
        if seen.is_some_and(|part| part >= HALF) {
            once(&app, SEEN);
        }
    }) as Box<dyn FnMut(JsValue)>);
    let options = js::object(&[("threshold", HALF.into())]);
    let args = [heard.as_ref().clone(), options];
    let observer = js::construct(&js::global(), "IntersectionObserver", &args).ok()?;
    let _ = js::call(&observer, "observe", std::slice::from_ref(&app.root));
    Some(Sight { observer, _heard: heard })
}

impl Drop for Sight {
    fn drop(&mut self) {
        let _ = js::call(&self.observer, "disconnect", &[]);
    }
}
