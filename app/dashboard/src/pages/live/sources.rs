//! Where people came from, and how many of them signed.

use countersign_shared::admin::insight::{SourceRow, Sources};
use leptos::prelude::*;

use super::watch::Watch;
use crate::browser::{download, intl};
use crate::parts::card as boxed;
use crate::parts::live::{hear, live};
use crate::parts::table::{Cell, Table, table};
use crate::words::live::w;
use crate::words::{fill, shell};

/// So many are shown; the file has them all.
const SHOWN: usize = 10;

pub fn card(watch: Watch) -> AnyView {
    let loaded = watch.days::<Sources>("sources");
    let sources = Memo::new(move |_| loaded.value());
    let save = move |_| {
        if let Some(sources) = loaded.value() {
            download::save("sources.csv", "text/csv", &rows(&sources, usize::MAX).csv());
        }
    };
    let content = view! {
        {table(move || sources.with(|sources| match sources {
            Some(sources) => rows(sources, SHOWN),
            None => Table::default(),
        }))}
        {live(move || sources.with(|sources| sources.as_ref().map(about)))}
        {watch.utc_note()}
        {loaded.said()}
        <div class="tools">
            <button
                type="button"
                class="quiet"
                aria-label=fill(shell::w().download_csv, &[("what", w().sources_title)])
                on:click=hear(save)
            >
                {shell::w().as_csv}
            </button>
        </div>
    };
    boxed(w().sources_title, 0, content)
}

/// What the table leaves out, or why there is none.
fn about(sources: &Sources) -> AnyView {
    if sources.rows.is_empty() {
        return view! { <p class="sub">{w().sources_none}</p> }.into_any();
    }
    let number = |text, n: u64, least| (n > least).then(|| fill(text, &[("n", &intl::number(n))]));
    let hidden = number(w().sources_hidden, sources.hidden_signed, 0);
    let rounded = number(w().rounded, sources.steps_of, 1);
    view! { <p class="sub">{hidden} " " {rounded}</p> }.into_any()
}

/// In a range that is not all of time signatures are rounded down, and what is worked out from them is
/// the least that it can be.
fn rows(sources: &Sources, most: usize) -> Table {
    let rounded = sources.steps_of > 1;
    let row = |source: &SourceRow| {
        let rate = source.seen >= source.signed && source.seen > 0;
        let share = Cell::share(rate.then(|| source.signed as f64 / source.seen as f64));
        let share = if rate && rounded { share.within(w().rate_least) } else { share };
        vec![Cell::text(name(source)), Cell::number(source.signed), share]
    };
    let rows = sources.rows.iter().take(most).map(row).collect();
    Table { head: vec![w().source, w().signed, w().rate], rows }
}

fn name(source: &SourceRow) -> String {
    let name = match source.kind.as_str() {
        "shared" => w().source_shared,
        "direct" => w().source_direct,
        "labelled" => w().source_labelled,
        "paper" => w().source_paper,
        "other" => w().source_other,
        _ => "",
    };
    if name.is_empty() { source.name.clone() } else { name.to_owned() }
}
