//! One mounted widget: its signals, its place in the page, and everything that must end with it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use countersign_shared::{Totals, WidgetState};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::js::{self, Listener, Timer};
use super::{live, motion, outbox};
use crate::count::Link;
use crate::ui::Ui;

/// How long a screen reader is left in peace between two numbers, in milliseconds.
const SPEAK_EVERY: f64 = 15_000.0;

/// One widget. Dropping it closes everything it opened.
pub struct App {
    pub ui: Ui,
    /// The element that holds the painted HTML.
    pub root: JsValue,
    pub state: WidgetState,
    /// The page's side: `emit(type, detail)`.
    pub host: JsValue,
    pub motion: RefCell<motion::Motion>,
    pub outbox: RefCell<outbox::Outbox>,
    /// An `AbortController` for every request.
    pub closing: JsValue,
    pub ears: RefCell<Vec<Listener>>,
    pub feed: RefCell<Option<live::Seat>>,
    speaking: RefCell<Option<Timer>>,
    gone: Cell<bool>,
}

impl App {
    pub fn new(ui: Ui, root: JsValue, state: WidgetState, host: JsValue) -> Rc<Self> {
        Rc::new(Self {
            ui,
            root,
            state,
            host,
            motion: RefCell::default(),
            outbox: RefCell::default(),
            closing: js::construct(&js::global(), "AbortController", &[]).unwrap_or(JsValue::UNDEFINED),
            ears: RefCell::default(),
            feed: RefCell::default(),
            speaking: RefCell::default(),
            gone: Cell::new(false),
        })
    }

    /// Tells the page: dispatched on the element as an event.
    pub fn emit(&self, kind: &str, detail: JsValue) {
        let _ = js::call(&self.host, "emit", &[kind.into(), detail]);
    }

    /// The address of a route of the server.
    pub fn url(&self, path: &str) -> String {
        [&self.state.server, path].concat()
    }

    /// Whether the widget has been taken off the page.
    pub fn gone(&self) -> bool {
        self.gone.get()
    }

    /// Takes in a frame; `raw` is what the page is told.
    pub fn totals(self: &Rc<Self>, frame: &Totals, raw: &JsValue) {
        let mut changed = false;
        self.ui.count.update(|count| changed = count.take(frame));
        if changed {
            motion::follow(self);
            self.speak_soon();
            self.emit("pledge:totals", raw.clone());
        }
    }

    /// Says how the number comes in, and how old it is in seconds.
    pub fn link(&self, link: Link, age: u32) {
        let same = self.ui.count.with_untracked(|count| (count.link, count.age) == (link, age));
        if !same {
            self.ui.count.update(|count| (count.link, count.age) = (link, age));
        }
    }

    fn speak_soon(self: &Rc<Self>) {
        if self.speaking.borrow().is_some() {
            return;
        }
        let app = Rc::downgrade(self);
        let timer = Timer::after(SPEAK_EVERY, move |_| {
            if let Some(app) = app.upgrade() {
                app.speaking.replace(None);
                app.speak_number();
            }
        });
        self.speaking.replace(Some(timer));
    }

    fn speak_number(&self) {
        let total = self.ui.count.with_untracked(|c| c.total.filter(|_| !c.paused));
        if let Some(total) = total {
            let text = self.ui.words.with_untracked(|w| w.count("counter-spoken", "total", total));
            self.ui.spoken.set(text);
        }
    }

    /// Ends everything at once, whoever still holds on to this.
    pub fn close(&self) {
        self.gone.set(true);
        let _ = js::call(&self.closing, "abort", &[]);
        self.ears.borrow_mut().clear();
        self.feed.replace(None);
        self.speaking.replace(None);
        self.motion.replace(motion::Motion::default());
        self.outbox.replace(outbox::Outbox::default());
    }
}
