//! The few ways into the browser.

pub mod api;
pub mod download;
pub mod history;
pub mod intl;
pub mod js;
pub mod passkey;
pub mod size;
pub mod stream;

pub fn window() -> web_sys::Window {
    web_sys::window().unwrap_or_else(|| unreachable!("the dashboard runs in a window"))
}

pub fn document() -> web_sys::Document {
    window().document().unwrap_or_else(|| unreachable!("a window of ours shows a document"))
}
