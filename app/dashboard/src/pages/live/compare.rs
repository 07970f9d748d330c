//! A span of time beside another.

use std::sync::Arc;

use countersign_shared::admin::insight::{Mark, Series};
use leptos::prelude::*;

use super::flags::flags;
use super::marks;
use super::total::{self, HEIGHT, TOP, buckets, length, point_text, scales};
use super::watch::Watch;
use crate::browser::intl;
use crate::chart;
use crate::chart::steps::{Bucket, Point, since, totals};
use crate::digits::px;
use crate::parts::figure::{Cursor, Figure, figure as drawn, svg};
use crate::parts::live::live;
use crate::parts::table::{Cell, Table, table};
use crate::range::Span;
use crate::words::fill;
use crate::words::live::w;

/// Both lines, from 0, on the time of the later one.
#[derive(Clone, Debug, Default, PartialEq)]
struct Pair {
    now: Vec<Point>,
    before: Vec<Point>,
    marks: Vec<Mark>,
    bucket: String,
    spans: Option<(Span, Span)>,
}

impl Pair {
    fn sums(&self) -> (u64, u64) {
        // As far as the present one has come: half a day is not held against a whole one.
        let end = self.now.last().map_or(f64::MAX, |point| point.at);
        let sum = |points: &[Point]| value_at(points, end);
        (sum(&self.now), sum(&self.before))
    }

    /// The moments that the cursor stops at.
    fn stops(&self) -> Vec<f64> {
        let longer = if self.now.len() >= self.before.len() { &self.now } else { &self.before };
        longer.iter().filter(|point| point.bucket.is_some()).map(|point| point.at).collect()
    }
}

/// Without paper: a box that is typed in one of them would be held against those who sign.
fn online(series: &Series) -> Vec<Bucket> {
    let mut total = 0;
    let mut all = buckets(series);
    for (bucket, point) in all.iter_mut().zip(&series.points) {
        bucket.counted = point.counted.saturating_sub(point.paper);
        total += bucket.counted;
        bucket.total = total;
    }
    all
}

fn value_at(points: &[Point], at: f64) -> u64 {
    let passed = points.iter().take_while(|point| point.at <= at + 1.0);
    passed.last().map_or(0, |point| point.total)
}

pub fn figure(watch: Watch) -> AnyView {
    let now = watch.series::<Series>(|span| span);
    let other = move |span: Span| watch.against.get().map_or(span, |against| against.span(span));
    let before = watch.series::<Series>(other);
    let pair = Memo::new(move |_| {
        let (Some(now), Some(before)) = (now.value(), before.value()) else {
            return Pair::default();
        };
        let Some(span) = watch.span(watch.range.get()) else { return Pair::default() };
        let line = |series: &Series, span: Span| {
            let (start, end) = (intl::midnight(span.from), intl::midnight(span.to));
            let end = end.min(js_sys::Date::now());
            since(&totals(&online(series), length(&series.bucket), Some(start), end))
        };
        let earlier = other(span);
        let shift = intl::midnight(span.from) - intl::midnight(earlier.from);
        let before = line(&before, earlier).into_iter();
        let before = before.map(|point| Point { at: point.at + shift, ..point }).collect();
        let spans = Some((span, earlier));
        Pair { now: line(&now, span), before, marks: now.marks, bucket: now.bucket, spans }
    });
    let summary = Signal::derive(move || pair.with(summary));
    let cursor = Cursor {
        at: RwSignal::new(None),
        count: Signal::derive(move || pair.with(|pair| pair.stops().len())),
        text: Arc::new(move |at| pair.with(|pair| said(pair, at))),
        pick: Arc::new(move |_, place| {
            let count = pair.with_untracked(|pair| pair.stops().len());
            count
                .checked_sub(1)
                .map(|last| (place * last as f64).round().clamp(0.0, last as f64) as usize)
        }),
    };
    let at = cursor.at;
    let chart = move |width: f64| {
        let inside = move || pair.with(|pair| draw(pair, width, at));
        svg(width, HEIGHT, summary, live(inside).into_any())
    };
    let about = Figure {
        title: w().compare_title.to_owned(),
        note: Signal::derive(String::new),
        file: "compared".to_owned(),
        wide: 8,
        cursor: Some(cursor),
    };
    let marks_now = Memo::new(move |_| pair.with(|pair| pair.marks.clone()));
    let key = view! {
        <p class="key sub">
            <span class="k-now">{w().compare_now}</span>
            <span class="k-before">{w().compare_before}</span>
        </p>
        {table(move || pair.with(sums))}
        {now.said()}
        {before.said()}
        {marks::list(watch, marks_now, now)}
    };
    drawn(about, chart, move || pair.with(rows), key)
}

fn change(now: u64, before: u64) -> Option<f64> {
    (before > 0).then(|| (now as f64 - before as f64) / before as f64)
}

fn summary(pair: &Pair) -> String {
    let (now, before) = pair.sums();
    let change = change(now, before).map_or("–".to_owned(), intl::percent);
    let Some((now_days, before_days)) = pair.spans else { return String::new() };
    let values = [
        ("now", intl::number(now)),
        ("now_days", intl::plain_days(now_days)),
        ("before", intl::number(before)),
        ("before_days", intl::plain_days(before_days)),
        ("change", change),
    ];
    fill(w().compare_summary, &values.each_ref().map(|(key, text)| (*key, text.as_str())))
}

fn said(pair: &Pair, at: usize) -> String {
    let Some(moment) = pair.stops().get(at).copied() else { return String::new() };
    let now = intl::number(value_at(&pair.now, moment));
    let before = intl::number(value_at(&pair.before, moment));
    let when = point_text(moment - length(&pair.bucket), &pair.bucket);
    fill(w().compare_point, &[("when", &when), ("now", &now), ("before", &before)])
}

/// The two sums, and what lies between them.
fn sums(pair: &Pair) -> Table {
    let Some((now_days, before_days)) = pair.spans else { return Table::default() };
    let (now, before) = pair.sums();
    let difference = now as i64 - before as i64;
    let first = vec![
        Cell::text(intl::plain_days(now_days)),
        Cell::number(now),
        Cell::signed(difference),
        Cell::share(change(now, before)),
    ];
    let second = vec![
        Cell::text(intl::plain_days(before_days)),
        Cell::number(before),
        Cell::text(""),
        Cell::text(""),
    ];
    Table {
        head: vec![w().period, w().signed_in_it, w().difference, w().change],
        rows: vec![first, second],
    }
}

fn rows(pair: &Pair) -> Table {
    let row = |moment: f64| {
        let start = moment - length(&pair.bucket);
        vec![
            Cell::both(point_text(start, &pair.bucket), intl::iso(start)),
            Cell::number(value_at(&pair.now, moment)),
            Cell::number(value_at(&pair.before, moment)),
        ]
    };
    let rows = pair.stops().into_iter().rev().map(row).collect();
    Table { head: vec![w().when, w().compare_now, w().compare_before], rows }
}

fn draw(pair: &Pair, width: f64, at: RwSignal<Option<usize>>) -> AnyView {
    let all: Vec<Point> = pair.before.iter().chain(&pair.now).copied().collect();
    let from = all.iter().map(|point| point.at).fold(f64::MAX, f64::min);
    let to = all.iter().map(|point| point.at).fold(f64::MIN, f64::max);
    let Some((mut across, _)) = scales(&all, width, TOP) else { return ().into_any() };
    (across.from, across.to) = (from, to);
    let (top, marks) = flags(&pair.marks, &across, width);
    let Some((_, up)) = scales(&all, width, top) else { return ().into_any() };
    let places = |points: &[Point]| -> Vec<(f64, f64)> {
        points.iter().map(|point| (across.place(point.at), up.place(point.total as f64))).collect()
    };
    let stops = pair.stops();
    let here = move || {
        let moment = *stops.get(at.get()?)?;
        let x = px(across.place(moment));
        Some(view! {
            <line class="here" x1=x.clone() x2=x y1=px(top) y2=px(HEIGHT - total::FOOT)></line>
        })
    };
    let now = places(&pair.now);
    view! {
        {total::axes(&across, &up, width, &pair.bucket)}
        <path class="area" d=chart::area(&now, HEIGHT - total::FOOT)></path>
        {marks}
        <path class="line second" d=chart::line(&places(&pair.before))></path>
        <path class="line" d=chart::line(&now)></path>
        {live(here)}
    }
    .into_any()
}
