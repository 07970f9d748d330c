//! Requests to the server: JSON there and back, and what went wrong as one type.

use std::pin::Pin;

use countersign_shared::admin::json::{self, FromJson};
use countersign_shared::{FieldError, Problem};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::js;
use crate::session;
use crate::words::shell::w;

/// Why there is no answer, in words that can be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The HTTP status; 0 where no answer came.
    pub status: u16,
    /// A stable code of the API; empty where none came.
    pub code: String,
    pub text: String,
    /// For input: each field at fault.
    pub fields: Vec<FieldError>,
}

impl Fault {
    /// What is wrong with one field.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|field| field.field == name).map(|field| field.message.clone())
    }

    pub fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, code: String::new(), text: text.into(), fields: Vec::new() }
    }
}

/// A path of the organizers' API: `admin("team")`.
pub fn admin(rest: &str) -> String {
    format!("/api/v1/admin/{rest}")
}

/// A path of one campaign: `of("example", "overview")`.
pub fn of(slug: &str, rest: &str) -> String {
    format!("/api/v1/admin/campaigns/{slug}/{rest}")
}

/// A value as a part of a query.
pub fn encoded(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
}

pub async fn get<T: FromJson>(path: &str) -> Result<T, Fault> {
    read(value("GET", path, None).await?)
}

/// Sends a body. An answer without a body is `()`.
pub async fn send<T: FromJson>(
    method: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Fault> {
    let body = serde_json::to_string(body).map_err(|_| failed())?;
    read(value(method, path, Some(body)).await?)
}

pub async fn post<T: FromJson>(path: &str, body: &impl Serialize) -> Result<T, Fault> {
    send("POST", path, body).await
}

/// Sends a method without a body, such as DELETE.
pub async fn act<T: FromJson>(method: &str, path: &str) -> Result<T, Fault> {
    read(value(method, path, None).await?)
}

/// An answer as what it should be.
pub fn read<T: FromJson>(answer: Value) -> Result<T, Fault> {
    json::from_value(&answer).ok_or_else(failed)
}

fn failed() -> Fault {
    Fault::new(0, w().failed)
}

/// Asks. What waits for the answer holds a pointer: all that is needed to ask would otherwise be
/// compiled into every request.
pub fn value(
    method: &str,
    path: &str,
    body: Option<String>,
) -> Pin<Box<dyn Future<Output = Result<Value, Fault>>>> {
    let (method, path) = (method.to_owned(), path.to_owned());
    Box::pin(async move {
        let text = ask(&method, &path, body).await?;
        let text = if text.is_empty() { "null" } else { &text };
        serde_json::from_str(text).map_err(|_| failed())
    })
}

/// The body of a good answer.
pub async fn ask(method: &str, path: &str, body: Option<String>) -> Result<String, Fault> {
    let headers = js::object(&[("accept", "application/json".into())]);
    if body.is_some() {
        js::set(&headers, "content-type", &"application/json".into());
    }
    let init = js::object(&[
        ("method", method.into()),
        ("headers", headers),
        ("credentials", "same-origin".into()),
        ("cache", "no-store".into()),
    ]);
    if let Some(body) = body {
        js::set(&init, "body", &body.into());
    }
    let unreachable = |_: JsValue| Fault::new(0, w().no_answer);
    let response = js::wait(&js_sys::global(), "fetch", &[path.into(), init]).await;
    let response = response.map_err(unreachable)?;
    let status = js::get(&response, "status").as_f64().unwrap_or(0.0) as u16;
    let text = js::wait(&response, "text", &[]).await.map_err(unreachable)?;
    let text = text.as_string().unwrap_or_default();
    if (200..300).contains(&status) {
        return Ok(text);
    }
    let fault = fault(status, &text);
    // A wrong password has this status too.
    if status == 401 && fault.code == "unauthorized" {
        session::lost();
    }
    Err(fault)
}

fn fault(status: u16, text: &str) -> Fault {
    let Some(problem) = json::from_text::<Problem>(text) else {
        return Fault::new(status, w().failed);
    };
    Fault {
        status,
        code: problem.code,
        text: problem.detail.unwrap_or(problem.title),
        fields: problem.fields,
    }
}
