//! One field: its label, its input, and the line below that holds the hint or the error.

use leptos::prelude::*;

use crate::ui::{Maybe, Text, Ui};
use crate::words::Words;

/// The line below a field. It keeps its height when empty, so that nothing moves when an error
/// comes or goes: a button that moves between press and release is not clicked.
pub fn note(ui: Ui, field: &'static str, hint: fn(&Words) -> String) -> impl IntoView {
    let text = ui.told(move |words, form| match form.error(field) {
        Some(code) => words.error(code),
        None => hint(words),
    });
    view! {
        <p
            class="cs-note"
            part="error"
            id=format!("cs-{field}-note")
            data-bad=bad(ui, field)
        >
            {text}
        </p>
    }
}

/// `aria-invalid` of a field: absent while nothing is wrong.
pub fn bad(ui: Ui, field: &'static str) -> Maybe {
    let form = ui.form;
    Box::new(move || form.with(|form| form.error(field).map(|_| "true".to_owned())))
}

/// A label's text.
pub fn label(ui: Ui, field: &'static str, key: &'static str) -> impl IntoView {
    view! {
        <label class="cs-label" part="label" for=format!("cs-{field}")>
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
    view! {
        <label class="cs-check" part="choice">
            <input type="checkbox" name=field value="true" checked=on />
            <span>{text}</span>
        </label>
    }
}
