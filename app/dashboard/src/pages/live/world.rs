//! The world, by the number of those who sign, and the table of countries.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_shared::admin::insight::Countries;
use countersign_shared::admin::json::{self, FromJson};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::JsCast;

use super::watch::Watch;
use crate::browser::{api, document, intl};
use crate::chart::shades::{limits, shade};
use crate::digits::px;
use crate::parts::figure::{Cursor, Figure, figure as drawn, svg};
use crate::parts::live::live;
use crate::parts::table::{Cell, Table};
use crate::words::fill;
use crate::words::live::w;

/// The outlines, as `data/map/world.json` has them.
#[derive(Clone, Debug)]
struct World {
    width: f64,
    height: f64,
    countries: BTreeMap<String, String>,
}

impl FromJson for World {
    fn read(value: &Value, wrong: &mut bool) -> Self {
        Self {
            width: json::field(value, "width", wrong),
            height: json::field(value, "height", wrong),
            countries: json::field(value, "countries", wrong),
        }
    }
}

/// How many countries stand below the map.
const LISTED: usize = 8;

pub fn figure(watch: Watch) -> AnyView {
    let loaded = watch.days::<Countries>("countries");
    let countries = Memo::new(move |_| loaded.value());
    let world = RwSignal::new(None::<Arc<World>>);
    spawn_local(async move {
        if let Some(found) = fetch().await {
            let _ = world.try_set(Some(Arc::new(found)));
        }
    });
    let summary = Signal::derive(move || countries.with(|all| summary(all.as_ref())));
    let note = Signal::derive(move || countries.with(|all| note(all.as_ref())));
    let count =
        Signal::derive(move || countries.with(|all| all.as_ref().map_or(0, |all| all.rows.len())));
    let cursor = Cursor {
        at: RwSignal::new(None),
        count,
        text: Arc::new(move |at| countries.with(|all| said(all.as_ref(), at))),
        pick: Arc::new(move |event, _| {
            let target: web_sys::Element = event.target()?.dyn_into().ok()?;
            let code = target.get_attribute("data-code")?;
            let place = |all: &Countries| all.rows.iter().position(|row| row.country == code);
            countries.with_untracked(|all| all.as_ref().and_then(place))
        }),
    };
    let at = cursor.at;
    let chart = move |width: f64| {
        let inside = move || world.get().map(|world| draw(&world, countries, at));
        let height = move || {
            world.with(|world| world.as_ref().map_or(0.435, |world| world.height / world.width))
        };
        // The outlines have a size of their own; the picture takes the width it gets.
        let tall = width * height();
        let view = world.with(|world| {
            world.as_ref().map_or((2000.0, 870.0), |world| (world.width, world.height))
        });
        let map = svg(view.0, view.1, summary, live(inside).into_any());
        view! { <div class="map" style:height=format!("{}px", px(tall))>{map}</div> }.into_any()
    };
    let rows = move || countries.with(|all| rows(all.as_ref()));
    let about = Figure {
        title: w().map_title.to_owned(),
        note,
        file: "countries".to_owned(),
        wide: 8,
        cursor: Some(cursor),
    };
    let below = view! {
        {live(move || countries.with(|all| key(all.as_ref())))}
        {live(move || countries.with(|all| leading(all.as_ref())))}
        {watch.utc_note()}
        {loaded.said()}
    };
    drawn(about, chart, rows, below)
}

async fn fetch() -> Option<World> {
    let meta = document().query_selector("meta[name=countersign-map]").ok()??;
    let text = api::ask("GET", &meta.get_attribute("content")?, None).await.ok()?;
    json::from_text(&text)
}

fn ends(all: &Countries) -> (u64, u64) {
    let counts = all.rows.iter().map(|row| row.counted).filter(|count| *count > 0);
    (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0))
}

fn draw(world: &World, countries: Memo<Option<Countries>>, at: RwSignal<Option<usize>>) -> AnyView {
    let shades = Memo::new(move |_| {
        countries.with(|all| {
            let mut shaded = BTreeMap::new();
            let Some(all) = all else { return shaded };
            let (fewest, most) = ends(all);
            let shades = all.rows.iter();
            shaded
                .extend(shades.map(|row| (row.country.clone(), shade(row.counted, fewest, most))));
            shaded
        })
    });
    let pointed = Memo::new(move |_| {
        let at = at.get()?;
        countries.with(|all| Some(all.as_ref()?.rows.get(at)?.country.clone()))
    });
    let paths = world.countries.iter().map(|(code, path)| {
        let (own, name) = (code.clone(), code.clone());
        let class = move || {
            let shade = shades.with(|shades| shades.get(&own).copied().unwrap_or(0));
            let on = pointed.with(|code| code.as_ref() == Some(&own));
            format!("h{shade}{}", if on { " on" } else { "" })
        };
        view! { <path class=class d=path.clone() data-code=name></path> }
    });
    paths.collect_view().into_any()
}

fn summary(all: Option<&Countries>) -> String {
    let Some(first) = all.and_then(|all| all.rows.first()) else { return w().map_none.to_owned() };
    let count = all.map_or(0, |all| all.rows.len() as u64 + all.hidden_countries);
    fill(
        w().map_summary,
        &[
            ("country", &intl::country(&first.country)),
            ("n", &intl::number(first.counted)),
            ("countries", &intl::number(count)),
        ],
    )
}

fn note(all: Option<&Countries>) -> String {
    let Some(all) = all else { return String::new() };
    let count = intl::number(all.rows.len() as u64 + all.hidden_countries);
    match all.k {
        0 | 1 => fill(w().map_note_one, &[("n", &count)]),
        k => fill(w().map_note, &[("n", &count), ("k", &intl::number(k))]),
    }
}

fn said(all: Option<&Countries>, at: usize) -> String {
    let Some((row, total)) = all.and_then(|all| Some((all.rows.get(at)?, all.total))) else {
        return String::new();
    };
    fill(
        w().map_point,
        &[
            ("place", &intl::number(at as u64 + 1)),
            ("country", &intl::country(&row.country)),
            ("n", &intl::number(row.counted)),
            ("share", &share(row.counted, total).map_or("–".to_owned(), intl::percent)),
        ],
    )
}

fn share(part: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| part as f64 / all as f64)
}

fn rows(all: Option<&Countries>) -> Table {
    let head = vec![w().country, w().signed, w().share];
    let Some(all) = all else { return Table { head, rows: Vec::new() } };
    let mut rows: Vec<Vec<Cell>> = all
        .rows
        .iter()
        .map(|row| {
            let name = Cell::both(intl::country(&row.country), row.country.clone());
            vec![name, Cell::number(row.counted), Cell::share(share(row.counted, all.total))]
        })
        .collect();
    if all.hidden_counted > 0 {
        let count = intl::number(all.hidden_countries);
        let name = fill(w().hidden, &[("countries", &count)]);
        let cells =
            (Cell::number(all.hidden_counted), Cell::share(share(all.hidden_counted, all.total)));
        rows.push(vec![Cell::text(name), cells.0, cells.1]);
    }
    Table { head, rows }
}

/// Which shade is how many.
fn key(all: Option<&Countries>) -> Option<AnyView> {
    let all = all.filter(|all| !all.rows.is_empty())?;
    let (fewest, most) = ends(all);
    let steps = limits(fewest, most).into_iter().map(|(limit, shade)| {
        let text = fill(w().map_key, &[("n", &intl::compact(limit))]);
        view! { <span class=format!("swatch s{shade}")>{text}</span> }
    });
    let rounded =
        (all.steps_of > 1).then(|| fill(w().rounded, &[("n", &intl::number(all.steps_of))]));
    let key = view! {
        <p class="key sub">
            <span class="swatch s0">{w().map_none_key}</span>
            {steps.collect_view()}
        </p>
        {rounded.map(|text| view! { <p class="sub">{text}</p> })}
    };
    Some(key.into_any())
}

fn leading(all: Option<&Countries>) -> Option<AnyView> {
    let all = all.filter(|all| !all.rows.is_empty())?;
    let lines = all.rows.iter().take(LISTED).map(|row| {
        view! { <li><span>{intl::country(&row.country)}</span><b>{intl::number(row.counted)}</b></li> }
    });
    Some(view! { <ol class="leading">{lines.collect_view()}</ol> }.into_any())
}
