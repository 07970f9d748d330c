//! Tables: shown, and as files.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::live::{each, live};
use crate::browser::intl;
use crate::csv;
use crate::digits::fixed;
use crate::words::fill;

/// What stands in a cell, and what stands there in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    shown: String,
    raw: String,
    number: bool,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { raw: text.clone(), shown: text, number: false }
    }

    /// A text that is another one in a file, such as a time.
    pub fn both(shown: impl Into<String>, raw: impl Into<String>) -> Self {
        Self { shown: shown.into(), raw: raw.into(), number: false }
    }

    pub fn number(number: u64) -> Self {
        Self { shown: intl::number(number), raw: number.to_string(), number: true }
    }

    pub fn signed(number: i64) -> Self {
        Self { shown: intl::signed(number), raw: number.to_string(), number: true }
    }

    /// A share from 0 to 1, or a dash where there is none.
    pub fn share(share: Option<f64>) -> Self {
        let shown = share.map_or("–".to_owned(), intl::percent);
        Self { shown, raw: share.map(|share| fixed(share, 4)).unwrap_or_default(), number: true }
    }

    /// Words around a share where it is shown; the file has the bare number.
    pub fn within(self, words: &str) -> Self {
        Self { shown: fill(words, &[("share", &self.shown)]), ..self }
    }
}

/// A table: the first cell of a row names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn csv(&self) -> String {
        let rows = self.rows.iter().map(|row| row.iter().map(|cell| cell.raw.clone()).collect());
        csv::write(&self.head, &rows.collect::<Vec<_>>())
    }
}

/// A table of what `data` says now. Rows stay what they are while their numbers move, and new ones
/// come between them: whoever reads it, by eye or by ear, keeps the place. Nothing where it has no head.
pub fn table(data: impl Fn() -> Table + Send + Sync + 'static) -> AnyView {
    followed(Arc::new(data))
}

/// A table, and where its rows are.
#[derive(Clone, Debug, Default, PartialEq)]
struct Placed {
    table: Table,
    keys: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Placed {
    fn new(table: Table) -> Self {
        let (mut keys, mut places) = (Vec::with_capacity(table.rows.len()), BTreeMap::new());
        for (place, row) in table.rows.iter().enumerate() {
            let mut key = row.first().map_or(String::new(), |cell| cell.raw.clone());
            // Two sources may have one name.
            while places.contains_key(&key) {
                key.push('+');
            }
            places.insert(key.clone(), place);
            keys.push(key);
        }
        Self { table, keys, places }
    }

    fn row(&self, key: &str) -> Option<&Vec<Cell>> {
        self.table.rows.get(*self.places.get(key)?)
    }

    /// Each head, and whether numbers are below it.
    fn head(&self) -> Vec<(&'static str, bool)> {
        let first = self.table.rows.first();
        let number = |at: usize| first.and_then(|row| row.get(at)).is_some_and(|cell| cell.number);
        self.table.head.iter().enumerate().map(|(at, text)| (*text, number(at))).collect()
    }
}

fn class(number: bool) -> &'static str {
    if number { "num" } else { "" }
}

fn followed(data: Arc<dyn Fn() -> Table + Send + Sync>) -> AnyView {
    let placed = Memo::new(move |_| Placed::new(data()));
    let head = Memo::new(move |_| placed.with(Placed::head));
    let keys = move || placed.with(|placed| placed.keys.clone());
    let row = move |key: String| {
        let cells = live(move || placed.with(|placed| placed.row(&key).map(|row| cells(row))));
        view! { <tr>{cells}</tr> }.into_any()
    };
    live(move || {
        let head = head.get();
        if head.is_empty() {
            return None;
        }
        let head = head
            .into_iter()
            .map(|(text, number)| view! { <th scope="col" class=class(number)>{text}</th> });
        // What can be scrolled can be reached by keys.
        let table = view! {
            <div class="scroll" tabindex="0">
                <table>
                    <thead><tr>{head.collect_view()}</tr></thead>
                    <tbody>{each(keys, row)}</tbody>
                </table>
            </div>
        };
        Some(table.into_any())
    })
    .into_any()
}

fn cells(row: &[Cell]) -> AnyView {
    let cells = row.iter().enumerate().map(|(at, cell)| match at {
        0 => view! { <th scope="row">{cell.shown.clone()}</th> }.into_any(),
        _ => view! { <td class=class(cell.number)>{cell.shown.clone()}</td> }.into_any(),
    });
    cells.collect_view().into_any()
}
