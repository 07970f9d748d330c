//! Requests to the server.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::app::App;
use super::js;

/// What came back: the status, the JSON or null, and the seconds of `Retry-After`.
pub struct Answer {
    pub status: u16,
    pub json: JsValue,
    pub retry_after: Option<u64>,
}

/// Asks for JSON. `Err` where no answer came: no network, or the widget is gone.
pub async fn json(app: &App, path: &str, init: &JsValue) -> Result<Answer, JsValue> {
    let response = send(&app.url(path), &app.closing, init).await?;
    let status = js::number(&response, "status").unwrap_or(0) as u16;
    let retry_after = js::call(&js::get(&response, "headers"), "get", &["retry-after".into()])
        .ok()
        .and_then(|value| value.as_string()?.parse().ok());
    let json = wait(js::call(&response, "json", &[])?).await.unwrap_or(JsValue::NULL);
    Ok(Answer { status, json, retry_after })
}

async fn send(url: &str, closing: &JsValue, init: &JsValue) -> Result<JsValue, JsValue> {
    js::set(init, "signal", &js::get(closing, "signal"));
    js::set(init, "credentials", &"omit".into());
    wait(js::call(&js::global(), "fetch", &[url.into(), init.clone()])?).await
}

async fn wait(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(js_sys::Promise::from(promise)).await
}
