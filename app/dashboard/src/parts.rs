//! What pages are made of.

use leptos::prelude::*;

use crate::browser::{document, history};
use crate::words::shell::w;
use live::live;

mod dialog;
mod field;
pub mod figure;
pub mod live;
mod load;
mod menu;
pub mod table;
pub mod toasts;

pub use dialog::{confirm, dialog};
pub use field::{About, area, checkbox, choice, choice_or, field, unique};
pub use load::{Load, Loaded, failed, load, load_if, shown};
pub use menu::menu;

/// The heading of a page: names the browser's tab, and takes the focus when the page was changed,
/// so that those who do not see it know where they are.
pub fn heading(title: impl Into<String>) -> AnyView {
    titled(title.into(), "")
}

/// The same for those who only hear the page.
pub fn unseen_heading(title: impl Into<String>) -> AnyView {
    titled(title.into(), "unseen")
}

fn titled(title: String, class: &'static str) -> AnyView {
    document().set_title(&format!("{title} · {}", w().product));
    let node = NodeRef::<leptos::html::H1>::new();
    node.on_load(|heading| {
        if history::moved() {
            let _ = heading.focus();
        }
    });
    view! { <h1 node_ref=node tabindex="-1" class=class>{title}</h1> }.into_any()
}

/// A box with a heading. `wide` of 12 columns; a phone has one.
pub fn card(title: impl IntoView, wide: u8, content: impl IntoView) -> AnyView {
    carded(title.into_any(), wide, content.into_any())
}

fn carded(title: AnyView, wide: u8, content: AnyView) -> AnyView {
    let class = format!("card w{wide}");
    view! { <section class=class><h2>{title}</h2>{content}</section> }.into_any()
}

/// Grey lines where text will be.
pub fn skeleton(lines: usize) -> AnyView {
    let lines = (0..lines).map(|_| view! { <i></i> }).collect_view();
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">{w().loading}</span>
            {lines}
        </div>
    }
    .into_any()
}

/// Nothing here yet: why, and what to do next.
pub fn empty(title: impl IntoView, text: impl IntoView, next: impl IntoView) -> AnyView {
    nothing(title.into_any(), text.into_any(), next.into_any())
}

fn nothing(title: AnyView, text: AnyView, next: AnyView) -> AnyView {
    view! { <div class="empty"><p><b>{title}</b></p><p>{text}</p>{next}</div> }.into_any()
}

/// A problem that stays on the page, read out at once.
pub fn problem(text: impl Fn() -> Option<String> + Send + Sync + 'static) -> AnyView {
    let said = live(move || text().map(|text| view! { <p class="problem">{text}</p> }.into_any()));
    view! { <div role="alert">{said}</div> }.into_any()
}
