//! Colour, corners, letters, paper; and whether the colour can be read.

use countersign_shared::admin::campaigns::Contrast;
use leptos::prelude::*;

use super::Editor;
use super::form::part;
use crate::browser::intl;
use crate::parts::live::live;
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
    let found = Memo::new(move |_| {
        let found = editor.check.with(|check| check.as_ref().map(|it| it.contrast.clone()));
        found.unwrap_or_default()
    });
    let pairs = move || {
        let chosen = form.settings.with_untracked(|it| it.look.accent.clone());
        found.get().into_iter().map(|it| pair(it, &chosen)).collect::<Vec<_>>()
    };
    view! {
        <div class="pairs">{accent}{radius}{font}{scheme}</div>
        <h3>{w().contrast}</h3>
        <div role="status"><ul class="badges">{live(pairs)}</ul></div>
    }
    .into_any()
}

/// One use of the colour: a sample of what people will see, and in words whether it can be read. A
/// colour that could not be read as it was chosen, and so is shown as another, is warned of.
fn pair(pair: Contrast, chosen: &str) -> AnyView {
    let button = pair.what == "button";
    let what = if button { w().contrast_button } else { w().contrast_text };
    let paper = if pair.scheme == "dark" { w().contrast_dark } else { w().contrast_light };
    let (ratio, weak) = (tenths(pair.ratio), tenths(pair.chosen));
    let colour = if button { &pair.on } else { &pair.colour };
    let values =
        [("ratio", &*ratio), ("weak", &*weak), ("chosen", chosen), ("colour", colour.as_str())];
    let warns = pair.adjusted && pair.chosen < READABLE;
    let said = match (pair.passes, warns) {
        (false, _) => fill(w().contrast_fails, &values),
        (true, true) => fill(w().contrast_adjusted, &values),
        (true, false) => fill(w().contrast_passes, &values),
    };
    let other = (pair.adjusted && !warns).then(|| fill(w().contrast_other, &values));
    let other = other.map(|other| format!("; {other}")).unwrap_or_default();
    view! {
        <li class:bad=!pair.passes class:warn=warns>
            <span class="sample" aria-hidden="true" style:color=pair.colour style:background=pair.on>
                "Aa"
            </span>
            <span>{format!("{what} {paper}: {said}{other}")}</span>
        </li>
    }
    .into_any()
}

/// WCAG 2.2, 1.4.3, level AA.
const READABLE: f64 = 4.5;

/// Never rounded up: what is shown as 4.5 is 4.5.
fn tenths(ratio: f64) -> String {
    intl::decimal((ratio * 10.0).floor() / 10.0)
}
