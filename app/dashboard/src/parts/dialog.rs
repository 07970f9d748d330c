//! Asking before something that cannot be undone, and boxes above the page.

use std::sync::Arc;

use leptos::prelude::*;

use super::live::{effect, hear, live};
use super::{toasts, unique};
use crate::session;
use crate::words::shell::w;

/// A box above the page, shown while `open`. The browser keeps the focus inside it, closes it by
/// Escape, and gives the focus back.
pub fn dialog<V: IntoView + 'static>(
    open: RwSignal<bool>,
    title: impl IntoView + 'static,
    content: impl Fn() -> V + Send + Sync + 'static,
) -> AnyView {
    boxed(open, title.into_any(), Box::new(move || content().into_any()))
}

fn boxed(
    open: RwSignal<bool>,
    title: AnyView,
    content: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let node = NodeRef::<leptos::html::Dialog>::new();
    let id = unique("dialog");
    let (name, heard, inside) = (id.clone(), id.clone(), id.clone());
    let this = id.clone();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) if dialog.show_modal().is_ok() => {
                session::boxes().update(|all| all.push(this.clone()));
            }
            (false, true) => {
                dialog.close();
                leave(&this);
            }
            _ => {}
        }
    });
    // The page may go while the box is open.
    on_cleanup({
        let this = id.clone();
        move || leave(&this)
    });
    let close = move |_| {
        leave(&heard);
        open.set(false);
    };
    view! {
        <dialog node_ref=node aria-labelledby=name on:close=hear(close)>
            <h2 id=id>{title}</h2>
            {live(move || open.get().then(&content))}
            {live(move || open.get().then(|| toasts::toasts(Some(inside.clone()))))}
        </dialog>
    }
    .into_any()
}

/// A box is not above the page any more.
fn leave(id: &str) {
    let boxes = session::boxes();
    if boxes.with_untracked(|all| all.iter().any(|one| one == id)) {
        boxes.update(|all| all.retain(|one| one != id));
    }
}

/// Asks whether to go on. `act` runs when the button with `verb` is pressed.
pub fn confirm(
    open: RwSignal<bool>,
    title: impl IntoView + 'static,
    text: impl Fn() -> String + Send + Sync + Clone + 'static,
    verb: &'static str,
    act: impl Fn() + Send + Sync + Copy + 'static,
) -> AnyView {
    question(open, title.into_any(), Arc::new(text), verb, Arc::new(act))
}

fn question(
    open: RwSignal<bool>,
    title: AnyView,
    text: Arc<dyn Fn() -> String + Send + Sync>,
    verb: &'static str,
    act: Arc<dyn Fn() + Send + Sync>,
) -> AnyView {
    dialog(open, title, move || {
        let (text, act) = (Arc::clone(&text), Arc::clone(&act));
        view! {
            <p>{live(move || text())}</p>
            <div class="row ends">
                <button type="button" class="btn" on:click=hear(move |_| open.set(false))>
                    {w().cancel}
                </button>
                <button
                    type="button"
                    class="btn danger"
                    on:click=hear(move |_| {
                        open.set(false);
                        act();
                    })
                >
                    {verb}
                </button>
            </div>
        }
    })
}
