//! Tables: shown, and as files.

use leptos::prelude::*;

use crate::browser::intl;
use crate::csv;

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
        Self {
            shown,
            raw: share.map(|share| format!("{share:.4}")).unwrap_or_default(),
            number: true,
        }
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

pub fn table(table: Table) -> AnyView {
    let numbers: Vec<bool> = match table.rows.first() {
        Some(row) => row.iter().map(|cell| cell.number).collect(),
        None => Vec::new(),
    };
    let class = move |number: bool| if number { "num" } else { "" };
    let head = table.head.into_iter().enumerate().map(|(at, text)| {
        let number = numbers.get(at).copied().unwrap_or(false);
        view! { <th scope="col" class=class(number)>{text}</th> }
    });
    let head = head.collect_view();
    let rows = table.rows.into_iter().map(|row| {
        let cells = row.into_iter().enumerate().map(|(at, cell)| match at {
            0 => view! { <th scope="row">{cell.shown}</th> }.into_any(),
            _ => view! { <td class=class(cell.number)>{cell.shown}</td> }.into_any(),
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    // What can be scrolled can be reached by keys.
    view! {
        <div class="scroll" tabindex="0">
            <table>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
