//! The widget's side: the browser has the tables already.

use js_sys::{Array, Function, JsString, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Url;

/// How many characters a person sees: `Intl.Segmenter`, or code points where a browser lacks it.
pub fn graphemes(text: &str) -> usize {
    // Of all ASCII only a line end of two characters is one.
    if text.is_ascii() && !text.contains('\r') {
        return text.len();
    }
    segments(text).unwrap_or_else(|| text.chars().count())
}

fn segments(text: &str) -> Option<usize> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let maker: Function = Reflect::get(&intl, &"Segmenter".into()).ok()?.dyn_into().ok()?;
    let segmenter = Reflect::construct(&maker, &Array::new()).ok()?;
    let segment: Function = Reflect::get(&segmenter, &"segment".into()).ok()?.dyn_into().ok()?;
    let found = segment.call1(&segmenter, &JsValue::from_str(text)).ok()?;
    Some(Array::from(&found).length() as usize)
}

fn normalize(text: &str, form: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { JsString::from(text).normalize(form).into() }
}

/// Normalization form C.
pub fn nfc(text: &str) -> String {
    normalize(text, "NFC")
}

/// Normalization form KC.
pub fn nfkc(text: &str) -> String {
    normalize(text, "NFKC")
}

/// Lower case by the full Unicode mapping, of no particular language.
pub fn lowercase(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        JsString::from(text).to_lower_case().into()
    }
}

/// A domain name in its ASCII form, lower case; `None` where IDNA (UTS 46) refuses it.
pub fn domain_to_ascii(domain: &str) -> Option<String> {
    // A path, port, user or address in brackets is no domain, though a URL would take it.
    let plain = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if domain.is_empty() || !domain.chars().all(plain) {
        return None;
    }
    // Some browsers check the labels of a host only where one is not ASCII: put one before it.
    let url = Url::new(&["https://é.", domain, "/"].concat()).ok()?;
    let host = url.hostname();
    host.split_once('.').map(|(_, ascii)| ascii.to_owned())
}
