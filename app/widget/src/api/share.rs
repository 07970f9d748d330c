//! Passing the campaign on by the device's own sheet, or by the clipboard.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::app::App;
use super::js;
use crate::view::share_link;

/// Whether the browser shares by itself.
pub fn can_share() -> bool {
    js::get(&js::named("navigator"), "share").is_function()
}

/// Opens the device's sheet. That the person closes it again is no error.
pub fn share(app: &App) {
    let sheet = app.ui.words.with_untracked(|words| {
        js::object(&[
            ("title", words.texts.title.as_str().into()),
            ("text", words.texts.pledge.as_str().into()),
            ("url", share_link(&app.state).into()),
        ])
    });
    if let Ok(shared) = js::call(&js::named("navigator"), "share", &[sheet]) {
        js::let_go(shared);
    }
}

/// Copies the link and says so. Without a clipboard the browser shows the link to copy by hand.
pub fn copy(app: &Rc<App>) {
    let app = Rc::clone(app);
    let url = JsValue::from(share_link(&app.state));
    let clipboard = js::get(&js::named("navigator"), "clipboard");
    let Ok(writing) = js::call(&clipboard, "writeText", std::slice::from_ref(&url)) else {
        let label = app.ui.words.with_untracked(|words| words.say("share-copy"));
        let _ = js::call(&js::global(), "prompt", &[label.into(), url]);
        return;
    };
    spawn_local(async move {
        let copied = JsFuture::from(js_sys::Promise::from(writing)).await.is_ok();
        if copied && !app.gone() {
            app.ui.form.update(|form| form.copied = true);
            app.ui.spoken.set(app.ui.words.with_untracked(|words| words.say("share-copied")));
        }
    });
}
