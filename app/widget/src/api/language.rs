//! Another language, with what was typed kept.

use std::rc::Rc;

use countersign_shared::i18n::Catalog;
use countersign_shared::locale::direction;
use countersign_shared::routes;
use countersign_shared::widget::CountryName;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::{fetch, js};
use crate::view::options;
use crate::words::Words;

/// Closes the fold of languages.
pub fn fold(app: &App) {
    if let Some(fold) = js::find(&app.root, ".cs-language[open]") {
        js::set(&fold, "open", &false.into());
        if let Some(summary) = js::find(&fold, "summary") {
            let _ = js::call(&summary, "focus", &[]);
        }
    }
}

/// Fetches the messages and shows everything in that language. Without an answer nothing changes.
pub fn switch(app: &Rc<App>, locale: String) {
    let known = app.state.campaign.texts.contains_key(&locale);
    if !known || app.ui.words.with_untracked(|words| words.locale == locale) {
        return;
    }
    let app = Rc::clone(app);
    spawn_local(async move {
        let Ok(answer) = fetch::json(&app, &routes::locale(&locale), &js::object(&[])).await else {
            return;
        };
        let Some(catalog) = js::text(&answer.json, "catalog") else { return };
        if !app.gone() {
            show(&app, locale, &catalog);
        }
    });
}

fn show(app: &App, locale: String, catalog: &str) {
    let dir = direction(&locale);
    let countries = app.ui.words.with_untracked(|words| named(&locale, &words.countries));
    let detail = js::object(&[("lang", locale.as_str().into()), ("dir", dir.into())]);
    let Some(texts) = app.state.campaign.texts.get(&locale).cloned() else { return };
    let catalog = Catalog::from_compact(catalog);
    let words = Words { locale, dir: dir.to_owned(), catalog, texts, countries };
    if let Some(select) = js::find(&app.root, "select") {
        let chosen = js::text(&select, "value").unwrap_or_default();
        let html = options(&words.say("field-country-choose"), &words.countries, &chosen);
        js::set(&select, "innerHTML", &html.into());
    }
    app.ui.words.set(words);
    app.emit("pledge:language", detail);
}

/// The countries by name in another language, in its order.
fn named(locale: &str, countries: &[CountryName]) -> Vec<CountryName> {
    let locale = JsValue::from(locale);
    let intl = js::named("Intl");
    let make = |name: &str, options: JsValue| {
        js::construct(&intl, name, &[locale.clone(), options]).unwrap_or(JsValue::UNDEFINED)
    };
    let names = make("DisplayNames", js::object(&[("type", "region".into())]));
    let order = make("Collator", JsValue::UNDEFINED);
    let mut named: Vec<_> = countries
        .iter()
        .map(|country| {
            let name = js::call(&names, "of", &[country.code.as_str().into()]);
            let name = name.ok().and_then(|name| name.as_string());
            CountryName {
                code: country.code.clone(),
                name: name.unwrap_or_else(|| country.name.clone()),
            }
        })
        .collect();
    named.sort_by(|a, b| {
        let args = [a.name.as_str().into(), b.name.as_str().into()];
        let order = js::call(&order, "compare", &args).ok().and_then(|n| n.as_f64());
        order.unwrap_or(0.0).total_cmp(&0.0)
    });
    named
}
