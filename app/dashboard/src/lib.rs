//! The organizers' dashboard: a single-page app under `/admin`.
//!
//! What is pure is out here and tested natively: where a path leads, days and ranges, the geometry
//! of charts, the table of words. What needs a browser compiles for `wasm32` alone.
//!
//! - `browser`: the few ways into the browser (requests, history, `Intl`, passkeys, the stream).
//! - `session`: who is signed in, and which campaigns there are.
//! - `frame`: what stays around every page. `pages`: one page a file. `parts`: what pages share.

// Views are types, and a page is a deep one.
#![recursion_limit = "256"]

pub mod beat;
pub mod chart;
pub mod columns;
pub mod csv;
pub mod day;
pub mod digits;
pub mod minutes;
pub mod pulse;
pub mod range;
pub mod route;
pub mod saving;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod frame;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod parts;
#[cfg(target_arch = "wasm32")]
mod session;

/// Starts the dashboard in the element `#app`, whose content it replaces.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    use wasm_bindgen::JsCast as _;

    let Some(root) = browser::document().get_element_by_id("app") else { return };
    root.set_inner_html("");
    leptos::mount::mount_to(root.unchecked_into(), frame::app).forget();
}
