//! The real widget with what stands in the form: painted by the server, shown in a shadow root.
//!
//! Not in a frame: a document inside of this one has this page's policy, which allows no style in
//! documents. A shadow root takes adopted sheets, as the widget does on other people's sites.

use countersign_shared::admin::campaigns::{CampaignSettings, Preview, PreviewRequest};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::Editor;
use crate::browser::{api, js};
use crate::parts::live::{effect, live};
use crate::parts::{choice, field};
use crate::words::settings::w;

pub fn preview(editor: Editor) -> AnyView {
    let host = NodeRef::<Div>::new();
    let scheme = RwSignal::new("light".to_owned());
    let wide = RwSignal::new("phone".to_owned());
    let total = RwSignal::new("1284".to_owned());
    let waits = Memo::new(move |_| {
        editor.check.with(|check| check.as_ref().is_none_or(|check| !check.faults.is_empty()))
    });
    let turn = StoredValue::new(0_u32);
    effect(move || {
        // The check comes a moment after the last change, and says whether there is what to show.
        editor.check.track();
        let (locale, scheme) = (editor.language.get(), scheme.get());
        let total = total.with(|total| total.trim().parse().unwrap_or(0));
        let Some(host) = host.get() else { return };
        if waits.get() {
            return;
        }
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let settings = editor.form.settings.get_untracked();
        spawn_local(async move {
            let painted = paint(settings, locale, scheme, total).await;
            if turn.try_get_value() == Some(mine)
                && let Some(painted) = painted
            {
                show(&JsValue::from(host), painted).await;
            }
        });
    });
    let class = move || format!("paper {} {}", scheme.get(), wide.get());
    view! {
        <section class="card preview" aria-label=w().preview>
            <h2>{w().preview}</h2>
            <p class="sub">{live(move || if waits.get() { w().preview_waits } else { w().preview_lead })}</p>
            <div class="pairs">
                {choice(w().scheme, scheme, vec![
                    ("light".to_owned(), w().scheme_light.to_owned()),
                    ("dark".to_owned(), w().scheme_dark.to_owned()),
                ])}
                {choice(w().preview, wide, vec![
                    ("phone".to_owned(), w().preview_phone.to_owned()),
                    ("wide".to_owned(), w().preview_wide.to_owned()),
                ])}
                {field(w().preview_total, total, crate::parts::About {
                    kind: "number",
                    ..Default::default()
                }, || None)}
            </div>
            <div class=class><div node_ref=host inert></div></div>
        </section>
    }
    .into_any()
}

async fn paint(
    settings: CampaignSettings,
    locale: String,
    scheme: String,
    total: u64,
) -> Option<Preview> {
    let asked = PreviewRequest { settings, locale, scheme, total };
    api::post(&api::admin("campaigns/preview"), &asked).await.ok()
}

/// Puts the widget and its sheets into the shadow root.
async fn show(host: &JsValue, preview: Preview) {
    let mut shadow = js::get(host, "shadowRoot");
    if !shadow.is_object() {
        let open = js::object(&[("mode", "open".into())]);
        let Ok(made) = js::call(host, "attachShadow", &[open]) else { return };
        shadow = made;
    }
    let own = match &preview.style {
        Some(path) => api::ask("GET", path, None).await.unwrap_or_default(),
        None => String::new(),
    };
    let sheets = [own, preview.theme].map(|text| sheet(&text).unwrap_or(JsValue::NULL));
    let sheets: js_sys::Array = sheets.into_iter().filter(JsValue::is_object).collect();
    js::set(&shadow, "adoptedStyleSheets", &sheets);
    js::set(&shadow, "innerHTML", &preview.painted.into());
}

fn sheet(text: &str) -> Option<JsValue> {
    let made = js::construct(&js_sys::global(), "CSSStyleSheet", &[]).ok()?;
    js::call(&made, "replaceSync", &[text.into()]).ok()?;
    Some(made)
}
