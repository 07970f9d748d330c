//! What a page holds and has not saved: asked about before anything takes the page away.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;

/// What goes on once somebody says so.
type Way = Box<dyn FnOnce()>;

thread_local! {
    static HOLDS: Cell<Option<Memo<bool>>> = const { Cell::new(None) };
    static WAITS: RefCell<Option<Way>> = const { RefCell::new(None) };
    static ASKS: Cell<Option<RwSignal<bool>>> = const { Cell::new(None) };
}

/// From now on, and for as long as `holds` lives, leaving is asked about where it is true.
pub fn guard(holds: Memo<bool>) {
    HOLDS.set(Some(holds));
}

/// Whether something would be lost. What a page held that is gone is nobody's any more.
pub fn is_there() -> bool {
    HOLDS.get().and_then(|holds| holds.try_get_untracked()).unwrap_or(false)
}

/// Whether somebody is asked right now. Called first under the owner of the whole page.
pub fn asks() -> RwSignal<bool> {
    ASKS.get().unwrap_or_else(|| {
        let asks = RwSignal::new(false);
        ASKS.set(Some(asks));
        asks
    })
}

/// Goes on at once where nothing would be lost; else once somebody has said so.
pub fn leave(way: impl FnOnce() + 'static) {
    let way: Way = Box::new(way);
    if !is_there() {
        return way();
    }
    WAITS.replace(Some(way));
    asks().set(true);
}

/// They have said so.
pub fn drop_it() {
    HOLDS.set(None);
    if let Some(way) = WAITS.take() {
        way();
    }
}
