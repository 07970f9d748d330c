//! What a page waits for: asked for, asked for again when its key changes, shown or explained.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::skeleton;
use crate::browser::api::Fault;
use crate::words::shell::w;

/// How far a request has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Load<T> {
    Waiting,
    Ready(T),
    Failed(Fault),
}

/// Something from the server, and how to ask for it again.
pub struct Loaded<T: Send + Sync + 'static> {
    pub state: RwSignal<Load<T>>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loaded<T> {}

impl<T: Clone + Send + Sync + 'static> Loaded<T> {
    /// Asks again; what is there stays until the answer comes.
    pub fn again(&self) {
        self.again.update(|count| *count += 1);
    }

    /// What came, if it came.
    pub fn value(&self) -> Option<T> {
        self.state.with(|state| match state {
            Load::Ready(value) => Some(value.clone()),
            _ => None,
        })
    }
}

/// Asks whenever the key changes. An answer to an older question is dropped.
pub fn load<K, T, F>(key: impl Fn() -> K + 'static, ask: impl Fn(K) -> F + 'static) -> Loaded<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + 'static,
{
    let state = RwSignal::new(Load::Waiting);
    let again = RwSignal::new(0);
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        again.track();
        let mine = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        let answer = ask(key());
        spawn_local(async move {
            let answer = answer.await;
            if turn.try_get_value() != mine {
                return;
            }
            let _ = state.try_set(match answer {
                Ok(value) => Load::Ready(value),
                Err(fault) => Load::Failed(fault),
            });
        });
    });
    Loaded { state, again }
}

/// Shows what came, grey lines until then, or why it does not come.
pub fn shown<T, V>(loaded: Loaded<T>, show: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let state = move || match loaded.state.get() {
        Load::Waiting => skeleton(4),
        Load::Ready(value) => show(value).into_any(),
        Load::Failed(fault) if fault.status == 403 => {
            super::empty(w().forbidden_title, w().forbidden_text, ())
        }
        Load::Failed(fault) => view! {
            <div class="empty" role="alert">
                <p>{fault.text}</p>
                <button type="button" class="btn" on:click=move |_| loaded.again()>
                    {w().again}
                </button>
            </div>
        }
        .into_any(),
    };
    state.into_any()
}
