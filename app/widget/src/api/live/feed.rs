//! One campaign's feed.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use countersign_shared::routes;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::super::app::App;
use super::super::js::{self, Listener, Timer};
use super::super::{decode, fetch, outbox};
use super::turn::{Channel, Turn};
use crate::count::Link;

/// Milliseconds after which a silent stream is checked against the totals, to be spread.
const CHECK: f64 = 40_000.0;
/// Milliseconds a stream may take to its first frame; a proxy that buffers never gets there.
const FIRST: f64 = 8_000.0;
/// Milliseconds a broken stream has to come back before anybody is told: servers close streams on
/// purpose now and then.
const GRACE: f64 = 2_500.0;
/// Milliseconds out of sight after which the stream is let go.
const UNSEEN: f64 = 10_000.0;

/// Between tabs: a new one asks for the last frame.
const HELLO: &str = "";
/// Between tabs: the stream is lost.
const LOST: &str = "lost";

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
    turn: RefCell<Option<Turn>>,
    tabs: RefCell<Option<Channel>>,
    /// The last frame, for a tab that comes later.
    last: RefCell<String>,
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
    seen_at: Cell<f64>,
    /// When the stream broke, until it is back.
    broke_at: Cell<Option<f64>>,
    /// Epoch and sequence of the last frame of the stream.
    streamed: Cell<(u64, u64)>,
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
            turn: RefCell::default(),
            tabs: RefCell::default(),
            last: RefCell::default(),
            ears: RefCell::default(),
            clock: RefCell::default(),
            link: Cell::default(),
            failed: Cell::default(),
            right_at: Cell::new(now),
            ask_at: Cell::new(now + FIRST),
            open_at: Cell::new(now),
            seen_at: Cell::new(now),
            broke_at: Cell::default(),
            streamed: Cell::default(),
            asking: Cell::default(),
            over: Cell::default(),
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
        let weak = Rc::downgrade(&feed);
        feed.tabs.replace(Channel::open(&feed.url(), move |text| {
            if let Some(feed) = weak.upgrade() {
                feed.overheard(text);
            }
        }));
        feed.say(HELLO);
        feed
    }

    pub fn serves(&self, app: &App) -> bool {
        self.server == app.state.server && self.slug == app.state.campaign.slug
    }

    /// The stream's address; also what the tabs know it by.
    fn url(&self) -> String {
        [self.server.as_str(), &routes::stream(&self.slug)].concat()
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
            self.let_go();
            self.tabs.replace(None);
            self.clock.replace(None);
            self.ears.borrow_mut().clear();
        }
        last
    }

    fn let_go(&self) {
        self.stream.replace(None);
        self.turn.replace(None);
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

    fn say(&self, text: &str) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.say(text);
        }
    }

    /// Every second: what is due?
    fn tick(self: &Rc<Self>) {
        let now = js::now();
        if self.over.get() {
            return self.let_go();
        }
        if hidden() {
            if now - self.seen_at.get() > UNSEEN {
                self.let_go();
            }
            return;
        }
        self.seen_at.set(now);
        if self.stream.borrow().is_none() && now >= self.open_at.get() {
            self.open();
        }
        if self.broke_at.get().is_some_and(|at| now - at > GRACE) {
            self.lost();
        }
        if now >= self.ask_at.get() {
            self.ask(now);
        }
        if matches!(self.link.get(), Link::Lost | Link::Offline) {
            self.tell(self.link.get());
        }
        self.each(|app| app.quiet());
    }

    /// Opens the stream when it is this tab's turn.
    fn open(self: &Rc<Self>) {
        if self.turn.borrow().is_none() {
            let weak = Rc::downgrade(self);
            let turn = Turn::ask(&self.url(), move || {
                if let Some(feed) = weak.upgrade() {
                    feed.connect();
                }
            });
            let alone = turn.is_none();
            self.turn.replace(turn);
            if alone {
                self.connect();
            }
        } else if self.turn.borrow().as_ref().is_some_and(Turn::held) {
            self.connect();
        }
    }

    fn connect(self: &Rc<Self>) {
        let now = js::now();
        let Ok(source) = js::construct(&js::global(), "EventSource", &[self.url().into()]) else {
            self.open_at.set(f64::INFINITY);
            return self.lost();
        };
        let hear = |kind, heard: fn(&Rc<Feed>, &JsValue)| {
            let weak = Rc::downgrade(self);
            Listener::new(&source, kind, move |event| {
                if let Some(feed) = weak.upgrade() {
                    heard(&feed, &event);
                }
            })
        };
        let frame = |feed: &Rc<Feed>, event: &JsValue| {
            let text = js::text(event, "data").unwrap_or_default();
            feed.say(&text);
            feed.frame(&text);
        };
        let ears = [hear("totals", frame), hear("error", |feed, _| feed.broke())];
        self.stream.replace(Some(Stream { source, _ears: ears }));
        if self.link.get() != Link::Live {
            self.ask_at.set(now + FIRST);
        }
    }

    /// What another tab says.
    fn overheard(self: &Rc<Self>, text: &str) {
        match text {
            HELLO => {
                let last = self.last.borrow();
                if self.stream.borrow().is_some() && !last.is_empty() {
                    self.say(&last);
                }
            }
            LOST => self.miss(),
            frame => self.frame(frame),
        }
    }

    /// A frame of the stream, of this tab's or another's.
    fn frame(&self, text: &str) {
        let Ok(raw) = js_sys::JSON::parse(text) else { return };
        let now = js::now();
        self.failed.set(0);
        self.broke_at.set(None);
        self.ask_at.set(now + CHECK * (1.0 + js::random()));
        self.streamed.set(self.take(&raw, now));
        self.last.replace(text.to_owned());
        self.tell(Link::Live);
    }

    /// Hands the totals on; returns their epoch and sequence.
    fn take(&self, raw: &JsValue, now: f64) -> (u64, u64) {
        let frame = decode::totals(raw);
        self.right_at.set(now);
        self.over.set(!frame.open);
        self.each(|app| app.totals(&frame, raw));
        (frame.epoch, frame.seq)
    }

    fn broke(&self) {
        if self.over.get() {
            return;
        }
        let refused = self
            .stream
            .borrow()
            .as_ref()
            .is_some_and(|stream| js::number(&stream.source, "readyState") == Some(2));
        if refused {
            self.stream.replace(None);
            self.fail();
            self.open_at.set(js::now() + self.pause());
            self.lost();
        } else if self.broke_at.get().is_none() {
            self.broke_at.set(Some(js::now()));
        }
    }

    fn lost(&self) {
        self.broke_at.set(None);
        self.say(LOST);
        self.miss();
    }

    fn miss(&self) {
        let now = js::now();
        let soon = now + 1_000.0 + 3_000.0 * js::random();
        // Not `clamp`: its panic prints numbers, and brings 10 KB of code to do so.
        self.ask_at.set(self.ask_at.get().min(soon).max(now));
        if self.link.get() != Link::Offline {
            self.tell(Link::Lost);
        }
    }

    fn fail(&self) {
        self.failed.set((self.failed.get() + 1).min(5));
    }

    /// Longer with every failure, and spread: a server that comes back is not run over.
    fn pause(&self) -> f64 {
        f64::from(2_u32 << self.failed.get()) * 1000.0 * (0.5 + js::random())
    }

    fn online(self: &Rc<Self>) {
        self.tell(Link::Lost);
        self.stream.replace(None);
        let now = js::now();
        self.open_at.set(now);
        self.ask_at.set(now);
        self.tick();
        self.each(outbox::network);
    }

    fn seen(self: &Rc<Self>) {
        if !hidden() && self.stream.borrow().is_none() {
            self.open_at.set(js::now());
            self.say(HELLO);
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
                    feed.fail();
                    if feed.link.get() != Link::Offline {
                        feed.tell(Link::Lost);
                    }
                }
            }
        });
    }

    fn answered(&self, raw: &JsValue) {
        let now = js::now();
        let quiet = now - self.right_at.get();
        let id = self.take(raw, now);
        if self.link.get() == Link::Live && (id <= self.streamed.get() || quiet < FIRST) {
            self.ask_at.set(now + CHECK * (1.0 + js::random()));
            return;
        }
        // A stream that says nothing while the number moves is no stream.
        if self.link.get() == Link::Live {
            self.stream.replace(None);
            self.open_at.set(now);
        }
        self.tell(Link::Lost);
    }
}

fn hidden() -> bool {
    js::truthy(&js::named("document"), "hidden")
}
