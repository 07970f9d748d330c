//! What became of a file, or would become of it, and why rows cannot be taken.

use countersign_shared::admin::offline::BadRow;
use leptos::prelude::*;

use super::super::super::kit::{press, row, table, text};
use super::Wizard;
use crate::browser::intl;
use crate::words::fill;
use crate::words::people::w;

impl Wizard {
    pub(super) fn outcome(self) -> AnyView {
        let Some(report) = self.report.get_untracked() else { return ().into_any() };
        let number = intl::number;
        let (rows, good) = (number(report.rows), number(report.good));
        let (added, known) = (number(report.added), number(report.duplicates));
        let values =
            [("rows", &*rows), ("good", &*good), ("added", &*added), ("duplicates", &*known)];
        let stored = report.id.is_some();
        let go = (!stored && report.added > 0).then(|| {
            press(fill(w().import_go, &values), "btn primary", self.busy, move || self.send(false))
        });
        let back =
            (!stored).then(|| press(w().back, "btn", self.busy, move || self.report.set(None)));
        view! {
            <h3>{if stored { w().imports } else { w().report }}</h3>
            <p role="status">{fill(w().report_good, &values)}</p>
            {bad_rows(report.bad, report.bad_rows)}
            <div class="row">
                {back}
                {press(w().start_over, "btn", self.busy, move || self.again())}
                {go}
            </div>
        }
        .into_any()
    }
}

fn bad_rows(bad: Vec<BadRow>, all: u64) -> AnyView {
    if all == 0 {
        return ().into_any();
    }
    let mut lines: Vec<u64> = bad.iter().map(|row| row.line).collect();
    lines.dedup();
    let shown = lines.len() as u64;
    let first = (shown < all).then(|| {
        view! { <p class="sub">{fill(w().report_first, &[("n", &intl::number(shown))])}</p> }
    });
    let line = |row_: BadRow| {
        row(vec![
            text(row_.line.to_string()),
            text(row_.column),
            text(row_.value),
            text(row_.message),
        ])
    };
    let heads = [w().line, w().column, w().value, w().problem];
    view! {
        <p>{fill(w().report_bad, &[("bad", &intl::number(all))])}</p>
        {first}
        {table(w().problem, &heads, bad.into_iter().map(line).collect())}
    }
    .into_any()
}
