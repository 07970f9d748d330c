//! The text of a file, whatever encoding a spreadsheet gave it.

use wasm_bindgen::JsValue;

use crate::browser::js;
use crate::columns;

/// Encodings that spreadsheets write in different countries, by their names in browsers.
pub const ENCODINGS: [(&str, &str); 9] = [
    ("windows-1252", "Western European (Windows-1252, Latin-1)"),
    ("windows-1250", "Central European (Windows-1250)"),
    ("windows-1251", "Cyrillic (Windows-1251)"),
    ("windows-1253", "Greek (Windows-1253)"),
    ("windows-1254", "Turkish (Windows-1254)"),
    ("windows-1255", "Hebrew (Windows-1255)"),
    ("windows-1256", "Arabic (Windows-1256)"),
    ("shift_jis", "Japanese (Shift JIS)"),
    ("gb18030", "Chinese (GB 18030)"),
];

/// The text, and the encoding that was guessed; no encoding where nothing had to be guessed.
pub fn read(bytes: &JsValue) -> (String, &'static str) {
    let first = js_sys::Uint8Array::new(bytes).subarray(0, 2).to_vec();
    let certain = columns::marked(&first).unwrap_or("utf-8");
    if let Some(text) = decode(bytes, certain) {
        return (text, "");
    }
    let (likely, _) = ENCODINGS[0];
    (decode(bytes, likely).unwrap_or_default(), likely)
}

/// The text in this encoding. UTF-8 that is none gives nothing, rather than marks for what is lost.
pub fn decode(bytes: &JsValue, encoding: &str) -> Option<String> {
    let options = js::object(&[("fatal", (encoding == "utf-8").into())]);
    let args = [encoding.into(), options];
    let decoder = js::construct(&js_sys::global(), "TextDecoder", &args).ok()?;
    js::call(&decoder, "decode", std::slice::from_ref(bytes)).ok()?.as_string()
}
