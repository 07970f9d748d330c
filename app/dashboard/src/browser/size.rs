//! How wide an element is, whenever that changes.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::js;

/// Watches an element for as long as it lives.
pub struct Sizer {
    observer: JsValue,
    _hear: Closure<dyn FnMut(JsValue)>,
}

impl Sizer {
    pub fn new(element: &web_sys::Element, hear: impl Fn(f64) + 'static) -> Self {
        let hear = Closure::wrap(Box::new(move |entries: JsValue| {
            let entries: js_sys::Array = entries.unchecked_into();
            let area = js::get(&entries.get(0), "contentRect");
            hear(js::get(&area, "width").as_f64().unwrap_or(0.0));
        }) as Box<dyn FnMut(JsValue)>);
        let made = js::construct(&js_sys::global(), "ResizeObserver", &[hear.as_ref().clone()]);
        let observer = made.unwrap_or(JsValue::UNDEFINED);
        let _ = js::call(&observer, "observe", &[element.into()]);
        Self { observer, _hear: hear }
    }
}

impl Drop for Sizer {
    fn drop(&mut self) {
        let _ = js::call(&self.observer, "disconnect", &[]);
    }
}
