//! The address bar: which page is shown, and links that change it without a load.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::js::{self, Listener};
use super::window;

pub mod unsaved;

/// An address of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    /// Without the question mark.
    pub query: String,
}

thread_local! {
    static PLACE: Cell<Option<RwSignal<Place>>> = const { Cell::new(None) };
    static MOVED: Cell<bool> = const { Cell::new(false) };
    /// The number of the entry that is shown: each new one has the next.
    static ENTRY: Cell<i32> = const { Cell::new(0) };
}

/// The address now. Reading it in a reactive place follows it.
pub fn place() -> RwSignal<Place> {
    PLACE.get().unwrap_or_else(|| {
        let place = RwSignal::new(read());
        PLACE.set(Some(place));
        place
    })
}

/// Listens to links and to the browser's buttons, for as long as the page lives.
pub fn start() {
    let place = place();
    let window = JsValue::from(window());
    // After a load anew the entry still has its number.
    number(entry().unwrap_or(0));
    std::mem::forget(Listener::new(&window, "popstate", move |_| popped(place)));
    std::mem::forget(Listener::new(&window, "beforeunload", |event| {
        if unsaved::is_there() {
            let _ = js::call(&event, "preventDefault", &[]);
        }
    }));
    std::mem::forget(Listener::new(&window, "click", |event| {
        let event: web_sys::MouseEvent = event.unchecked_into();
        if let Some(href) = ours(&event) {
            event.prevent_default();
            go(&href);
        }
    }));
}

/// Whether the page was changed since the load: then the heading takes the focus.
pub fn moved() -> bool {
    MOVED.get()
}

/// Shows another page, once nothing would be lost by it.
pub fn go(href: &str) {
    let href = href.to_owned();
    unsaved::leave(move || push(&href));
}

fn push(href: &str) {
    let Ok(history) = window().history() else { return };
    let next = ENTRY.get() + 1;
    if history.push_state_with_url(&next.into(), "", Some(href)).is_ok() {
        ENTRY.set(next);
        MOVED.set(true);
        window().scroll_to_with_x_and_y(0.0, 0.0);
        place().set(read());
    }
}

/// The browser has gone to another of its entries.
fn popped(place: RwSignal<Place>) {
    let new = read();
    // An entry without a number is a place within this page that a link has just added.
    let to = entry().unwrap_or(ENTRY.get() + 1);
    let steps = to - ENTRY.get();
    let leaves = place.with_untracked(|place| place.path != new.path);
    if leaves && steps != 0 && unsaved::is_there() {
        // The browser is there already: back to the page, until somebody has said what they want.
        step(-steps);
        return unsaved::leave(move || step(steps));
    }
    number(to);
    if place.with_untracked(|place| *place != new) {
        MOVED.set(true);
        place.set(new);
    }
}

fn step(by: i32) {
    let _ = window().history().and_then(|history| history.go_with_delta(by));
}

/// The number of the browser's entry, if it has one.
fn entry() -> Option<i32> {
    Some(window().history().ok()?.state().ok()?.as_f64()? as i32)
}

fn number(entry: i32) {
    ENTRY.set(entry);
    let _ = window().history().and_then(|it| it.replace_state(&entry.into(), ""));
}

/// Shows another page in the place of this one.
pub fn replace(href: &str) {
    let Ok(history) = window().history() else { return };
    if history.replace_state_with_url(&ENTRY.get().into(), "", Some(href)).is_ok() {
        let new = read();
        // Signing in leads to another page; choosing days does not.
        if place().with_untracked(|place| place.path != new.path) {
            MOVED.set(true);
        }
        place().set(new);
    }
}

/// A value of the query, decoded.
pub fn query(key: &str) -> Option<String> {
    place().with(|place| value(&place.query, key))
}

/// Writes a value into the query; `None` takes it out. The page stays.
pub fn set_query(key: &str, value: Option<&str>) {
    let place = place().get_untracked();
    let Ok(all) = web_sys::UrlSearchParams::new_with_str(&place.query) else { return };
    match value {
        Some(value) => all.set(key, value),
        None => all.delete(key),
    }
    let query = String::from(all.to_string());
    let mark = if query.is_empty() { "" } else { "?" };
    replace(&[&place.path, mark, &query].concat());
}

fn value(query: &str, key: &str) -> Option<String> {
    web_sys::UrlSearchParams::new_with_str(query).ok()?.get(key)
}

fn read() -> Place {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    Place {
        path: location.pathname().unwrap_or_default(),
        query: query.trim_start_matches('?').to_owned(),
    }
}

/// The address of a link that leads to a page of the dashboard, where the click means just that.
fn ours(event: &web_sys::MouseEvent) -> Option<String> {
    let changed = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || changed {
        return None;
    }
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]").ok().flatten()?;
    let link: web_sys::HtmlAnchorElement = link.dyn_into().ok()?;
    let elsewhere = link.has_attribute("download")
        || link.rel().split_whitespace().any(|word| word == "external")
        || !matches!(link.target().as_str(), "" | "_self")
        || link.origin() != window().location().origin().ok()?;
    let path = link.pathname();
    let inside = path == "/admin" || path.starts_with("/admin/");
    // A place within this very page is the browser's own.
    (inside && !elsewhere && link.hash().is_empty()).then(|| path + &link.search())
}
