//! What is said in passing: good news goes by itself, bad news stays until it is closed.

use leptos::prelude::*;

use crate::browser::js::Timer;
use crate::parts::live::{each, hear};
use crate::session::{self, Toast};
use crate::words::shell::w;

const STAYS: u32 = 6_000;

/// Two live regions, there from the start: screen readers follow only what they know. `inside` is
/// the box that they are in. While a box is open, nothing outside of it can be reached or heard, so
/// everything is said in the topmost one.
pub fn toasts(inside: Option<String>) -> AnyView {
    let here = Memo::new(move |_| session::boxes().with(|all| all.last() == inside.as_ref()));
    let list = |bad: bool| {
        let of = move || {
            if !here.get() {
                return Vec::new();
            }
            session::toasts().with(|all| {
                let said = all.iter().filter(|toast| toast.bad == bad);
                said.map(|toast| toast.id.to_string()).collect()
            })
        };
        each(of, drawn)
    };
    view! {
        <div class="toasts">
            <div role="status">{list(false)}</div>
            <div role="alert">{list(true)}</div>
        </div>
    }
    .into_any()
}

fn drawn(id: String) -> AnyView {
    let found = session::toasts()
        .with_untracked(|all| all.iter().find(|toast| toast.id.to_string() == id).cloned());
    found.map(toast).into_any()
}

fn toast(toast: Toast) -> AnyView {
    let close = move || session::toasts().update(|all| all.retain(|one| one.id != toast.id));
    if !toast.bad {
        // Dropped with the line: a timer of a line that was closed must not ring.
        StoredValue::new_local(Timer::after(STAYS, move |_| close()));
    }
    view! {
        <div class="toast" class:bad=toast.bad>
            <span>{toast.text}</span>
            <button type="button" class="quiet" aria-label=w().close on:click=hear(move |_| close())>
                "×"
            </button>
        </div>
    }
    .into_any()
}
