//! Files that the page itself makes, and the clipboard.

use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};

use super::{document, js, window};
use crate::session;
use crate::words::shell::w;

/// Saves a text as a file.
pub fn save(name: &str, kind: &str, text: &str) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else {
        return session::say(w().failed);
    };
    save_blob(name, &blob);
}

/// Saves bytes that came from somewhere else.
pub fn save_blob(name: &str, blob: &web_sys::Blob) {
    let Ok(url) = web_sys::Url::create_object_url_with_blob(blob) else { return };
    save_from(name, &url);
    // The browser has taken the file over once its own turn comes.
    let later = js::Timer::after(60_000, move |_| {
        let _ = web_sys::Url::revoke_object_url(&url);
    });
    std::mem::forget(later);
}

/// Has the browser save what is at an address, straight to the disk.
pub fn save_from(name: &str, url: &str) {
    if let Ok(link) = document().create_element("a") {
        let link: web_sys::HtmlAnchorElement = link.unchecked_into();
        link.set_href(url);
        link.set_download(name);
        link.click();
    }
}

/// Puts a text into the clipboard, and says so.
pub fn copy(text: String) {
    spawn_local(async move {
        let clipboard = js::get(&JsValue::from(window().navigator()), "clipboard");
        match js::wait(&clipboard, "writeText", &[text.into()]).await {
            Ok(_) => session::say(w().copied),
            Err(_) => session::say(w().copy_failed),
        }
    });
}
