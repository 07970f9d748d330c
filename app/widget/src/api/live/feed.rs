//! One campaign's feed.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use countersign_shared::routes;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::super::app::App;
use super::super::js::{self, Listener, Timer};
use super::super::{decode, fetch, outbox};
use crate::count::Link;

/// Milliseconds after which a silent stream is checked against the totals, to be spread.
const CHECK: f64 = 40_000.0;
/// Milliseconds a stream may take to its first frame; a proxy that buffers never gets there.
const FIRST: f64 = 8_000.0;
/// Milliseconds out of sight after which the stream is let go.
const UNSEEN: f64 = 10_000.0;

/// An open `EventSource`.
struct Stream {
    source: JsValue,
    _ears: [Listener; 2],
}

impl Drop for Stream {
    fn drop(&mut self) {
        let _ = js::call(&self.source, "close", &[]);
    }
}

/// The stream of one campaign, and who looks at it.
pub struct Feed {
    server: String,
    slug: String,
    apps: RefCell<Vec<Weak<App>>>,
    stream: RefCell<Option<Stream>>,
    ears: RefCell<Vec<Listener>>,
    clock: RefCell<Option<Timer>>,
    link: Cell<Link>,
    /// Failures in a row.
    failed: Cell<u32>,
    /// When the number was last known to be right.
    right_at: Cell<f64>,
    /// When to ask for the totals.
    ask_at: Cell<f64>,
    /// When to open the stream, where it is closed.
    open_at: Cell<f64>,
    unseen_at: Cell<f64>,
    asking: Cell<bool>,
    /// The campaign is over: nothing will move again.
    over: Cell<bool>,
}

impl Feed {
    pub fn new(app: &App) -> Rc<Self> {
        let now = js::now();
        let feed = Rc::new(Self {
            server: app.state.server.clone(),
            slug: app.state.campaign.slug.clone(),
            apps: RefCell::default(),
            stream: RefCell::default(),
            ears: RefCell::default(),
            clock: RefCell::default(),
            link: Cell::new(Link::Painted),
            failed: Cell::new(0),
            right_at: Cell::new(now),
            ask_at: Cell::new(now + FIRST),
            open_at: Cell::new(now),
            unseen_at: Cell::new(now),
            asking: Cell::new(false),
            over: Cell::new(false),
        });
        let hear = |target: &str, kind, heard: fn(&Rc<Feed>)| {
            let weak = Rc::downgrade(&feed);
            Listener::new(&js::named(target), kind, move |_| {
                if let Some(feed) = weak.upgrade() {
                    heard(&feed);
                }
            })
        };
        feed.ears.replace(vec![
            hear("document", "visibilitychange", Feed::seen),
            hear("window", "online", Feed::online),
            hear("window", "offline", |feed| feed.tell(Link::Offline)),
        ]);
        let weak = Rc::downgrade(&feed);
        feed.clock.replace(Some(Timer::every(1000.0, move |_| {
            if let Some(feed) = weak.upgrade() {
                feed.tick();
            }
        })));
        feed
    }

    pub fn serves(&self, app: &App) -> bool {
        self.server == app.state.server && self.slug == app.state.campaign.slug
    }

    pub fn add(self: &Rc<Self>, app: &Rc<App>) {
        self.apps.borrow_mut().push(Rc::downgrade(app));
        app.link(self.link.get(), 0);
        self.tick();
    }

    /// Says whether that was the last.
    pub fn remove(&self, app: &Weak<App>) -> bool {
        let mut apps = self.apps.borrow_mut();
        apps.retain(|other| !other.ptr_eq(app) && other.strong_count() > 0);
        let last = apps.is_empty();
        if last {
            self.stream.replace(None);
            self.clock.replace(None);
            self.ears.borrow_mut().clear();
        }
        last
    }

    fn each(&self, act: impl Fn(&Rc<App>)) {
        // A widget may leave while it is told something.
        let apps: Vec<_> = self.apps.borrow().iter().filter_map(Weak::upgrade).collect();
        apps.iter().for_each(act);
    }

    fn tell(&self, link: Link) {
        self.link.set(link);
        let stale = matches!(link, Link::Lost | Link::Offline);
        let age = if stale { (js::now() - self.right_at.get()) / 1000.0 } else { 0.0 };
        self.each(|app| app.link(link, age as u32));
    }

    /// Every second: what is due?
    fn tick(self: &Rc<Self>) {
        let now = js::now();
        if self.over.get() {
            self.stream.replace(None);
            return;
        }
        if hidden() {
            if now - self.unseen_at.get() > UNSEEN {
                self.stream.replace(None);
            }
            return;
        }
        self.unseen_at.set(now);
        if self.stream.borrow().is_none() && now >= self.open_at.get() {
            self.open(now);
        }
        if now >= self.ask_at.get() {
            self.ask(now);
        }
        match self.link.get() {
            Link::Lost | Link::Offline => self.tell(self.link.get()),
            Link::Painted | Link::Live => self.each(|app| app.quiet()),
        }
    }

    fn open(self: &Rc<Self>, now: f64) {
        let url = [self.server.as_str(), &routes::stream(&self.slug)].concat();
        let Ok(source) = js::construct(&js::global(), "EventSource", &[url.into()]) else {
            self.open_at.set(f64::INFINITY);
            return self.lost(now);
        };
        let hear = |kind, heard: fn(&Rc<Feed>, &JsValue)| {
            let weak = Rc::downgrade(self);
            Listener::new(&source, kind, move |event| {
                if let Some(feed) = weak.upgrade() {
                    heard(&feed, &event);
                }
            })
        };
        let ears = [hear("totals", Feed::streamed), hear("error", Feed::broke)];
        self.stream.replace(Some(Stream { source, _ears: ears }));
        if self.link.get() != Link::Live {
            self.ask_at.set(now + FIRST);
        }
    }

    fn streamed(self: &Rc<Self>, event: &JsValue) {
        let data = js::text(event, "data").unwrap_or_default();
        let Ok(raw) = js_sys::JSON::parse(&data) else { return };
        let now = js::now();
        self.failed.set(0);
        self.ask_at.set(now + CHECK * (1.0 + js::random()));
        self.take(&raw, now);
        self.tell(Link::Live);
    }

    fn take(&self, raw: &JsValue, now: f64) {
        let frame = decode::totals(raw);
        self.right_at.set(now);
        self.over.set(!frame.open);
        self.each(|app| app.totals(&frame, raw));
    }

    fn broke(self: &Rc<Self>, _: &JsValue) {
        if self.over.get() {
            return;
        }
        let now = js::now();
        let refused = self
            .stream
            .borrow()
            .as_ref()
            .is_some_and(|stream| js::number(&stream.source, "readyState") == Some(2));
        if refused {
            self.stream.replace(None);
            self.failed.set((self.failed.get() + 1).min(5));
            self.open_at.set(now + self.pause());
        }
        self.lost(now);
    }

    fn lost(&self, now: f64) {
        let soon = now + 1_000.0 + 3_000.0 * js::random();
        self.ask_at.set(self.ask_at.get().min(soon).max(now));
        let link = if self.link.get() == Link::Offline { Link::Offline } else { Link::Lost };
        self.tell(link);
    }

    /// Longer with every failure, and spread: a server that comes back is not run over.
    fn pause(&self) -> f64 {
        f64::from(2_u32 << self.failed.get()) * 1000.0 * (0.5 + js::random())
    }

    fn online(self: &Rc<Self>) {
        let now = js::now();
        self.tell(Link::Lost);
        self.stream.replace(None);
        self.open_at.set(now);
        self.tick();
        self.each(outbox::network);
    }

    fn seen(self: &Rc<Self>) {
        if !hidden() && self.stream.borrow().is_none() {
            self.open_at.set(js::now());
            self.tick();
        }
    }

    /// Asks for the totals once.
    fn ask(self: &Rc<Self>, now: f64) {
        self.ask_at.set(now + self.pause() + 3_000.0);
        let Some(app) = self.apps.borrow().first().and_then(Weak::upgrade) else { return };
        if self.asking.replace(true) {
            return;
        }
        let feed = Rc::clone(self);
        spawn_local(async move {
            let path = routes::totals(&feed.slug);
            let answer = fetch::json(&app, &path, &js::object(&[])).await;
            feed.asking.set(false);
            match answer {
                Ok(answer) if answer.status == 200 => feed.answered(&answer.json),
                _ => {
                    feed.failed.set((feed.failed.get() + 1).min(5));
                    feed.lost_if_live();
                }
            }
        });
    }

    fn answered(self: &Rc<Self>, raw: &JsValue) {
        let now = js::now();
        let was = self.link.get();
        self.take(raw, now);
        match was {
            // A stream that says nothing while the number moves is no stream.
            Link::Painted => self.tell(Link::Lost),
            Link::Live => self.ask_at.set(now + CHECK * (1.0 + js::random())),
            Link::Lost | Link::Offline => self.tell(Link::Lost),
        }
    }

    fn lost_if_live(&self) {
        if self.link.get() != Link::Offline {
            self.tell(Link::Lost);
        }
    }
}

fn hidden() -> bool {
    js::truthy(&js::named("document"), "hidden")
}
