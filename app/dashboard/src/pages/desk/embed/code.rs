//! The QR code, to look at and to take away: for print as SVG, for everything else as PNG.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::future_to_promise;

use super::super::kit::press;
use crate::browser::download;
use crate::session;
use crate::words::settings::w;
use crate::words::shell;

/// The server draws each square with eight pixels or so: four times that is enough for a poster.
const SCALE: f64 = 4.0;

pub fn code(svg: String, slug: &str) -> AnyView {
    let picture = download::svg_url(&svg);
    let (svg_name, png_name) = (format!("{slug}-qr.svg"), format!("{slug}-qr.png"));
    let svg = StoredValue::new(svg);
    let save_svg = move || svg.with_value(|it| download::save(&svg_name, "image/svg+xml", it));
    let save_png = move || {
        let name = png_name.clone();
        spawn_local(async move {
            match download::png(svg.get_value(), SCALE).await {
                Ok(blob) => download::save_blob(&name, blob.unchecked_ref()),
                Err(_) => session::say(shell::w().failed),
            }
        });
    };
    let copy =
        move || download::copy_png(future_to_promise(download::png(svg.get_value(), SCALE)).into());
    let copy_svg = move || download::copy(svg.get_value());
    let button = |words, act: Box<dyn Fn()>| press(words, "btn", RwSignal::new(false), act);
    view! {
        <p class="sub">{w().qr_hint}</p>
        <img class="qr" src=picture alt=w().qr width="180" height="180" />
        <div class="row">
            {button(w().qr_copy, Box::new(copy))}
            {button(w().qr_copy_svg, Box::new(copy_svg))}
            {button(w().qr_save_png, Box::new(save_png))}
            {button(w().qr_save, Box::new(save_svg))}
        </div>
    }
    .into_any()
}
