//! Asking before something that cannot be undone, and boxes above the page.

use leptos::prelude::*;

use super::unique;
use crate::words::shell::w;

/// A box above the page, shown while `open`. The browser keeps the focus inside it, closes it by
/// Escape, and gives the focus back.
pub fn dialog<T, V>(
    open: RwSignal<bool>,
    title: T,
    content: impl Fn() -> V + Send + Sync + 'static,
) -> AnyView
where
    T: IntoView + 'static,
    V: IntoView + 'static,
{
    let node = NodeRef::<leptos::html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let id = unique("dialog");
    let name = id.clone();
    view! {
        <dialog node_ref=node aria-labelledby=name on:close=move |_| open.set(false)>
            <h2 id=id>{title}</h2>
            {move || open.get().then(&content)}
        </dialog>
    }
    .into_any()
}

/// Asks whether to go on. `act` runs when the button with `verb` is pressed.
pub fn confirm(
    open: RwSignal<bool>,
    title: impl IntoView + 'static,
    text: impl Fn() -> String + Send + Sync + Clone + 'static,
    verb: &'static str,
    act: impl Fn() + Send + Sync + Copy + 'static,
) -> AnyView {
    dialog(open, title, move || {
        view! {
            <p>{text.clone()}</p>
            <div class="row ends">
                <button type="button" class="btn" on:click=move |_| open.set(false)>
                    {w().cancel}
                </button>
                <button
                    type="button"
                    class="btn danger"
                    on:click=move |_| {
                        open.set(false);
                        act();
                    }
                >
                    {verb}
                </button>
            </div>
        }
    })
}
