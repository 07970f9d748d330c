//! A chart as everybody can read it: a picture with a sentence, a cursor that arrow keys move, the
//! table behind it, and both as files.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::live::{effect, hear, live};
use super::table::{Table, table};
use super::unique;
use crate::browser::download;
use crate::browser::size::Sizer;
use crate::digits::px;
use crate::words::fill;
use crate::words::shell::w;

mod picture;

/// What a chart is.
pub struct Figure {
    pub title: String,
    /// Beside the title.
    pub note: Signal<String>,
    /// The name of its files, without ending.
    pub file: String,
    /// Columns of 12.
    pub wide: u8,
    pub cursor: Option<Cursor>,
}

type Text = Arc<dyn Fn(usize) -> String + Send + Sync>;
type Pick = Arc<dyn Fn(&web_sys::PointerEvent, f64) -> Option<usize> + Send + Sync>;

type Chart = Box<dyn Fn(f64) -> AnyView + Send + Sync>;
type Data = Arc<dyn Fn() -> Table + Send + Sync>;

/// Moves over the points of a chart.
#[derive(Clone)]
pub struct Cursor {
    pub at: RwSignal<Option<usize>>,
    pub count: Signal<usize>,
    /// What a point says.
    pub text: Text,
    /// The point under a pointer, from the event and the place along the picture, 0 to 1.
    pub pick: Pick,
}

/// A card with a chart. `chart` draws an `<svg>` for a width in px.
pub fn figure(
    about: Figure,
    chart: impl Fn(f64) -> AnyView + Send + Sync + 'static,
    data: impl Fn() -> Table + Send + Sync + 'static,
    below: impl IntoView,
) -> AnyView {
    drawn(about, Box::new(chart), Arc::new(data), below.into_any())
}

fn drawn(about: Figure, chart: Chart, data: Data, below: AnyView) -> AnyView {
    let Figure { title, note, file, wide, cursor } = about;
    let as_table = RwSignal::new(false);
    let plot = NodeRef::<leptos::html::Div>::new();
    let width = RwSignal::new(0.0);
    let sizer = StoredValue::new_local(None::<Sizer>);
    effect(move || {
        if let Some(plot) = plot.get() {
            sizer.set_value(Some(Sizer::new(&plot, move |wide| {
                let _ = width.try_set(wide);
            })));
        }
    });
    let id = unique("figure");
    let (labelled, svg_name, csv_name) = (id.clone(), format!("{file}.svg"), format!("{file}.csv"));
    let rows = Arc::clone(&data);
    let save_svg = move |_| {
        if let Some(plot) = plot.get_untracked() {
            picture::save(&plot, &svg_name);
        }
    };
    let save_csv = move |_| download::save(&csv_name, "text/csv", &rows().csv());
    let pointer = cursor.clone();
    let moved = move |event: web_sys::PointerEvent| {
        let Some((cursor, plot)) = pointer.as_ref().zip(plot.get_untracked()) else { return };
        let area = plot.get_bounding_client_rect();
        let place = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
        cursor.at.set((cursor.pick)(&event, place));
    };
    let left = cursor.as_ref().map(|cursor| cursor.at);
    let what = title.clone();
    view! {
        <figure class=format!("card w{wide}") aria-labelledby=labelled>
            <figcaption>
                <h2><span id=id>{title}</span> <span>{note}</span></h2>
            </figcaption>
            <div
                class="plot"
                node_ref=plot
                hidden=as_table
                on:pointermove=hear(moved)
                on:pointerleave=hear(move |_| if let Some(at) = left { at.set(None) })
            >
                {live(move || (width.get() > 0.0).then(|| chart(width.get())))}
                {cursor.clone().map(|cursor| slider(cursor, what.clone()))}
            </div>
            {cursor.map(|cursor| view! {
                <p class="readout" aria-hidden="true" hidden=as_table>
                    {live(move || cursor.at.get().map(|at| (cursor.text)(at)))}
                </p>
            })}
            {live(move || {
                let data = Arc::clone(&data);
                as_table.get().then(|| table(move || data()))
            })}
            {below}
            <div class="tools">
                <button
                    type="button"
                    class="quiet"
                    aria-pressed=move || as_table.get().to_string()
                    on:click=hear(move |_| as_table.update(|table| *table = !*table))
                >
                    {w().show_table}
                </button>
                <button
                    type="button"
                    class="quiet"
                    hidden=as_table
                    aria-label=fill(w().download_svg, &[("what", &what)])
                    on:click=hear(save_svg)
                >
                    {w().as_svg}
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-label=fill(w().download_csv, &[("what", &what)])
                    on:click=hear(save_csv)
                >
                    {w().as_csv}
                </button>
            </div>
        </figure>
    }
    .into_any()
}

/// Screen readers read out the value of a slider when it moves, and hand it the arrow keys.
fn slider(cursor: Cursor, title: String) -> AnyView {
    let Cursor { at, count, text, .. } = cursor;
    let last = move || count.get().saturating_sub(1);
    let go = move |event: web_sys::KeyboardEvent| {
        let (last, now) = (last(), at.get_untracked());
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => now.map_or(0, |now| (now + 1).min(last)),
            "ArrowLeft" | "ArrowDown" => now.map_or(last, |now| now.saturating_sub(1)),
            "PageUp" => (now.unwrap_or(0) + 10).min(last),
            "PageDown" => now.unwrap_or(last).saturating_sub(10),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if count.get_untracked() > 0 {
            at.set(Some(to));
        }
    };
    view! {
        <div
            class="cursor"
            role="slider"
            tabindex="0"
            aria-label=title
            aria-valuemin="0"
            aria-valuemax=move || last().to_string()
            aria-valuenow=move || at.get().unwrap_or_else(last).to_string()
            aria-valuetext=move || {
                let at = at.get().unwrap_or_else(last);
                if count.get() > at { text(at) } else { String::new() }
            }
            on:keydown=hear(go)
            on:blur=hear(move |_| at.set(None))
        ></div>
    }
    .into_any()
}

/// Attributes of a chart's `<svg>`: its size, and its sentence.
pub fn svg(width: f64, height: f64, summary: Signal<String>, inside: AnyView) -> AnyView {
    view! {
        <svg
            viewBox=format!("0 0 {} {}", px(width), px(height))
            width=px(width)
            height=px(height)
            role="img"
            aria-label=summary
        >
            {inside}
        </svg>
    }
    .into_any()
}

/// The number that the element under a pointer carries.
pub fn carried(event: &web_sys::PointerEvent) -> Option<usize> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.get_attribute("data-at")?.parse().ok()
}
