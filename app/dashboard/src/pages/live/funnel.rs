//! The way from seen to signed to shared.

use countersign_shared::admin::insight::Funnel;
use leptos::prelude::*;

use super::watch::Watch;
use crate::browser::intl;
use crate::digits::px;
use crate::parts::figure::{Figure, figure as drawn, svg};
use crate::parts::live::live;
use crate::parts::table::{Cell, Table};
use crate::words::fill;
use crate::words::live::w;

const LINE: f64 = 27.0;
const WORDS: f64 = 112.0;
const NUMBERS: f64 = 74.0;

fn steps(funnel: &Funnel) -> [(&'static str, u64); 4] {
    [
        (w().seen, funnel.seen),
        (w().started, funnel.started),
        (w().signed, funnel.signed),
        (w().shared, funnel.shared),
    ]
}

pub fn figure(watch: Watch) -> AnyView {
    let loaded = watch.days::<Funnel>("funnel");
    let funnel = Memo::new(move |_| loaded.value());
    let summary = Signal::derive(move || {
        funnel.with(|funnel| {
            let Some(funnel) = funnel else { return String::new() };
            let rate = rate(funnel.signed, funnel.seen).map_or("–".to_owned(), intl::percent);
            let (seen, signed) = (intl::number(funnel.seen), intl::number(funnel.signed));
            fill(w().funnel_summary, &[("seen", &seen), ("signed", &signed), ("rate", &rate)])
        })
    });
    let chart = move |width: f64| {
        let inside =
            move || funnel.with(|funnel| funnel.as_ref().map(|funnel| draw(funnel, width)));
        svg(width, LINE * 4.0, summary, live(inside).into_any())
    };
    let rows = move || {
        let rows = funnel.with(|funnel| {
            let steps = funnel.as_ref().map(|funnel| (steps(funnel), funnel.seen));
            steps.map(|(steps, seen)| {
                let row = |(name, count): (&'static str, u64)| {
                    vec![Cell::text(name), Cell::number(count), Cell::share(rate(count, seen))]
                };
                steps.map(row).to_vec()
            })
        });
        let head = vec![w().step, w().people, w().of_seen];
        Table { head, rows: rows.unwrap_or_default() }
    };
    let about = Figure {
        title: w().funnel_title.to_owned(),
        note: Signal::derive(String::new),
        file: "from-seen-to-shared".to_owned(),
        wide: 0,
        cursor: None,
    };
    let since = move || {
        let since = funnel.with(|funnel| funnel.as_ref().map(|funnel| funnel.since.clone()));
        since.map(|since| match since {
            Some(since) => fill(w().funnel_since, &[("day", &intl::long_day(&since))]),
            None => w().funnel_not_yet.to_owned(),
        })
    };
    let below = view! {
        <p class="sub">{live(since)}</p>
        {watch.utc_note()}
        {loaded.said()}
    };
    drawn(about, chart, rows, below)
}

/// A part of those who saw it; none where nobody was seen, or more signed than were seen.
fn rate(count: u64, seen: u64) -> Option<f64> {
    (seen > 0 && count <= seen).then(|| count as f64 / seen as f64)
}

fn draw(funnel: &Funnel, width: f64) -> AnyView {
    let steps = steps(funnel);
    let most = steps.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1) as f64;
    let room = (width - WORDS - NUMBERS).max(20.0);
    let lines = steps.into_iter().enumerate().map(|(at, (name, count))| {
        let y = at as f64 * LINE;
        let long = count as f64 / most * room;
        let text = if count < 1_000_000 { intl::number(count) } else { intl::compact(count) };
        view! {
            <text class="words" x="0" y=px(y + 18.0)>{name}</text>
            <rect class="trough" x=px(WORDS) y=px(y + 5.0) width=px(room) height="16" rx="4"></rect>
            <rect class="full" x=px(WORDS) y=px(y + 5.0) width=px(long) height="16" rx="4"></rect>
            <text class="words end" x=px(width) y=px(y + 18.0)>{text}</text>
        }
    });
    lines.collect_view().into_any()
}
