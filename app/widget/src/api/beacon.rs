//! Tells the server that the widget was seen, that somebody began, or passed it on: numbers, and
//! nothing that tells one browser from another. Whoever asked not to be tracked is not even counted.

use std::cell::RefCell;
use std::rc::Rc;

use countersign_shared::routes;
use js_sys::{Array, JSON};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::app::App;
use super::{js, outbox};

/// The widget came into sight. Once a view of the page.
pub const SEEN: &str = "seen";
/// Something was typed. Once a view of the page.
pub const STARTED: &str = "started";
/// A way to pass the campaign on was used.
pub const SHARED: &str = "shared";

thread_local! {
    /// What this view of the page has told: a widget that is mounted again, or twice, tells once.
    static TOLD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Tells of it once a view of the page and campaign.
pub fn once(app: &App, kind: &str) {
    let what = [kind, &app.state.campaign.slug].concat();
    let first = TOLD.with_borrow_mut(|told| {
        let first = !told.contains(&what);
        if first {
            told.push(what);
        }
        first
    });
    if first {
        tell(app, kind);
    }
}

/// Tells of it. Nobody waits for the answer, and the page may go meanwhile. A text is sent across
/// origins without a question before it.
pub fn tell(app: &App, kind: &str) {
    if refuses() {
        return;
    }
    let body =
        js::object(&[("kind", kind.into()), ("source", outbox::source_json(&outbox::source()))]);
    let body = JSON::stringify(&body).map(JsValue::from).unwrap_or_default();
    let init = js::object(&[
        ("method", "POST".into()),
        ("credentials", "omit".into()),
        ("keepalive", true.into()),
        ("body", body),
    ]);
    if let Some(token) = &app.state.embed_token {
        let token = js::object(&[("countersign-embed-token", token.as_str().into())]);
        js::set(&init, "headers", &token);
    }
    let url = app.url(&routes::events(&app.state.campaign.slug));
    if let Ok(sent) = js::call(&js::global(), "fetch", &[url.into(), init]) {
        spawn_local(async move {
            let _ = JsFuture::from(js_sys::Promise::from(sent)).await;
        });
    }
}

/// Do Not Track, or Global Privacy Control.
fn refuses() -> bool {
    let navigator = js::named("navigator");
    js::truthy(&navigator, "globalPrivacyControl")
        || js::text(&navigator, "doNotTrack").is_some_and(|wish| wish == "1")
}

/// Watches whether the widget comes into sight, for as long as this lives.
pub struct Sight {
    observer: JsValue,
    _heard: Closure<dyn FnMut(JsValue)>,
}

/// Tells when half of the widget is on the screen, or it fills half of the screen.
pub fn watch(app: &Rc<App>) -> Option<Sight> {
    let weak = Rc::downgrade(app);
    let heard = Closure::wrap(Box::new(move |entries: JsValue| {
        let Some(app) = weak.upgrade() else { return };
        let last = Array::from(&entries).pop();
        let of = |target: &JsValue, key| js::get(target, key).as_f64().unwrap_or(0.0);
        let height = of(&js::get(&last, "intersectionRect"), "height");
        if of(&last, "intersectionRatio") >= 0.5 || height * 2.0 >= of(&js::global(), "innerHeight")
        {
            once(&app, SEEN);
            // Not dropped here: this is called from inside of it.
            if let Some(sight) = &*app.sight.borrow() {
                let _ = js::call(&sight.observer, "disconnect", &[]);
            }
        }
    }) as Box<dyn FnMut(JsValue)>);
    // Heard of at each tenth.
    let tenths = Array::from_iter((1..10).map(|tenth| JsValue::from(f64::from(tenth) / 10.0)));
    let options = js::object(&[("threshold", tenths.into())]);
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
