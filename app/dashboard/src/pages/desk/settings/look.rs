//! Colour, corners, letters, paper; and whether the colour can be read.

use countersign_shared::admin::campaigns::Contrast;
use leptos::prelude::*;

use super::Editor;
use super::form::part;
use crate::browser::intl;
use crate::words::fill;
use crate::words::settings::w;

pub fn look(editor: Editor) -> AnyView {
    let form = editor.form;
    let accent = form.field(
        part(w().accent, "look.accent", "color"),
        Box::new(|settings| settings.look.accent.clone()),
        Box::new(|settings, text| settings.look.accent = text),
    );
    let radius = form.number(
        part(w().radius, "look.radius", "number"),
        |settings| settings.look.radius.into(),
        |settings, number| settings.look.radius = number.min(255) as u8,
    );
    let font = form.select(
        w().font,
        &[
            ("system", w().font_system),
            ("serif", w().font_serif),
            ("rounded", w().font_rounded),
            ("mono", w().font_mono),
        ],
        Box::new(|settings| settings.look.font.clone()),
        Box::new(|settings, text| settings.look.font = text),
    );
    let scheme = form.select(
        w().scheme,
        &[("auto", w().scheme_auto), ("light", w().scheme_light), ("dark", w().scheme_dark)],
        Box::new(|settings| settings.look.scheme.clone()),
        Box::new(|settings, text| settings.look.scheme = text),
    );
    let pairs = move || {
        let found = editor.check.with(|check| check.as_ref().map(|it| it.contrast.clone()));
        found.unwrap_or_default().into_iter().map(pair).collect::<Vec<_>>()
    };
    view! {
        <div class="pairs">{accent}{radius}{font}{scheme}</div>
        <h3>{w().contrast}</h3>
        <ul class="badges">{pairs}</ul>
    }
    .into_any()
}

/// One use of the colour: a sample, and in words whether it can be read.
fn pair(pair: Contrast) -> AnyView {
    let what = if pair.what == "button" { w().contrast_button } else { w().contrast_text };
    let paper = if pair.scheme == "dark" { w().contrast_dark } else { w().contrast_light };
    let said = if pair.passes { w().contrast_passes } else { w().contrast_fails };
    let said = fill(said, &[("ratio", &intl::decimal(pair.ratio))]);
    let adjusted =
        if pair.adjusted { format!("; {}", w().contrast_adjusted) } else { String::new() };
    view! {
        <li class:bad=!pair.passes>
            <span class="sample" aria-hidden="true" style:color=pair.colour style:background=pair.on>
                "Aa"
            </span>
            <span>{format!("{what} {paper}: {said}{adjusted}")}</span>
        </li>
    }
    .into_any()
}
