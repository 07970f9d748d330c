//! A file that is on its way here.

use countersign_shared::Problem;
use countersign_shared::admin::json;
use wasm_bindgen::{JsCast, JsValue};

use super::bar::{Bar, megabytes};
use crate::browser::api::Fault;
use crate::browser::{intl, js};
use crate::saving::{At, percent};
use crate::words::people::w;
use crate::words::{fill, shell};

/// How much of a file is here.
#[derive(Clone, Copy, Default)]
pub struct Come {
    bytes: u64,
    /// In all, where it is known.
    length: u64,
    /// Rows so far where they can be counted, and how many there will be.
    rows: u64,
    of: u64,
}

impl Come {
    /// A bar that fills: `None` where it is not known up to what.
    pub fn bar(self) -> Option<Bar> {
        if self.length > 0 {
            return Some(Bar::at(At::Bytes { sent: self.bytes, of: self.length }));
        }
        if self.of == 0 || self.rows == 0 {
            return None;
        }
        let (mb, filled) = (megabytes(self.bytes), (self.rows.min(self.of), self.of));
        let percent = percent(filled).to_string();
        let [rows, of] = [filled.0, filled.1].map(intl::number);
        let values = [("rows", &*rows), ("of", &*of), ("mb", &*mb), ("percent", &*percent)];
        Some(Bar::new(fill(w().exporting, &values), filled))
    }

    /// One that only moves, and says how much has come.
    pub fn some(self) -> Bar {
        Bar::new(fill(w().exporting_some, &[("mb", &megabytes(self.bytes))]), (0, 0))
    }
}

/// The file, and how many rows there were to be. `None` for a file that broke off, of which
/// nothing is kept: half an export looks like a whole one.
pub async fn read(
    path: &str,
    lines: bool,
    signal: Option<JsValue>,
    tell: &dyn Fn(Come),
) -> Result<(web_sys::Blob, u64), Option<Fault>> {
    let init = js::object(&[("credentials", "same-origin".into()), ("cache", "no-store".into())]);
    if let Some(signal) = signal {
        js::set(&init, "signal", &signal);
    }
    let answer = js::wait(&js_sys::global(), "fetch", &[path.into(), init]).await;
    let answer = answer.map_err(|_| None)?;
    if js::get(&answer, "ok").as_bool() != Some(true) {
        return Err(Some(refusal(&answer).await));
    }
    let headers = js::get(&answer, "headers");
    let header = |name: &str| {
        let value = js::call(&headers, "get", &[name.into()]).ok();
        value.and_then(|value| value.as_string())
    };
    let number = |name: &str| header(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut come = Come { of: number("countersign-rows"), ..Come::default() };
    // Beside an encoding it is the length of other bytes than those that come out here.
    if header("content-encoding").is_none() {
        come.length = number("content-length");
    }
    let reader = js::call(&js::get(&answer, "body"), "getReader", &[]).map_err(|_| None)?;
    let parts = js_sys::Array::new();
    loop {
        let part = js::wait(&reader, "read", &[]).await.map_err(|_| None)?;
        if js::get(&part, "done").as_bool() == Some(true) {
            break;
        }
        let chunk: js_sys::Uint8Array = js::get(&part, "value").unchecked_into();
        come.bytes += u64::from(chunk.length());
        if lines {
            // A line break in a message is a line more: close enough for a bar.
            come.rows += chunk.to_vec().iter().filter(|byte| **byte == b'\n').count() as u64;
        }
        parts.push(&chunk);
        tell(come);
    }
    let blob = web_sys::Blob::new_with_u8_array_sequence(&parts).map_err(|_| None)?;
    Ok((blob, come.of))
}

async fn refusal(answer: &JsValue) -> Fault {
    let status = js::get(answer, "status").as_f64().unwrap_or(0.0) as u16;
    let text = js::wait(answer, "text", &[]).await.ok().and_then(|text| text.as_string());
    let problem = text.and_then(|text| json::from_text::<Problem>(&text));
    let said = problem.map(|problem| problem.detail.unwrap_or(problem.title));
    Fault::new(status, said.unwrap_or_else(|| shell::w().failed.to_owned()))
}
