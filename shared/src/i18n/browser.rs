//! Numbers and plurals in the widget: the browser's Intl, one formatter a language and kind.

use std::cell::RefCell;

use js_sys::Intl::{NumberFormat, PluralRules};
use js_sys::{Array, Function, Object};
use wasm_bindgen::JsValue;

struct Formatters {
    language: &'static str,
    number: Function,
    plural: PluralRules,
}

thread_local! {
    static FORMATTERS: RefCell<Vec<Formatters>> = const { RefCell::new(Vec::new()) };
}

fn with<T>(locale: &str, work: impl FnOnce(&Formatters) -> T) -> T {
    let language = super::supported(locale);
    FORMATTERS.with_borrow_mut(|all| {
        let at = all.iter().position(|found| found.language == language).unwrap_or_else(|| {
            let tags = Array::of1(&JsValue::from_str(super::number_tag(language)));
            let none = Object::new();
            all.push(Formatters {
                language,
                number: NumberFormat::new(&tags, &none).format(),
                plural: PluralRules::new(&tags, &none),
            });
            all.len() - 1
        });
        work(&all[at])
    })
}

/// A whole number as that language writes it: `12,345`, `12 345`, `١٢٬٣٤٥`.
pub fn number(locale: &str, value: u64) -> String {
    let written = with(locale, |found| {
        found.number.call1(&JsValue::UNDEFINED, &JsValue::from_f64(value as f64))
    });
    written.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// The CLDR plural category: `zero`, `one`, `two`, `few`, `many` or `other`.
pub fn plural(locale: &str, value: u64) -> &'static str {
    let category = with(locale, |found| String::from(found.plural.select(value as f64)));
    ["zero", "one", "two", "few", "many"]
        .into_iter()
        .find(|name| *name == category)
        .unwrap_or("other")
}
