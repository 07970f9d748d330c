//! Fields of forms: a label, a hint, and what is wrong, tied together for those who hear them.

use std::cell::Cell;
use std::sync::Arc;

use leptos::prelude::*;

use super::live::{hear, live};

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// A name that no other element of the page has.
pub fn unique(stem: &str) -> String {
    format!("{stem}-{}", NEXT.replace(NEXT.get() + 1))
}

/// What may be said about a field beside its label.
#[derive(Clone, Default)]
pub struct About {
    pub hint: String,
    /// `email`, `password`, `number`, `date`, `url`; empty for text.
    pub kind: &'static str,
    pub autocomplete: &'static str,
    pub required: bool,
}

type Fault = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// One line of text.
pub fn field(
    label: impl Into<String>,
    value: RwSignal<String>,
    about: About,
    fault: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> AnyView {
    line(label.into(), value, about, Arc::new(fault))
}

fn line(label: String, value: RwSignal<String>, about: About, fault: Fault) -> AnyView {
    let invalid = Arc::clone(&fault);
    let id = unique("field");
    let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
    let described = format!("{hint_id} {fault_id}");
    let kind = if about.kind.is_empty() { "text" } else { about.kind };
    let autocomplete = if about.autocomplete.is_empty() { "off" } else { about.autocomplete };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type=kind
                autocomplete=autocomplete
                required=about.required
                aria-describedby=described
                aria-invalid=move || invalid().is_some().then_some("true")
                prop:value=value
                on:input=hear(move |event| value.set(event_target_value(&event)))
            />
            <span class="hint" id=hint_id>{about.hint}</span>
            <span class="fault" id=fault_id>{live(move || fault())}</span>
        </div>
    }
    .into_any()
}

/// Several lines of text.
pub fn area(
    label: impl Into<String>,
    value: RwSignal<String>,
    about: About,
    fault: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> AnyView {
    lines(label.into(), value, about, Arc::new(fault))
}

fn lines(label: String, value: RwSignal<String>, about: About, fault: Fault) -> AnyView {
    let invalid = Arc::clone(&fault);
    let id = unique("area");
    let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
    let described = format!("{hint_id} {fault_id}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                rows="4"
                required=about.required
                aria-describedby=described
                aria-invalid=move || invalid().is_some().then_some("true")
                prop:value=value
                on:input=hear(move |event| value.set(event_target_value(&event)))
            ></textarea>
            <span class="hint" id=hint_id>{about.hint}</span>
            <span class="fault" id=fault_id>{live(move || fault())}</span>
        </div>
    }
    .into_any()
}

/// One of several: `(value, words)`. What is not among them shows as the first, so a value that may
/// be empty needs an empty option.
pub fn choice(
    label: impl Into<String>,
    value: RwSignal<String>,
    options: Vec<(String, String)>,
) -> AnyView {
    chosen(label.into(), value, options, Arc::new(|| None))
}

/// The same, where the choice may be at fault.
pub fn choice_or(
    label: impl Into<String>,
    value: RwSignal<String>,
    options: Vec<(String, String)>,
    fault: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> AnyView {
    chosen(label.into(), value, options, Arc::new(fault))
}

fn chosen(
    label: String,
    value: RwSignal<String>,
    options: Vec<(String, String)>,
    fault: Fault,
) -> AnyView {
    let invalid = Arc::clone(&fault);
    let id = unique("choice");
    let fault_id = format!("{id}-fault");
    let options = options.into_iter().map(|(key, text)| {
        let chosen = key.clone();
        // The property: the attribute says nothing any more once somebody has chosen.
        view! {
            <option value=key prop:selected=move || value.with(|value| *value == chosen)>
                {text}
            </option>
        }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id
                aria-describedby=fault_id.clone()
                aria-invalid=move || invalid().is_some().then_some("true")
                on:change=hear(move |event| value.set(event_target_value(&event)))
            >
                {options.collect_view()}
            </select>
            <span class="fault" id=fault_id>{live(move || fault())}</span>
        </div>
    }
    .into_any()
}

/// Yes or no.
pub fn checkbox(label: impl IntoView, value: RwSignal<bool>) -> AnyView {
    checked(label.into_any(), value)
}

fn checked(label: AnyView, value: RwSignal<bool>) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=value
                on:change=hear(move |event| value.set(event_target_checked(&event)))
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}
