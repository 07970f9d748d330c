//! The number's way from one total to the next.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::app::App;
use super::js::{self, Timer};

/// Milliseconds from one number to the next.
const LASTS: f64 = 900.0;

/// A movement under way.
#[derive(Default)]
pub struct Motion {
    from: f64,
    to: f64,
    began: f64,
    frame: Option<Timer>,
}

/// Moves the shown number to the total, unless it is paused.
pub fn follow(app: &Rc<App>) {
    let (total, paused) = app.ui.count.with_untracked(|c| (c.total.unwrap_or(0), c.paused));
    if paused {
        return;
    }
    if still() {
        app.ui.shown.set(total);
        return;
    }
    let mut motion = app.motion.borrow_mut();
    motion.from = app.ui.shown.get_untracked() as f64;
    motion.to = total as f64;
    motion.began = js::now();
    if motion.frame.is_none() {
        motion.frame = Some(next(app));
    }
}

/// Stops where it is.
pub fn halt(app: &App) {
    app.motion.borrow_mut().frame = None;
}

fn next(app: &Rc<App>) -> Timer {
    let app = Rc::downgrade(app);
    Timer::paint(move |_| {
        if let Some(app) = app.upgrade() {
            step(&app);
        }
    })
}

fn step(app: &Rc<App>) {
    let mut motion = app.motion.borrow_mut();
    let part = ((js::now() - motion.began) / LASTS).clamp(0.0, 1.0);
    let left = 1.0 - part;
    let eased = 1.0 - left * left * left;
    let shown = motion.from + (motion.to - motion.from) * eased;
    motion.frame = (part < 1.0).then(|| next(app));
    drop(motion);
    let shown = (shown + 0.5) as u64;
    if app.ui.shown.get_untracked() != shown {
        app.ui.shown.set(shown);
    }
}

/// Whether the person asked for no movement.
fn still() -> bool {
    let query = JsValue::from("(prefers-reduced-motion: reduce)");
    js::call(&js::global(), "matchMedia", &[query]).is_ok_and(|list| js::truthy(&list, "matches"))
}
