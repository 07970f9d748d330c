//! The screen does not go to sleep.

use crate::browser::document;
use crate::browser::js::{self, Listener};

/// Keeps the screen awake, and asks again whenever the page comes back into sight: the browser
/// lets go of it when it is out of sight.
pub struct Awake {
    _seen: Listener,
}

impl Awake {
    pub fn new() -> Self {
        ask_to_stay_awake();
        let seen = Listener::new(&document().into(), "visibilitychange", |_| {
            if !document().hidden() {
                ask_to_stay_awake();
            }
        });
        Self { _seen: seen }
    }
}

fn ask_to_stay_awake() {
    leptos::task::spawn_local(async {
        let lock = js::get(&js::named("navigator"), "wakeLock");
        if lock.is_object() {
            // Refused on a low battery: then the screen may sleep.
            let _ = js::wait(&lock, "request", &["screen".into()]).await;
        }
    });
}
