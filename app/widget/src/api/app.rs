//! One mounted widget: its signals, its place in the page, and everything that must end with it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use countersign_shared::{Totals, WidgetState};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::js::{self, Listener, Timer};
use super::{beacon, live, motion, outbox};
use crate::count::{Count, Link};
use crate::ui::Ui;

/// How long a screen reader is left in peace between two numbers, in milliseconds.
const SPEAK_EVERY: f64 = 15_000.0;
/// How long the line names one country before it names the next, in milliseconds.
const NAMED_FOR: f64 = 2_500.0;
/// How long a signature was "just now", in milliseconds.
const JUST_NOW: f64 = 45_000.0;

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
    pub sight: RefCell<Option<beacon::Sight>>,
    speaking: RefCell<Option<Timer>>,
    /// Where the count has come to while the shown one is paused.
    behind: RefCell<Option<Count>>,
    /// When the line last named a country.
    named_at: Cell<f64>,
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
            closing: js::construct(&js::global(), "AbortController", &[])
                .unwrap_or(JsValue::UNDEFINED),
            ears: RefCell::default(),
            feed: RefCell::default(),
            sight: RefCell::default(),
            speaking: RefCell::default(),
            behind: RefCell::default(),
            named_at: Cell::new(f64::MIN),
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

    /// `headers` with the token of a frame that has no origin.
    pub fn with_token(&self, headers: JsValue) -> JsValue {
        if let Some(token) = &self.state.embed_token {
            js::set(&headers, "countersign-embed-token", &token.as_str().into());
        }
        headers
    }

    /// Whether the widget has been taken off the page.
    pub fn gone(&self) -> bool {
        self.gone.get()
    }

    /// Takes in a frame; `raw` is what the page is told.
    pub fn totals(self: &Rc<Self>, frame: &Totals, raw: &JsValue) {
        let (mut changed, mut fell) = (false, false);
        if let Some(behind) = self.behind.borrow_mut().as_mut() {
            changed = behind.take(frame);
        } else {
            let now = js::now();
            let settled = now - self.named_at.get() >= NAMED_FOR;
            self.ui.count.update(|count| {
                let named = count.latest.clone();
                changed = count.take(frame);
                fell = count.just_fell().is_some();
                if !settled {
                    count.latest = named;
                } else if count.latest != named {
                    self.named_at.set(now);
                }
            });
        }
        if changed {
            motion::follow(self);
            // At once, so that nobody takes it for a fault of the page.
            if fell {
                self.speak_number();
            }
            self.speak_soon();
            self.emit("pledge:totals", raw.clone());
        }
    }

    /// Holds everything that moves, or lets it catch up.
    pub fn pause(self: &Rc<Self>) {
        let behind = self.behind.take();
        if let Some(count) = behind {
            self.ui.count.set(count);
            motion::follow(self);
            self.speak_number();
        } else {
            self.behind.replace(Some(self.ui.count.get_untracked()));
            self.ui.count.update(|count| count.paused = true);
            motion::halt(self);
        }
    }

    /// Lets the number move again, if it was paused.
    pub fn resume(self: &Rc<Self>) {
        if self.behind.borrow().is_some() {
            self.pause();
        }
    }

    /// A second in sight has passed.
    pub fn quiet(&self) {
        let over = js::now() - self.named_at.get() > JUST_NOW;
        self.ui.count.maybe_update(|count| count.quiet(over));
    }

    /// Says how the number comes in, and how old it is in seconds.
    pub fn link(&self, link: Link, age: u32) {
        if let Some(behind) = self.behind.borrow_mut().as_mut() {
            (behind.link, behind.age) = (link, age);
            return;
        }
        self.ui.count.maybe_update(|count| {
            let same = (count.link, count.age) == (link, age);
            (count.link, count.age) = (link, age);
            !same
        });
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

    /// Says the number, or why it just fell.
    fn speak_number(&self) {
        let (total, fell) = self
            .ui
            .count
            .with_untracked(|count| (count.total.filter(|_| !count.paused), count.just_fell()));
        if let Some(total) = total {
            let text = self.ui.words.with_untracked(|words| match fell {
                Some(key) => words.say(key),
                None => words.count("counter-spoken", "total", total),
            });
            self.ui.spoken.set(text);
        }
    }

    /// Ends everything at once, whoever still holds on to this.
    pub fn close(&self) {
        self.gone.set(true);
        let _ = js::call(&self.closing, "abort", &[]);
        self.ears.borrow_mut().clear();
        self.feed.replace(None);
        self.sight.replace(None);
        self.speaking.replace(None);
        self.motion.replace(motion::Motion::default());
        self.outbox.replace(outbox::Outbox::default());
    }
}
