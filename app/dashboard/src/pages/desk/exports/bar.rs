//! A bar of an export, with its words beside it.

use countersign_shared::admin::exports::ExportProgress;
use leptos::prelude::*;

use crate::browser::intl;
use crate::saving::{At, percent};
use crate::words::fill;
use crate::words::people::w;

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    words: String,
    /// So much of so much; 0 of 0 only moves.
    filled: (u64, u64),
}

impl Bar {
    pub fn new(words: String, filled: (u64, u64)) -> Self {
        Self { words, filled }
    }

    pub fn at(at: At) -> Self {
        Self::new(words(at), at.filled())
    }

    /// The last one of an export, with all of so much.
    pub fn whole(words: String, all: u64) -> Self {
        let all = all.max(1);
        Self::new(words, (all, all))
    }

    /// Its words change all the time: they are read by whoever asks, and beginning and end are said.
    pub fn view(self) -> AnyView {
        let Self { words, filled: (done, of) } = self;
        let said = words.clone();
        let value = (of > 0).then(|| done.min(of).to_string());
        view! {
            <div class="progress">
                <progress
                    aria-label=w().export_bar
                    aria-valuetext=said
                    max=of.max(1).to_string()
                    value=value
                ></progress>
                <span class="sub">{words}</span>
            </div>
        }
        .into_any()
    }
}

fn words(at: At) -> String {
    let percent = percent(at.filled()).to_string();
    match at {
        At::Waiting => w().export_waits.to_owned(),
        At::Packing => w().export_packs.to_owned(),
        At::Rows { read, of, rows } => {
            let text = if rows == read { w().export_rows } else { w().export_found };
            let [read, of, rows] = [read.min(of), of, rows].map(intl::number);
            let values = [("read", &*read), ("of", &*of), ("rows", &*rows), ("percent", &*percent)];
            fill(text, &values)
        }
        At::Bytes { sent, of } => {
            let [mb, of] = [sent.min(of), of].map(megabytes);
            fill(w().exporting_bytes, &[("mb", &mb), ("of", &of), ("percent", &percent)])
        }
    }
}

pub fn megabytes(bytes: u64) -> String {
    intl::decimal(bytes as f64 / 1e6)
}

/// All rows of an export that is done.
pub fn all_rows(progress: &ExportProgress) -> String {
    fill(w().export_all, &[("rows", &intl::number(progress.rows))])
}
