//! The few ways into the browser that the widget needs, by name.
//!
//! A typed binding costs glue for each function; these few serve for all of them.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// A property, or undefined.
pub fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

pub fn set(target: &JsValue, key: &str, value: &JsValue) {
    // Fails only on what is no object; all callers pass objects.
    let _ = Reflect::set(target, &key.into(), value);
}

/// A property that is a text and not empty.
pub fn text(target: &JsValue, key: &str) -> Option<String> {
    get(target, key).as_string().filter(|text| !text.is_empty())
}

/// A whole number that is not negative.
pub fn number(target: &JsValue, key: &str) -> Option<u64> {
    get(target, key).as_f64().map(|n| n as u64)
}

pub fn truthy(target: &JsValue, key: &str) -> bool {
    get(target, key).is_truthy()
}

pub fn call(target: &JsValue, name: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = get(target, name).dyn_into()?;
    Reflect::apply(&function, target, &Array::from_iter(args))
}

/// `new name(…args)` of a constructor that `home` holds.
pub fn construct(home: &JsValue, name: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let constructor: Function = get(home, name).dyn_into()?;
    Reflect::construct(&constructor, &Array::from_iter(args))
}

/// An object of these properties.
pub fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = JsValue::from(js_sys::Object::new());
    for (key, value) in entries {
        set(&object, key, value);
    }
    object
}

pub fn global() -> JsValue {
    js_sys::global().into()
}

/// A global object, such as `document`.
pub fn named(name: &str) -> JsValue {
    get(&global(), name)
}

/// The first element inside that matches.
pub fn find(root: &JsValue, selector: &str) -> Option<JsValue> {
    call(root, "querySelector", &[selector.into()]).ok().filter(JsValue::is_truthy)
}

/// Lets a promise go its way. That it fails is nobody's concern.
pub fn let_go(promise: JsValue) {
    wasm_bindgen_futures::spawn_local(async move {
        let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(promise)).await;
    });
}

/// Milliseconds since the page began, never set back.
pub fn now() -> f64 {
    call(&named("performance"), "now", &[]).ok().and_then(|now| now.as_f64()).unwrap_or(0.0)
}

/// From 0 to 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}

type Heard = Closure<dyn FnMut(JsValue)>;

/// Hears an event for as long as this lives.
pub struct Listener {
    target: JsValue,
    kind: &'static str,
    heard: Heard,
}

impl Listener {
    pub fn new(target: &JsValue, kind: &'static str, hear: impl FnMut(JsValue) + 'static) -> Self {
        let heard = Closure::wrap(Box::new(hear) as Box<dyn FnMut(JsValue)>);
        let _ = call(target, "addEventListener", &[kind.into(), heard.as_ref().clone()]);
        Self { target: target.clone(), kind, heard }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let args = [self.kind.into(), self.heard.as_ref().clone()];
        let _ = call(&self.target, "removeEventListener", &args);
    }
}

/// Runs something later, or again and again, for as long as this lives.
pub struct Timer {
    id: JsValue,
    stop: &'static str,
    _run: Heard,
}

impl Timer {
    /// Once, after so many milliseconds.
    pub fn after(ms: f64, run: impl FnMut(JsValue) + 'static) -> Self {
        Self::start("setTimeout", "clearTimeout", ms, Box::new(run))
    }

    /// Every so many milliseconds.
    pub fn every(ms: f64, run: impl FnMut(JsValue) + 'static) -> Self {
        Self::start("setInterval", "clearInterval", ms, Box::new(run))
    }

    /// Once, before the next paint; takes the time in milliseconds.
    pub fn paint(run: impl FnMut(JsValue) + 'static) -> Self {
        Self::start("requestAnimationFrame", "cancelAnimationFrame", 0.0, Box::new(run))
    }

    fn start(begin: &str, stop: &'static str, ms: f64, run: Box<dyn FnMut(JsValue)>) -> Self {
        let run = Closure::wrap(run);
        let args = [run.as_ref().clone(), ms.into()];
        let id = call(&global(), begin, &args).unwrap_or(JsValue::UNDEFINED);
        Self { id, stop, _run: run }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let _ = call(&global(), self.stop, std::slice::from_ref(&self.id));
    }
}
