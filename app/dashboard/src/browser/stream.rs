//! The public stream of totals, followed for days: opened again when it ends, and watched over.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use countersign_shared::admin::json;
use countersign_shared::{Totals, routes};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};

use super::api;
use super::js::{Listener, Timer};

/// How often the watchdog looks, in milliseconds.
const LOOK: u32 = 5_000;
/// Silent for so long, the totals are asked for once: heartbeats cannot be heard from here.
const SILENT: f64 = 45_000.0;
/// The longest wait before a stream is opened again.
const LONGEST: f64 = 60_000.0;

/// What is heard.
pub enum Heard {
    Frame(Box<Totals>),
    /// Whether the stream is there.
    Link(bool),
}

/// Follows the totals of a campaign for as long as it lives.
pub struct Stream {
    inner: Rc<Inner>,
    _watchdog: Timer,
}

struct Inner {
    slug: String,
    hear: Box<dyn Fn(Heard)>,
    source: RefCell<Option<(web_sys::EventSource, [Listener; 3])>>,
    heard_at: Cell<f64>,
    open_at: Cell<f64>,
    tries: Cell<u32>,
    asking: Cell<bool>,
    gone: Cell<bool>,
}

pub fn follow(slug: String, hear: impl Fn(Heard) + 'static) -> Stream {
    let inner = Rc::new(Inner {
        slug,
        hear: Box::new(hear),
        source: RefCell::default(),
        heard_at: Cell::new(now()),
        open_at: Cell::new(0.0),
        tries: Cell::default(),
        asking: Cell::default(),
        gone: Cell::default(),
    });
    open(&inner);
    let weak = Rc::downgrade(&inner);
    let watchdog = Timer::every(LOOK, move |_| {
        if let Some(inner) = weak.upgrade() {
            look(&inner);
        }
    });
    Stream { inner, _watchdog: watchdog }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.inner.gone.set(true);
        self.inner.close();
    }
}

impl Inner {
    fn close(&self) {
        if let Some((source, _)) = self.source.take() {
            source.close();
        }
    }

    fn take(&self, text: &str) {
        let Some(totals) = json::from_text::<Totals>(text) else { return };
        self.heard_at.set(now());
        self.tries.set(0);
        (self.hear)(Heard::Link(true));
        (self.hear)(Heard::Frame(Box::new(totals)));
    }
}

fn open(inner: &Rc<Inner>) {
    inner.close();
    let Ok(source) = web_sys::EventSource::new(&routes::stream(&inner.slug)) else { return };
    let target = JsValue::from(source.clone());
    let weak = Rc::downgrade(inner);
    let frame = Listener::new(&target, "totals", move |event| {
        let event: web_sys::MessageEvent = event.unchecked_into();
        if let (Some(inner), Some(text)) = (weak.upgrade(), event.data().as_string()) {
            inner.take(&text);
        }
    });
    let weak = Rc::downgrade(inner);
    let begun = Listener::new(&target, "open", move |_| {
        if let Some(inner) = weak.upgrade() {
            inner.heard_at.set(now());
            (inner.hear)(Heard::Link(true));
        }
    });
    let weak = Rc::downgrade(inner);
    let failed = Listener::new(&target, "error", move |_| {
        let Some(inner) = weak.upgrade() else { return };
        (inner.hear)(Heard::Link(false));
        // The browser comes back by itself unless it was refused; then it is our turn, later and
        // later, and not all at once.
        let tries = inner.tries.get().min(6);
        inner.tries.set(tries + 1);
        let wait = (1_000.0 * f64::from(1_u32 << tries)).min(LONGEST);
        inner.open_at.set(now() + wait * (0.5 + js_sys::Math::random()));
    });
    inner.source.replace(Some((source, [frame, begun, failed])));
}

fn look(inner: &Rc<Inner>) {
    let closed = inner
        .source
        .borrow()
        .as_ref()
        .is_none_or(|(source, _)| source.ready_state() == web_sys::EventSource::CLOSED);
    if closed && now() >= inner.open_at.get() {
        open(inner);
    }
    if now() - inner.heard_at.get() < SILENT || inner.asking.replace(true) {
        return;
    }
    let inner = Rc::clone(inner);
    spawn_local(async move {
        let answer = api::ask("GET", &routes::totals(&inner.slug), None).await;
        inner.asking.set(false);
        inner.heard_at.set(now());
        if inner.gone.get() {
            return;
        }
        match answer.ok().and_then(|text| json::from_text::<Totals>(&text)) {
            // A frame that is news, from a stream that says nothing: whoever hears it drops what
            // is old, and the next look opens another stream.
            Some(totals) => (inner.hear)(Heard::Frame(Box::new(totals))),
            None => (inner.hear)(Heard::Link(false)),
        }
    });
}

fn now() -> f64 {
    js_sys::Date::now()
}
