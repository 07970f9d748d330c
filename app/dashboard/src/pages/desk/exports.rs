//! Rows of a filter as a file, read as it arrives, with a bar that says how far it is.

use countersign_shared::Problem;
use countersign_shared::admin::campaigns::CampaignDetail;
use countersign_shared::admin::{Permission, json};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};

use super::kit::{press, progress};
use super::settings::details;
use super::supporters::filter::{self, Filter};
use crate::browser::api::{self, Fault};
use crate::browser::{download, intl, js};
use crate::pages::top;
use crate::parts::live::live;
use crate::parts::{card, checkbox, choice, shown};
use crate::route::Tab;
use crate::session;
use crate::words::people::w;
use crate::words::{fill, shell};

/// The columns of an export, and whether each is personal data.
const COLUMNS: [(&str, bool); 17] = [
    ("id", false),
    ("signed_at", false),
    ("state", false),
    ("name", true),
    ("email", true),
    ("country", false),
    ("locale", false),
    ("public_name", false),
    ("updates", false),
    ("message", true),
    ("utm_source", false),
    ("utm_medium", false),
    ("utm_campaign", false),
    ("referrer", false),
    ("suspicious", false),
    ("quarantine_reason", false),
    ("receipt", false),
];

#[derive(Clone, Copy)]
struct Export {
    slug: StoredValue<String>,
    format: RwSignal<String>,
    columns: StoredValue<Vec<(&'static str, bool, RwSignal<bool>)>>,
    people: RwSignal<bool>,
    filter: Filter,
    /// Bytes that are here, rows so far where they can be counted, and how many there will be.
    come: RwSignal<Option<(f64, u64, u64)>>,
    /// Stops the request.
    control: StoredValue<Option<JsValue>, LocalStorage>,
}

pub fn page(slug: String) -> AnyView {
    let may = session::may(Permission::SeePeople);
    let columns = COLUMNS.map(|(name, personal)| (name, personal, RwSignal::new(true)));
    let export = Export {
        slug: StoredValue::new(slug.clone()),
        format: RwSignal::new("csv".to_owned()),
        columns: StoredValue::new(columns.to_vec()),
        people: RwSignal::new(may),
        filter: Filter::new(),
        come: RwSignal::default(),
        control: StoredValue::new_local(None),
    };
    on_cleanup(move || export.stop());
    let detail = details(&slug);
    let formats = vec![
        ("csv".to_owned(), w().csv.to_owned()),
        ("xlsx".to_owned(), w().xlsx.to_owned()),
        ("ndjson".to_owned(), w().ndjson.to_owned()),
    ];
    view! {
        {top(&slug, Tab::Exports, shell::w().exports, ())}
        <p class="sub">{w().exports_lead}</p>
        <section class="card">
            <div class="stack">
                <div class="pairs">
                    {choice(w().format, export.format, formats)}
                    {export.filter.broad()}
                </div>
                {if may {
                    checkbox(w().with_people, export.people)
                } else {
                    view! { <p class="sub">{w().without_people}</p> }.into_any()
                }}
                <details>
                    <summary>{w().which_columns}</summary>
                    {live(move || export.choice_of_columns())}
                </details>
                {live(move || export.state())}
            </div>
        </section>
        {card(w().open_data, 12, shown(detail, |detail: CampaignDetail| open_data(&detail)))}
    }
    .into_any()
}

fn open_data(detail: &CampaignDetail) -> AnyView {
    if !detail.settings.open_data {
        return view! { <p class="sub">{w().open_data_off}</p> }.into_any();
    }
    let at = |ending: &str| {
        let (server, slug) = (&detail.server_url, &detail.settings.slug);
        format!("{server}/api/v1/campaigns/{slug}/open-data.{ending}")
    };
    let link = |ending: &str| {
        let address = at(ending);
        let shown = address.clone();
        view! { <li><a href=address rel="external">{shown}</a></li> }
    };
    view! { <p>{w().open_data_on}</p><ul class="breaks">{link("csv")}{link("json")}</ul> }
        .into_any()
}

impl Export {
    /// Those of people are away where people are.
    fn choice_of_columns(self) -> AnyView {
        let people = self.people.get();
        let boxes = self.columns.get_value().into_iter().filter(|it| people || !it.1);
        let boxes = boxes.map(|(name, _, chosen)| checkbox(name, chosen)).collect::<Vec<_>>();
        view! { <div class="pairs">{boxes}</div> }.into_any()
    }

    fn state(self) -> AnyView {
        let Some((bytes, rows, of)) = self.come.get() else {
            return view! {
                <div>{press(w().export_go, "btn primary", RwSignal::new(false), move || self.go())}</div>
            }
            .into_any();
        };
        let mb = intl::decimal(bytes / 1e6);
        let (said, so_far) = (intl::number(rows), intl::number(of));
        let words = match rows {
            0 => fill(w().exporting_some, &[("mb", &mb)]),
            _ => fill(w().exporting, &[("rows", &said), ("of", &so_far), ("mb", &mb)]),
        };
        let stop = press(w().export_stop, "btn", RwSignal::new(false), move || self.stop());
        view! { <div class="row">{progress(words, rows, of)} {stop}</div> }.into_any()
    }

    fn stop(self) {
        if let Some(Some(control)) = self.control.try_get_value() {
            let _ = js::call(&control, "abort", &[]);
        }
    }

    fn path(self) -> String {
        let people = self.people.get_untracked();
        let columns = self.columns.get_value();
        let chosen: Vec<&str> = columns
            .iter()
            .filter(|(_, personal, chosen)| chosen.get_untracked() && (people || !personal))
            .map(|(name, ..)| *name)
            .collect();
        let mut query = filter::query(&self.filter.value());
        query.push_str(&format!("people={people}"));
        if chosen.len() < COLUMNS.len() {
            query.push_str(&format!("&columns={}", chosen.join(",")));
        }
        let format = self.format.get_untracked();
        api::of(&self.slug.get_value(), &format!("pledges.{format}?{query}"))
    }

    fn go(self) {
        if self.come.with_untracked(Option::is_some) {
            return;
        }
        self.come.set(Some((0.0, 0, 0)));
        let (path, format) = (self.path(), self.format.get_untracked());
        let name = format!("{}-pledges.{format}", self.slug.get_value());
        let control = js::construct(&js_sys::global(), "AbortController", &[]).ok();
        self.control.set_value(control);
        spawn_local(async move {
            let read = self.read(&path, format != "xlsx").await;
            // Who left the page stopped it.
            if self.come.try_set(None).is_some() {
                return;
            }
            match read {
                Ok((blob, 0)) => {
                    download::save_blob(&name, &blob);
                    session::say(w().exported_some);
                }
                Ok((blob, rows)) => {
                    download::save_blob(&name, &blob);
                    let rows = intl::number(rows);
                    session::say(fill(w().exported, &[("rows", &rows)]));
                }
                Err(Some(fault)) => session::say_fault(&fault),
                Err(None) => session::say_fault(&Fault::new(0, w().export_broke)),
            }
        });
    }

    /// The file, and how many rows there were to be. `None` for a file that broke off, of which
    /// nothing is kept: half an export looks like a whole one.
    async fn read(self, path: &str, lines: bool) -> Result<(web_sys::Blob, u64), Option<Fault>> {
        let init =
            js::object(&[("credentials", "same-origin".into()), ("cache", "no-store".into())]);
        if let Some(Some(control)) = self.control.try_get_value() {
            js::set(&init, "signal", &js::get(&control, "signal"));
        }
        let answer = js::wait(&js_sys::global(), "fetch", &[path.into(), init]).await;
        let answer = answer.map_err(|_| None)?;
        if js::get(&answer, "ok").as_bool() != Some(true) {
            return Err(Some(refusal(&answer).await));
        }
        let rows = js::call(&js::get(&answer, "headers"), "get", &["countersign-rows".into()]);
        let of = rows.ok().and_then(|rows| rows.as_string()?.parse().ok()).unwrap_or(0);
        let reader = js::call(&js::get(&answer, "body"), "getReader", &[]).map_err(|_| None)?;
        let parts = js_sys::Array::new();
        let (mut bytes, mut rows) = (0.0, 0_u64);
        loop {
            let part = js::wait(&reader, "read", &[]).await.map_err(|_| None)?;
            if js::get(&part, "done").as_bool() == Some(true) {
                break;
            }
            let chunk: js_sys::Uint8Array = js::get(&part, "value").unchecked_into();
            bytes += f64::from(chunk.length());
            if lines {
                // A line break in a message is a line more: close enough for a bar.
                rows += chunk.to_vec().iter().filter(|byte| **byte == b'\n').count() as u64;
            }
            parts.push(&chunk);
            let _ = self.come.try_set(Some((bytes, rows.min(of), of)));
        }
        let blob = web_sys::Blob::new_with_u8_array_sequence(&parts).map_err(|_| None)?;
        Ok((blob, of))
    }
}

async fn refusal(answer: &JsValue) -> Fault {
    let status = js::get(answer, "status").as_f64().unwrap_or(0.0) as u16;
    let text = js::wait(answer, "text", &[]).await.ok().and_then(|text| text.as_string());
    let problem = text.and_then(|text| json::from_text::<Problem>(&text));
    let said = problem.map(|problem| problem.detail.unwrap_or(problem.title));
    Fault::new(status, said.unwrap_or_else(|| shell::w().failed.to_owned()))
}
