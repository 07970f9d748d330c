//! One field: its label, its input, and the line below that holds the hint or the error.

use leptos::prelude::*;

use super::attrs::{Attrs, at};
use crate::ui::{Maybe, Text, Ui};
use crate::words::Words;

/// A field's label and the line below it.
///
/// The line keeps its height when empty, so that nothing moves when an error comes or goes: a
/// button that moves between press and release is not clicked.
pub fn note(ui: Ui, field: &'static str, hint: fn(&Words) -> String) -> impl IntoView {
    let text = ui.told(move |words, form| match form.error(field) {
        Some(code) => words.error(code),
        None => hint(words),
    });
    view! {
        <p {..at("class='cs-note' part='error'")
            .own("id", || format!("cs-{field}-note"))
            .maybe("data-bad", bad(ui, field))}>{text}</p>
    }
}

/// What every input has: its name, and the ties to its label and its line.
pub fn input(ui: Ui, field: &'static str, fixed: &'static str) -> Attrs {
    at(fixed)
        .own("id", || format!("cs-{field}"))
        .own("name", || field.to_owned())
        .own("aria-describedby", || format!("cs-{field}-note"))
        .maybe("aria-invalid", bad(ui, field))
}

/// `true` while something is wrong with the field.
fn bad(ui: Ui, field: &'static str) -> Maybe {
    let form = ui.form;
    Box::new(move || form.with(|form| form.error(field).map(|_| "true".to_owned())))
}

/// A label's text.
pub fn label(ui: Ui, field: &'static str, key: &'static str) -> impl IntoView {
    view! {
        <label {..at("class='cs-label' part='label'").own("for", || format!("cs-{field}"))}>
            {ui.say(key)}
        </label>
    }
}

/// No hint: an empty line.
pub fn no_hint(_: &Words) -> String {
    String::new()
}

/// A checkbox with its sentence.
pub fn choice(field: &'static str, on: bool, text: Text) -> impl IntoView {
    let fixed =
        if on { "type='checkbox' value='true' checked" } else { "type='checkbox' value='true'" };
    view! {
        <label {..at("class='cs-check' part='choice'")}>
            <input {..at(fixed).own("name", || field.to_owned())} />
            <span>{text}</span>
        </label>
    }
}
