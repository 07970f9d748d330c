//! Rows of a filter as a file, with a bar that says how far it is: read as it arrives, or left to the
//! browser where it may be large.

use countersign_shared::admin::Permission;
use countersign_shared::admin::campaigns::CampaignDetail;
use leptos::prelude::*;

use super::kit::press;
use super::settings::details;
use super::supporters::filter::{self, Filter};
use crate::browser::api;
use crate::pages::top;
use crate::parts::live::{effect, live};
use crate::parts::{card, checkbox, choice, shown};
use crate::route::Tab;
use crate::session;
use crate::words::people::w;
use crate::words::shell;

mod bar;
mod coming;
mod run;

use run::{Run, Wish};

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
    /// That, or one that runs.
    blocked: RwSignal<bool>,
    run: Run,
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
        blocked: RwSignal::new(false),
        run: Run::new(),
    };
    effect(move || {
        let none = export.chosen().is_empty();
        if export.nothing.get_untracked() != none {
            export.nothing.set(none);
        }
    });
    effect(move || {
        let blocked = export.nothing.get() || export.run.running.get();
        if export.blocked.get_untracked() != blocked {
            export.blocked.set(blocked);
        }
    });
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
                {export.state()}
                {export.run.words()}
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
        let missing = move || self.nothing.get().then_some(w().no_column);
        view! {
            <div class="row">
                {press(w().export_go, "btn primary", self.blocked, move || self.go())}
                <span class="sub" role="status">{live(missing)}</span>
                {self.run.bar()}
            </div>
        }
        .into_any()
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
        let (slug, format) = (self.slug.get_value(), self.format.get_untracked());
        self.run.begin(Wish {
            name: format!("{slug}-pledges.{format}"),
            slug,
            path: self.path(),
            lines: format != "xlsx",
            large: self.is_large(),
        });
    }
}
