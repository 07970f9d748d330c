//! The pledge widget: one set of components, painted by the server and hydrated in the browser.
//!
//! - [`render`] (feature `ssr`) gives the HTML of one root element for a [`WidgetState`].
//! - `mount` (feature `hydrate`, in the browser) takes over that very HTML with the same state.
//!
//! The views in [`view`] are pure: they read signals and show them. What a person does is heard in
//! one place, `api/gestures.rs`, and turned into a call of `api`. No view is ever swapped for
//! another: every part is painted once and shown or hidden, so that what was typed stays, nothing
//! jumps, and the browser needs no code to build elements.

#[cfg(all(target_arch = "wasm32", feature = "hydrate"))]
mod api;
pub mod count;
pub mod form;
pub mod ui;
pub mod view;
pub mod words;

#[cfg(all(target_arch = "wasm32", feature = "hydrate"))]
pub use api::mount::{mount, speak, unmount};
pub use countersign_shared::WidgetState;

/// The widget as HTML: one root element, which [`mount`](self) can hydrate from the same state.
#[cfg(feature = "ssr")]
pub fn render(state: &WidgetState) -> String {
    use leptos::prelude::{Owner, RenderHtml};

    Owner::new().with(|| view::widget(ui::Ui::new(state), state).to_html())
}
