//! What a card shows: the last that came, however the next request ends.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use countersign_shared::admin::json::FromJson;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::watch::Watch;
use crate::browser::api::{self, Fault};
use crate::browser::intl;
use crate::parts::live::{effect, live};
use crate::words::fill;
use crate::words::live::w;

/// What came, without its type: one signal for all types instead of one for each.
type Came = Arc<dyn Any + Send + Sync>;

#[derive(Clone, Default)]
struct State {
    came: Option<Came>,
    /// When it came, in milliseconds.
    at: f64,
    /// Why the latest request brought nothing.
    fault: Option<Fault>,
}

/// The question that is asked now.
#[derive(Default)]
struct Asked {
    path: String,
    turn: u32,
    waiting: bool,
    /// Asked for once more before the answer was there.
    late: bool,
}

/// Something from the server that is asked for with every beat. Where no answer comes, what is there
/// stays, says so, and is asked for again.
pub struct Kept<T> {
    state: RwSignal<State>,
    again: RwSignal<u32>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kept<T> {}

impl<T: FromJson + Send + Sync + Clone + 'static> Kept<T> {
    pub fn new(watch: Watch, path: impl Fn() -> String + 'static) -> Self {
        let (state, again) = (RwSignal::default(), RwSignal::new(0));
        let read = |answer| Ok(Arc::new(api::read::<T>(answer)?) as Came);
        follow(watch, Box::new(path), again, state, read);
        Self { state, again, of: PhantomData }
    }

    /// The latest that came for the question that is asked.
    pub fn value(&self) -> Option<T> {
        self.state.with(|state| state.came.as_ref()?.downcast_ref().cloned())
    }

    /// Asks now.
    pub fn again(&self) {
        self.again.update(|count| *count += 1);
    }

    /// Why what is shown may be old, or why nothing is.
    pub fn said(&self) -> AnyView {
        said(self.state)
    }
}

fn said(state: RwSignal<State>) -> AnyView {
    live(move || {
        state.with(|state| {
            let fault = state.fault.as_ref()?;
            let kept = state.came.is_some();
            let since = intl::clock(&intl::iso(state.at));
            let text = if kept { fill(w().kept, &[("time", &since)]) } else { fault.text.clone() };
            let class = if kept { "sub" } else { "problem" };
            Some(view! { <p class=class>{text} " " {passes(fault).then_some(w().kept_again)}</p> })
        })
    })
    .into_any()
}

/// Whether it is of use to ask again.
fn passes(fault: &Fault) -> bool {
    fault.status == 0 || fault.status == 429 || fault.status >= 500
}

fn follow(
    watch: Watch,
    path: Box<dyn Fn() -> String>,
    again: RwSignal<u32>,
    state: RwSignal<State>,
    read: fn(Value) -> Result<Came, Fault>,
) {
    let asked = StoredValue::new(Asked::default());
    effect(move || {
        watch.beat.track();
        again.track();
        let path = path();
        // One answer at a time: a server that is slower than the beat would never be heard out.
        let turn = asked.try_update_value(|asked| {
            if asked.path != path {
                // What is there belongs to other days.
                let _ = state.try_set(State::default());
            } else if asked.waiting {
                asked.late = true;
                return None;
            }
            asked.turn += 1;
            (asked.waiting, asked.late) = (true, false);
            asked.path.clone_from(&path);
            Some(asked.turn)
        });
        if let Some(turn) = turn.flatten() {
            spawn_local(ask(watch, path, turn, asked, state, read));
        }
    });
}

async fn ask(
    watch: Watch,
    path: String,
    turn: u32,
    asked: StoredValue<Asked>,
    state: RwSignal<State>,
    read: fn(Value) -> Result<Came, Fault>,
) {
    loop {
        let answer = api::value("GET", &path, None).await;
        let late = asked.try_update_value(|asked| {
            (asked.turn == turn).then(|| {
                asked.waiting = std::mem::take(&mut asked.late);
                asked.waiting
            })
        });
        // Other days are asked for by now, or the page is gone.
        let Some(late) = late.flatten() else { return };
        match answer.and_then(read) {
            Ok(came) => {
                let _ =
                    state.try_set(State { came: Some(came), at: js_sys::Date::now(), fault: None });
            }
            Err(fault) => {
                if passes(&fault) {
                    watch.failed();
                }
                state.try_update(|state| state.fault = Some(fault));
            }
        }
        if !late {
            return;
        }
    }
}
