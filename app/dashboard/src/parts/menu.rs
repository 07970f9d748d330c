//! A button that opens a small box of links or fields.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::live::{hear, live};
use crate::browser::document;
use crate::browser::js::Listener;

/// A menu. It closes by Escape, by a click outside, and when a link in it is followed.
pub fn menu<T: IntoView + 'static>(
    label: &'static str,
    class: &'static str,
    text: impl Fn() -> T + Send + Sync + 'static,
    content: impl IntoView + 'static,
) -> AnyView {
    boxed(label, class, live(text).into_any(), content.into_any())
}

fn boxed(label: &'static str, class: &'static str, text: AnyView, content: AnyView) -> AnyView {
    let node = NodeRef::<leptos::html::Details>::new();
    let close = move |focus: bool| {
        let Some(details) = node.get_untracked() else { return };
        if !details.open() {
            return;
        }
        details.set_open(false);
        if focus && let Ok(Some(summary)) = details.query_selector("summary") {
            let _ = summary.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    StoredValue::new_local(Listener::new(&JsValue::from(document()), "click", move |event| {
        let event: web_sys::MouseEvent = event.unchecked_into();
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some((details, target)) = node.get_untracked().zip(target) else { return };
        let followed = target.closest("a[href], button[data-closes]").ok().flatten().is_some();
        if !details.contains(Some(&target)) || followed {
            close(false);
        }
    }));
    view! {
        <details
            node_ref=node
            class=format!("menu {class}")
            on:keydown=hear(move |event: web_sys::KeyboardEvent| {
                if event.key() == "Escape" {
                    close(true);
                }
            })
        >
            <summary aria-label=label><span>{text}</span></summary>
            <div class="box">{content}</div>
        </details>
    }
    .into_any()
}
