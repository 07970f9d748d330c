//! The total over time, with marks of what moved it.

use std::sync::Arc;

use countersign_shared::admin::insight::{Mark, Series};
use leptos::prelude::*;

use super::flags::flags;
use super::marks;
use super::watch::Watch;
use crate::browser::intl;
use crate::chart::steps::{Bucket, Point, totals};
use crate::chart::{self, Scale};
use crate::digits::px;
use crate::pages::to_embed;
use crate::parts::empty;
use crate::parts::figure::{Cursor, Figure, figure as drawn, svg};
use crate::parts::live::live;
use crate::parts::table::{Cell, Table};
use crate::words::fill;
use crate::words::live::w;

pub const HEIGHT: f64 = 240.0;
pub const LEFT: f64 = 46.0;
pub const TOP: f64 = 12.0;
pub const FOOT: f64 = 24.0;

/// How long a bucket of this name is, in milliseconds.
pub fn length(bucket: &str) -> f64 {
    match bucket {
        "minute" => 60_000.0,
        "hour" => 3_600_000.0,
        _ => 86_400_000.0,
    }
}

pub fn buckets(series: &Series) -> Vec<Bucket> {
    let points = series.points.iter();
    let read = points.filter_map(|point| {
        let start = intl::millis(&point.start)?;
        Some(Bucket { start, counted: point.counted, total: point.total })
    });
    read.collect()
}

/// How a place on the axis of time is written.
pub fn tick_text(millis: f64, bucket: &str) -> String {
    let iso = intl::iso(millis);
    if bucket == "minute" { intl::clock(&iso) } else { intl::short_day(&iso) }
}

pub fn point_text(millis: f64, bucket: &str) -> String {
    let iso = intl::iso(millis);
    match bucket {
        "minute" => intl::clock(&iso),
        "hour" => intl::short_time(&iso),
        _ => intl::long_day(&iso),
    }
}

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawn {
    points: Vec<Point>,
    buckets: Vec<Bucket>,
    marks: Vec<Mark>,
    bucket: String,
}

pub fn figure(watch: Watch) -> AnyView {
    let loaded = watch.series::<Series>(|span| span);
    let drawn_now = Memo::new(move |_| {
        let Some(series) = loaded.value() else { return Drawn::default() };
        let range = watch.range.get();
        let live = watch.is_now(range);
        let end = match watch.span(range) {
            Some(span) if !live => intl::midnight(span.to),
            _ => js_sys::Date::now(),
        };
        let start = watch.span(range).map(|span| intl::midnight(span.from));
        let buckets = buckets(&series);
        let mut points = totals(&buckets, length(&series.bucket), start, end);
        let newest = watch.pulse.with(|pulse| pulse.total).filter(|_| live);
        if let (Some(last), Some(newest)) = (points.last_mut(), newest) {
            last.total = newest;
        }
        Drawn { points, buckets, marks: series.marks, bucket: series.bucket }
    });
    let summary = Signal::derive(move || drawn_now.with(summary));
    let note = Signal::derive(move || {
        let text = match watch.bucket(watch.range.get()) {
            "minute" => w().per_minute,
            "hour" => w().per_hour,
            _ => w().per_day,
        };
        text.to_owned()
    });
    let cursor = Cursor {
        at: RwSignal::new(None),
        count: Signal::derive(move || drawn_now.with(|drawn| drawn.buckets.len())),
        text: Arc::new(move |at| drawn_now.with(|drawn| said(drawn, at))),
        pick: Arc::new(move |event, _| drawn_now.with_untracked(|drawn| picked(drawn, event))),
    };
    let at = cursor.at;
    let chart = move |width: f64| {
        let inside = move || drawn_now.with(|drawn| draw(drawn, width, at));
        svg(width, HEIGHT, summary, live(inside).into_any())
    };
    let rows = move || drawn_now.with(rows);
    let about = Figure {
        title: w().total_title.to_owned(),
        note,
        file: "total-over-time".to_owned(),
        wide: 8,
        cursor: Some(cursor),
    };
    let nobody = move || {
        let none = loaded.value().is_some_and(|series| series.points.is_empty());
        none.then(|| empty(w().nobody, w().nobody_next, to_embed(&watch.slug.get_value())))
    };
    let marks_now = Memo::new(move |_| drawn_now.with(|drawn| drawn.marks.clone()));
    let below = view! { {live(nobody)} {loaded.said()} {marks::list(watch, marks_now, loaded)} };
    drawn(about, chart, rows, below)
}

fn summary(drawn: &Drawn) -> String {
    let (Some(first), Some(last)) = (drawn.points.first(), drawn.points.last()) else {
        return w().nobody.to_owned();
    };
    fill(
        w().total_summary,
        &[
            ("n", &intl::number(last.total)),
            ("to", &intl::date_time(&intl::iso(last.at))),
            ("more", &intl::number(last.total.saturating_sub(first.total))),
            ("from", &intl::date_time(&intl::iso(first.at))),
        ],
    )
}

fn said(drawn: &Drawn, at: usize) -> String {
    let Some(bucket) = drawn.buckets.get(at) else { return String::new() };
    fill(
        w().total_point,
        &[
            ("when", &point_text(bucket.start, &drawn.bucket)),
            ("counted", &intl::number(bucket.counted)),
            ("total", &intl::number(bucket.total)),
        ],
    )
}

fn rows(drawn: &Drawn) -> Table {
    let row = |bucket: &Bucket| {
        let when = Cell::both(point_text(bucket.start, &drawn.bucket), intl::iso(bucket.start));
        vec![when, Cell::number(bucket.counted), Cell::number(bucket.total)]
    };
    let rows = drawn.buckets.iter().rev().map(row).collect();
    Table { head: vec![w().when, w().signed, w().total], rows }
}

/// The bucket whose end is nearest to the pointer.
fn picked(drawn: &Drawn, event: &web_sys::PointerEvent) -> Option<usize> {
    use wasm_bindgen::JsCast as _;
    let plot: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    let area = plot.get_bounding_client_rect();
    let (across, _) = scales(&drawn.points, area.width(), TOP)?;
    let x = f64::from(event.client_x()) - area.left();
    let ends: Vec<(usize, f64)> = drawn
        .points
        .iter()
        .filter_map(|point| Some((point.bucket?, across.place(point.at))))
        .collect();
    let places: Vec<(f64, f64)> = ends.iter().map(|(_, x)| (*x, 0.0)).collect();
    chart::nearest(&places, x).map(|nearest| ends[nearest].0)
}

/// The scales of time and of people.
pub fn scales(points: &[Point], width: f64, top: f64) -> Option<(Scale, Scale)> {
    let (first, last) = (points.first()?, points.last()?);
    let most = points.iter().map(|point| point.total).max()? as f64;
    let ticks = chart::ticks(most, 4);
    let to = ticks.last().copied().unwrap_or(1.0);
    let across = Scale { from: first.at, to: last.at, start: LEFT, end: width - 10.0 };
    let up = Scale { from: 0.0, to, start: HEIGHT - FOOT, end: top };
    Some((across, up))
}

/// The level lines with their numbers, and the words below.
pub fn axes(across: &Scale, up: &Scale, width: f64, bucket: &str) -> AnyView {
    let levels =
        chart::ticks(up.to, 4).into_iter().filter(|level| *level <= up.to * 1.001).map(|level| {
            let y = up.place(level);
            view! {
                <line class="level" x1=px(LEFT) x2=px(width) y1=px(y) y2=px(y)></line>
                <text class="ann end" x=px(LEFT - 8.0) y=px(y + 4.0)>
                    {intl::compact(level as u64)}
                </text>
            }
        });
    let count = if width < 420.0 { 3 } else { 5 };
    let words = (0..count).map(|n| {
        let at = across.from + (across.to - across.from) * f64::from(n) / f64::from(count - 1);
        let class = match n {
            0 => "ann",
            n if n == count - 1 => "ann end",
            _ => "ann mid",
        };
        view! {
            <text class=class x=px(across.place(at)) y=px(HEIGHT - 6.0)>
                {tick_text(at, bucket)}
            </text>
        }
    });
    view! { {levels.collect_view()} {words.collect_view()} }.into_any()
}

fn draw(drawn: &Drawn, width: f64, at: RwSignal<Option<usize>>) -> AnyView {
    let Some((across, _)) = scales(&drawn.points, width, TOP) else { return ().into_any() };
    let (top, marks) = flags(&drawn.marks, &across, width);
    let Some((across, up)) = scales(&drawn.points, width, top) else { return ().into_any() };
    let places: Vec<(f64, f64)> = drawn
        .points
        .iter()
        .map(|point| (across.place(point.at), up.place(point.total as f64)))
        .collect();
    let ends: Vec<(usize, (f64, f64))> = drawn
        .points
        .iter()
        .zip(&places)
        .filter_map(|(point, place)| Some((point.bucket?, *place)))
        .collect();
    let dot = move || {
        let at = at.get()?;
        let (_, (x, y)) = ends.iter().find(|(bucket, _)| *bucket == at)?;
        Some(view! {
            <line class="here" x1=px(*x) x2=px(*x) y1=px(top) y2=px(HEIGHT - FOOT)></line>
            <circle class="dot" cx=px(*x) cy=px(*y) r="4.5"></circle>
        })
    };
    view! {
        {axes(&across, &up, width, &drawn.bucket)}
        <path class="area" d=chart::area(&places, HEIGHT - FOOT)></path>
        {marks}
        <path class="line" d=chart::line(&places)></path>
        {live(dot)}
    }
    .into_any()
}
