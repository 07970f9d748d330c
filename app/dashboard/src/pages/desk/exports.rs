//! Rows of a filter as a file: read as it arrives, with a bar that says how far it is, or left to
//! the browser where it may be large.

use countersign_shared::admin::Permission;
use countersign_shared::admin::campaigns::CampaignDetail;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::kit::press;
use super::settings::details;
use super::supporters::filter::{self, Filter};
use crate::browser::api::{self, Fault};
use crate::browser::{download, intl, js};
use crate::pages::top;
use crate::parts::live::{effect, live};
use crate::parts::{card, checkbox, choice, shown};
use crate::route::Tab;
use crate::session;
use crate::words::people::w;
use crate::words::{fill, shell};

mod coming;

use coming::Come;

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

/// With more signatures than this, the file is not kept in memory: a phone has little.
const LARGE: u64 = 100_000;

#[derive(Clone, Copy)]
struct Export {
    slug: StoredValue<String>,
    format: RwSignal<String>,
    columns: StoredValue<Vec<(&'static str, bool, RwSignal<bool>)>>,
    people: RwSignal<bool>,
    filter: Filter,
    /// No column is chosen.
    nothing: RwSignal<bool>,
    come: RwSignal<Option<Come>>,
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
        nothing: RwSignal::new(false),
        come: RwSignal::default(),
        control: StoredValue::new_local(None),
    };
    effect(move || {
        let none = export.chosen().is_empty();
        if export.nothing.get_untracked() != none {
            export.nothing.set(none);
        }
    });
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
        let Some(come) = self.come.get() else {
            let missing = move || self.nothing.get().then_some(w().no_column);
            return view! {
                <div class="row">
                    {press(w().export_go, "btn primary", self.nothing, move || self.go())}
                    <span class="sub" role="status">{live(missing)}</span>
                </div>
            }
            .into_any();
        };
        let stop = press(w().export_stop, "btn", RwSignal::new(false), move || self.stop());
        view! { <div class="row">{come.bar()} {stop}</div> }.into_any()
    }

    /// The columns that are ticked and shown. Follows them.
    fn chosen(self) -> Vec<&'static str> {
        let people = self.people.get();
        let columns = self.columns.get_value();
        let chosen = columns.iter().filter(|(_, personal, chosen)| {
            let chosen = chosen.get();
            chosen && (people || !personal)
        });
        chosen.map(|(name, ..)| *name).collect()
    }

    fn stop(self) {
        if let Some(Some(control)) = self.control.try_get_value() {
            let _ = js::call(&control, "abort", &[]);
        }
    }

    fn path(self) -> String {
        let chosen = untrack(move || self.chosen());
        let mut query = filter::query(&self.filter.value());
        query.push_str(&format!("people={}", self.people.get_untracked()));
        if chosen.len() < COLUMNS.len() {
            query.push_str(&format!("&columns={}", chosen.join(",")));
        }
        let format = self.format.get_untracked();
        if format == "csv" {
            // Spreadsheets take it for another alphabet otherwise.
            query.push_str("&mark=true");
        }
        api::of(&self.slug.get_value(), &format!("pledges.{format}?{query}"))
    }

    fn is_large(self) -> bool {
        let campaign = untrack(move || session::campaign(&self.slug.get_value()));
        campaign.is_some_and(|campaign| campaign.total > LARGE)
    }

    fn go(self) {
        if self.come.with_untracked(Option::is_some) {
            return;
        }
        let (path, format) = (self.path(), self.format.get_untracked());
        let name = format!("{}-pledges.{format}", self.slug.get_value());
        if self.is_large() {
            download::save_from(&name, &path);
            return session::say(w().export_handed);
        }
        self.come.set(Some(Come::default()));
        let control = js::construct(&js_sys::global(), "AbortController", &[]).ok();
        self.control.set_value(control);
        spawn_local(async move {
            let read = coming::read(&path, format != "xlsx", self.signal(), self.come).await;
            let stopped = self.is_stopped();
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
                Err(_) if stopped => session::say(w().export_stopped),
                Err(Some(fault)) => session::say_fault(&fault),
                Err(None) => session::say_fault(&Fault::new(0, w().export_broke)),
            }
        });
    }

    fn signal(self) -> Option<JsValue> {
        let control = self.control.try_get_value().flatten()?;
        Some(js::get(&control, "signal"))
    }

    fn is_stopped(self) -> bool {
        self.signal().is_some_and(|signal| js::get(&signal, "aborted").as_bool() == Some(true))
    }
}
