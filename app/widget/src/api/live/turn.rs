//! One tab holds the stream, the others listen to that tab.
//!
//! A browser opens six connections to a server that speaks HTTP/1.1: with a stream in every tab the
//! seventh could neither load nor send a pledge. Web Locks choose the tab; when it closes or is put
//! out of sight the next one's turn comes by itself. Where a browser has no Web Locks, every tab
//! holds its own stream.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::super::js::{self, Listener};

/// A place in the queue for the stream, or at its head. Dropping it lets the next one in.
pub struct Turn {
    waiting: JsValue,
    held: Rc<RefCell<Option<Function>>>,
    _granted: Closure<dyn FnMut(JsValue) -> JsValue>,
}

impl Turn {
    /// Queues up. `None` where the browser has no Web Locks, or not for this page.
    pub fn ask(name: &str, mut granted: impl FnMut() + 'static) -> Option<Self> {
        let locks = js::get(&js::named("navigator"), "locks");
        let waiting = js::construct(&js::global(), "AbortController", &[]).ok()?;
        let held: Rc<RefCell<Option<Function>>> = Rc::default();
        let holder = Rc::clone(&held);
        let take = Closure::wrap(Box::new(move |_: JsValue| {
            // The lock is held for as long as this promise is open.
            let open = Promise::new(&mut |close, _| {
                holder.replace(Some(close));
            });
            granted();
            JsValue::from(open)
        }) as Box<dyn FnMut(JsValue) -> JsValue>);
        let signal = js::object(&[("signal", js::get(&waiting, "signal"))]);
        let asked = js::call(&locks, "request", &[name.into(), signal, take.as_ref().clone()]);
        // To leave the queue is to reject: nobody needs to hear of it.
        let _ = js::call(&asked.ok()?, "catch", &[js::named("Boolean")]);
        Some(Self { waiting, held, _granted: take })
    }

    pub fn held(&self) -> bool {
        self.held.borrow().is_some()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        match self.held.take() {
            Some(close) => drop(close.call0(&JsValue::UNDEFINED)),
            None => drop(js::call(&self.waiting, "abort", &[])),
        }
    }
}

/// What the tabs of a browser tell each other about one stream.
pub struct Channel {
    channel: JsValue,
    _ear: Listener,
}

impl Channel {
    pub fn open(name: &str, heard: impl Fn(&str) + 'static) -> Option<Self> {
        let channel = js::construct(&js::global(), "BroadcastChannel", &[name.into()]).ok()?;
        let ear = Listener::new(&channel, "message", move |event| {
            heard(&js::get(&event, "data").as_string().unwrap_or_default());
        });
        Some(Self { channel, _ear: ear })
    }

    pub fn say(&self, text: &str) {
        let _ = js::call(&self.channel, "postMessage", &[text.into()]);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        let _ = js::call(&self.channel, "close", &[]);
    }
}
