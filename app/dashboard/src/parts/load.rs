//! What a page waits for: asked for, asked for again when its path changes, shown or explained.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use countersign_shared::admin::json::FromJson;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::live::{effect, hear, live};
use super::skeleton;
use crate::browser::api::{self, Fault};
use crate::words::shell::w;

/// How far a request has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Load<T> {
    Waiting,
    Ready(T),
    Failed(Fault),
}

/// What came, without its type: one signal for all types instead of one for each.
type Came = Arc<dyn Any + Send + Sync>;

/// Something from the server, and how to ask for it again.
pub struct Loaded<T> {
    state: RwSignal<Load<Came>>,
    again: RwSignal<u32>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T: Clone + 'static> Loaded<T> {
    /// Asks again; what is there stays until the answer comes.
    pub fn again(&self) {
        // Nobody looks any more where the page is gone.
        let _ = self.again.try_update(|count| *count += 1);
    }

    pub fn get(&self) -> Load<T> {
        match self.state.get() {
            Load::Ready(came) => came.downcast_ref().cloned().map_or(Load::Waiting, Load::Ready),
            Load::Waiting => Load::Waiting,
            Load::Failed(fault) => Load::Failed(fault),
        }
    }

    /// What came, if it came.
    pub fn value(&self) -> Option<T> {
        match self.state.get() {
            Load::Ready(came) => came.downcast_ref().cloned(),
            _ => None,
        }
    }

    /// Why nothing came.
    pub fn fault(&self) -> Option<Fault> {
        match self.state.get() {
            Load::Failed(fault) => Some(fault),
            _ => None,
        }
    }
}

/// Asks whenever the path changes. An answer to an older question is dropped.
pub fn load<T: FromJson + Send + Sync + 'static>(path: impl Fn() -> String + 'static) -> Loaded<T> {
    load_if(move || Some(path()))
}

/// The same, where there may be nothing to ask yet: what has no path is read as null.
pub fn load_if<T: FromJson + Send + Sync + 'static>(
    path: impl Fn() -> Option<String> + 'static,
) -> Loaded<T> {
    let (state, again) = (RwSignal::new(Load::Waiting), RwSignal::new(0));
    let read = |answer| Ok(Arc::new(api::read::<T>(answer)?) as Came);
    follow(Box::new(path), again, state, read);
    Loaded { state, again, of: PhantomData }
}

fn follow(
    path: Box<dyn Fn() -> Option<String>>,
    again: RwSignal<u32>,
    state: RwSignal<Load<Came>>,
    read: fn(Value) -> Result<Came, Fault>,
) {
    let turn = StoredValue::new(0_u32);
    effect(move || {
        again.track();
        let mine = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        let path = path();
        spawn_local(async move {
            let answer = match path {
                Some(path) => api::value("GET", &path, None).await,
                None => Ok(Value::Null),
            };
            if turn.try_get_value() != mine {
                return;
            }
            let _ = state.try_set(match answer.and_then(read) {
                Ok(came) => Load::Ready(came),
                Err(fault) => Load::Failed(fault),
            });
        });
    });
}

/// Shows what came, grey lines until then, or why it does not come.
pub fn shown<T, V>(loaded: Loaded<T>, show: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView
where
    T: Clone + 'static,
    V: IntoView + 'static,
{
    let state = move || match loaded.get() {
        Load::Waiting => skeleton(4),
        Load::Ready(value) => show(value).into_any(),
        Load::Failed(fault) => failed(fault, move || loaded.again()),
    };
    live(state).into_any()
}

/// Why something did not come, and a button to ask again.
pub fn failed(fault: Fault, again: impl Fn() + Send + Sync + 'static) -> AnyView {
    if fault.status == 403 {
        return super::empty(w().forbidden_title, w().forbidden_text, ());
    }
    view! {
        <div class="empty" role="alert">
            <p>{fault.text}</p>
            <button
                type="button"
                class="btn"
                on:click=hear(move |_| again())
            >
                {w().again}
            </button>
        </div>
    }
    .into_any()
}
