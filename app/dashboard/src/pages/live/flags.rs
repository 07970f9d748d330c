//! Marks on a chart: a line where something happened, and what followed.

use countersign_shared::admin::insight::Mark;
use leptos::prelude::*;

use super::total::{FOOT, HEIGHT, TOP};
use crate::browser::intl;
use crate::chart::Scale;
use crate::chart::labels::{Label, arrange};
use crate::digits::px;
use crate::words::fill;
use crate::words::live::w;

/// A line of words above the chart.
const ROW: f64 = 16.0;

/// How long it has been, of the 48 hours that are looked at: `48 h`, `20 min`.
pub fn length(mark: &Mark) -> String {
    match mark.minutes {
        0..60 => fill(w().minutes, &[("n", &intl::number(mark.minutes))]),
        minutes => fill(w().hours, &[("n", &intl::number(minutes / 60))]),
    }
}

/// The marks on this axis, and where the chart begins below their words.
pub fn flags(marks: &[Mark], across: &Scale, width: f64) -> (f64, AnyView) {
    let text = |mark: &Mark| {
        let (label, n) = (&mark.label, format!("+{}", intl::compact(mark.after)));
        fill(w().mark_line, &[("label", label), ("n", &n), ("time", &length(mark))])
    };
    let placed: Vec<(f64, String)> = marks
        .iter()
        .filter_map(|mark| Some((intl::millis(&mark.at)?, text(mark))))
        .filter(|(at, _)| (across.from..=across.to).contains(at))
        .map(|(at, text)| (across.place(at), text))
        .collect();
    let labels: Vec<Label> = placed
        .iter()
        .map(|(x, text)| Label { x: *x, width: text.chars().count() as f64 * 6.3 + 14.0 })
        .collect();
    let spots = arrange(&labels, width, 3);
    let rows = spots.iter().map(|spot| spot.row + 1).max().unwrap_or(0);
    let drawn = placed.into_iter().zip(spots).map(|((x, text), spot)| {
        let y = TOP + spot.row as f64 * ROW;
        let (class, text_x) = if spot.before { ("ann end", x - 6.0) } else { ("ann", x + 6.0) };
        let line = view! {
            <line class="mark" x1=px(x) x2=px(x) y1=px(y - 8.0) y2=px(HEIGHT - FOOT)></line>
        };
        let text = view! { <text class=class x=px(text_x) y=px(y + 2.0)>{text}</text> };
        (line.into_any(), text.into_any())
    });
    // No line runs over a text.
    let (lines, texts): (Vec<AnyView>, Vec<AnyView>) = drawn.unzip();
    (TOP + rows as f64 * ROW, view! { {lines} {texts} }.into_any())
}
