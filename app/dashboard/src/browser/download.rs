//! Files that the page itself makes, and the clipboard.

use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

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
    put("writeText", text.into());
}

/// Puts a picture into the clipboard, and says so. It may still be a promise: a browser wants to be
/// asked while the click is fresh.
pub fn copy_png(picture: JsValue) {
    let kinds = js::object(&[("image/png", picture)]);
    match js::construct(&js_sys::global(), "ClipboardItem", &[kinds]) {
        Ok(item) => put("write", js_sys::Array::of1(&item).into()),
        Err(_) => session::say(w().copy_failed),
    }
}

fn put(how: &'static str, what: JsValue) {
    spawn_local(async move {
        let clipboard = js::get(&JsValue::from(window().navigator()), "clipboard");
        match js::wait(&clipboard, how, &[what]).await {
            Ok(_) => session::say(w().copied),
            Err(_) => session::say(w().copy_failed),
        }
    });
}

/// The address of an SVG that is shown on the page it came with.
pub fn svg_url(svg: &str) -> String {
    format!("data:image/svg+xml,{}", super::api::encoded(svg))
}

/// An SVG of squares as a PNG: so many pixels for each of its own, which leaves its edges sharp.
pub async fn png(svg: String, scale: f64) -> Result<JsValue, JsValue> {
    let image = document().create_element("img")?;
    image.set_attribute("src", &svg_url(&svg))?;
    js::wait(&image, "decode", &[]).await?;
    let canvas = document().create_element("canvas")?;
    let size = |name| JsValue::from(js::get(&image, name).as_f64().unwrap_or(0.0) * scale);
    let (wide, high) = (size("naturalWidth"), size("naturalHeight"));
    js::set(&canvas, "width", &wide);
    js::set(&canvas, "height", &high);
    let paper = js::call(&canvas, "getContext", &["2d".into()])?;
    js::set(&paper, "imageSmoothingEnabled", &false.into());
    js::call(&paper, "drawImage", &[image.into(), 0.into(), 0.into(), wide, high])?;
    let made = js_sys::Promise::new(&mut |done, _| {
        let _ = js::call(&canvas, "toBlob", &[done.into(), "image/png".into()]);
    });
    let made = JsFuture::from(made).await?;
    if made.is_object() { Ok(made) } else { Err(JsValue::NULL) }
}
