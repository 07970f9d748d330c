//! Another language, with what was typed kept.

use std::rc::Rc;

use countersign_shared::i18n::Catalog;
use countersign_shared::locale::direction;
use countersign_shared::routes;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::{decode, fetch, js};
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
        let answer = fetch::json(&app, &routes::locale(&locale), &js::object(&[])).await;
        if let Ok(answer) = answer
            && !app.gone()
        {
            show(&app, locale, &answer.json);
        }
    });
}

fn show(app: &App, locale: String, answer: &JsValue) {
    let Some(texts) = app.state.campaign.texts.get(&locale).cloned() else { return };
    let Some(catalog) = js::text(answer, "catalog") else { return };
    let words = Words {
        dir: direction(&locale).to_owned(),
        catalog: Catalog::from_compact(&catalog),
        countries: decode::countries(answer),
        texts,
        locale,
    };
    if let Some(select) = js::find(&app.root, "select") {
        let chosen = js::text(&select, "value").unwrap_or_default();
        let html = options(&words.say("field-country-choose"), &words.countries, &chosen);
        js::set(&select, "innerHTML", &html.into());
    }
    let detail =
        js::object(&[("lang", words.locale.as_str().into()), ("dir", words.dir.as_str().into())]);
    app.ui.words.set(words);
    app.emit("pledge:language", detail);
}
