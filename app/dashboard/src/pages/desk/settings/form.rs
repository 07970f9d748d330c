//! The form of a campaign's settings: one value, and fields that read and write a part of it.

use countersign_shared::admin::campaigns::CampaignSettings;
use leptos::prelude::*;

use crate::parts::live::hear;
use crate::parts::unique;

/// The settings as they stand in the form, and what is wrong with them by the names of the API.
#[derive(Clone, Copy)]
pub struct Form {
    pub settings: RwSignal<CampaignSettings>,
    pub faults: RwSignal<Vec<(String, String)>>,
}

pub type Reads = Box<dyn Fn(&CampaignSettings) -> String + Send + Sync>;
pub type Writes = Box<dyn Fn(&mut CampaignSettings, String)>;

/// A field: its label, its hint, and the name under which faults come.
pub struct Part {
    pub label: &'static str,
    pub hint: String,
    pub name: String,
    /// `text`, `number`, `color`, `datetime-local`; `lines` for several lines.
    pub kind: &'static str,
}

pub fn part(label: &'static str, name: impl Into<String>, kind: &'static str) -> Part {
    Part { label, hint: String::new(), name: name.into(), kind }
}

impl Part {
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl Form {
    /// What is wrong with a field, or with one entry of it.
    pub fn fault(self, name: &str) -> Option<String> {
        self.faults.with(|all| {
            let of = |field: &str| {
                field
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
            };
            all.iter().find(|(field, _)| of(field)).map(|(_, reason)| reason.clone())
        })
    }

    /// Plain text is taken over as it is typed. What has a form of its own is, once it is whole:
    /// when the field is left.
    pub fn field(self, part: Part, get: Reads, set: Writes) -> AnyView {
        let id = unique("setting");
        let (hint_id, fault_id) = (format!("{id}-hint"), format!("{id}-fault"));
        let described = format!("{hint_id} {fault_id}");
        let name = StoredValue::new(part.name);
        let fault = move || name.with_value(|name| self.fault(name));
        let invalid = move || fault().is_some().then_some("true");
        let value = move || self.settings.with(|settings| get(settings));
        let set = move |text: String| self.settings.update(|settings| set(settings, text));
        let input = match part.kind {
            "text" => view! {
                <input id=id.clone() autocomplete="off" aria-describedby=described
                    aria-invalid=invalid prop:value=value dir="auto"
                    on:input=hear(move |event| set(event_target_value(&event))) />
            }
            .into_any(),
            "lines" | "list" => {
                let late = part.kind == "list";
                let set = std::rc::Rc::new(set);
                let now = std::rc::Rc::clone(&set);
                view! {
                    <textarea id=id.clone() rows="3" aria-describedby=described
                        aria-invalid=invalid prop:value=value dir="auto"
                        on:input=hear(move |event| {
                            if !late {
                                now(event_target_value(&event));
                            }
                        })
                        on:change=hear(move |event| {
                            if late {
                                set(event_target_value(&event));
                            }
                        })></textarea>
                }
                .into_any()
            }
            kind => view! {
                <input id=id.clone() type=kind autocomplete="off" aria-describedby=described
                    aria-invalid=invalid prop:value=value step="any"
                    on:change=hear(move |event| set(event_target_value(&event))) />
            }
            .into_any(),
        };
        view! {
            <div class="field">
                <label for=id>{part.label}</label>
                {input}
                <span class="hint" id=hint_id>{part.hint}</span>
                <span class="fault" id=fault_id>{fault}</span>
            </div>
        }
        .into_any()
    }

    /// One of several: `(value, words)`.
    pub fn select(
        self,
        label: &'static str,
        options: &[(&'static str, &'static str)],
        get: Reads,
        set: Writes,
    ) -> AnyView {
        let id = unique("setting");
        let get = StoredValue::new(get);
        let options = options.iter().map(|(key, words)| {
            let key: &'static str = key;
            let chosen = move || get.with_value(|get| self.settings.with(|it| get(it)) == key);
            view! { <option value=key prop:selected=chosen>{*words}</option> }
        });
        let options = options.collect::<Vec<_>>();
        let choose = move |text: String| self.settings.update(|settings| set(settings, text));
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <select id=id on:change=hear(move |event| choose(event_target_value(&event)))>
                    {options}
                </select>
            </div>
        }
        .into_any()
    }

    pub fn check(
        self,
        label: &'static str,
        get: fn(&CampaignSettings) -> bool,
        set: fn(&mut CampaignSettings, bool),
    ) -> AnyView {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || self.settings.with(get)
                    on:change=hear(move |event| {
                        let yes = event_target_checked(&event);
                        self.settings.update(|settings| set(settings, yes));
                    })
                />
                <span>{label}</span>
            </label>
        }
        .into_any()
    }

    /// A whole number; what is none leaves it as it was.
    pub fn number(
        self,
        part: Part,
        get: fn(&CampaignSettings) -> u64,
        set: fn(&mut CampaignSettings, u64),
    ) -> AnyView {
        self.field(
            Part { kind: "number", ..part },
            Box::new(move |settings| get(settings).to_string()),
            Box::new(move |settings, text| {
                if let Ok(number) = text.trim().parse() {
                    set(settings, number);
                }
            }),
        )
    }
}
