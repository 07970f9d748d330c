//! Untyped ways into the browser, where typed bindings would only cost size.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property, or undefined.
pub fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

pub fn set(target: &JsValue, key: &str, value: &JsValue) {
    // Fails only on what is no object; all callers pass objects.
    let _ = Reflect::set(target, &key.into(), value);
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

/// The number that a text says, as JavaScript reads it: one that can be reckoned with.
pub fn number(text: &str) -> Option<f64> {
    let said = text.trim();
    let number = call(&js_sys::global(), "Number", &[said.into()]).ok()?.as_f64()?;
    (!said.is_empty() && number.is_finite()).then_some(number)
}

/// A number as JavaScript spells it.
pub fn number_text(number: f64) -> String {
    let text = call(&js_sys::global(), "String", &[number.into()]);
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// An object of these properties.
pub fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = JsValue::from(js_sys::Object::new());
    for (key, value) in entries {
        set(&object, key, value);
    }
    object
}

/// A global object, such as `Intl`.
pub fn named(name: &str) -> JsValue {
    get(&js_sys::global(), name)
}

/// Calls a method that gives a promise, and waits for it.
pub async fn wait(target: &JsValue, name: &str, args: &[JsValue]) -> Result<JsValue, JsValue> {
    let promise = call(target, name, args)?;
    JsFuture::from(js_sys::Promise::resolve(&promise)).await
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
    pub fn after(ms: u32, run: impl FnMut(JsValue) + 'static) -> Self {
        Self::start("setTimeout", "clearTimeout", ms, Box::new(run))
    }

    /// Every so many milliseconds.
    pub fn every(ms: u32, run: impl FnMut(JsValue) + 'static) -> Self {
        Self::start("setInterval", "clearInterval", ms, Box::new(run))
    }

    fn start(begin: &str, stop: &'static str, ms: u32, run: Box<dyn FnMut(JsValue)>) -> Self {
        let run = Closure::wrap(run);
        let args = [run.as_ref().clone(), ms.into()];
        let id = call(&js_sys::global(), begin, &args).unwrap_or(JsValue::UNDEFINED);
        Self { id, stop, _run: run }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let _ = call(&js_sys::global(), self.stop, std::slice::from_ref(&self.id));
    }
}
