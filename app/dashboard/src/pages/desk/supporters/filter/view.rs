//! The fields of a filter, as each page shows them.

use countersign_shared::FieldError;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::super::super::kit::{line, press};
use super::{ALWAYS_SHOWN, Filter};
use crate::browser::js;
use crate::parts::live::{effect, hear};
use crate::parts::{About, checkbox, choice};
use crate::words::people::w;

impl Filter {
    /// The search, and the other filters in a fold.
    pub fn view(self, find: impl Fn() + Copy + 'static, busy: RwSignal<bool>) -> AnyView {
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            find();
        };
        let clear = move || {
            self.clear();
            find();
        };
        let toggled = move |event: leptos::ev::Event| {
            let target = event.target().map(JsValue::from).unwrap_or_default();
            self.unfolded.set(js::get(&target, "open").is_truthy());
        };
        effect(move || {
            let hidden = |fault: &FieldError| !ALWAYS_SHOWN.contains(&&*fault.field);
            if self.faults.with(|all| all.iter().any(hidden)) {
                self.unfolded.set(true);
            }
        });
        view! {
            <form class="stack" role="search" on:submit=hear(submit)>
                <div class="beside">
                    {self.line(w().search, self.q, "search", w().search_hint, "q")}
                    {self.states()}
                    <button class="btn primary" aria-busy=move || busy.get().to_string()>
                        {w().find}
                    </button>
                    {press(w().clear, "btn", RwSignal::new(false), clear)}
                </div>
                <details prop:open=self.unfolded on:toggle=hear(toggled)>
                    <summary>{w().more_filters}</summary>
                    {self.more()}
                </details>
            </form>
        }
        .into_any()
    }

    fn line(
        self,
        label: &'static str,
        value: RwSignal<String>,
        kind: &'static str,
        hint: &'static str,
        name: &'static str,
    ) -> AnyView {
        let about = About { kind, hint: hint.to_owned(), ..About::default() };
        line(label, value, about, self.faults, name)
    }

    fn states(self) -> AnyView {
        let one = |key: &str, words: &str| (key.to_owned(), words.to_owned());
        choice(
            w().state,
            self.state,
            vec![
                one("", w().any),
                one("counted", w().counted),
                one("quarantined", w().quarantined),
                one("unconfirmed", w().unconfirmed),
                one("withdrawn", w().withdrawn),
                one("refused", w().refused),
                one("invalidated", w().invalidated),
            ],
        )
    }

    /// What an export can be limited to.
    pub fn broad(self) -> AnyView {
        let one = |key: &str, words: &str| (key.to_owned(), words.to_owned());
        let channels = vec![one("", w().any), one("online", w().online), one("import", w().import)];
        view! {
            {self.states()}
            {self.line(w().country, self.country, "text", w().country_hint, "country")}
            {choice(w().channel, self.channel, channels)}
            {self.times()}
            {checkbox(w().only_updates, self.updates)}
            {checkbox(w().only_suspicious, self.suspicious)}
        }
        .into_any()
    }

    /// What many can be invalidated by.
    pub fn narrow(self) -> AnyView {
        view! {
            {self.line(w().network, self.network, "text", w().network_hint, "network")}
            {self.line(w().domain, self.domain, "text", "", "domain")}
            {self.line(w().pattern, self.pattern, "text", w().pattern_hint, "pattern")}
        }
        .into_any()
    }

    pub fn times(self) -> AnyView {
        view! {
            {self.line(w().from, self.from, "datetime-local", "", "from")}
            {self.line(w().to, self.to, "datetime-local", "", "to")}
        }
        .into_any()
    }

    fn more(self) -> AnyView {
        let one = |key: &str, words: &str| (key.to_owned(), words.to_owned());
        let channels = vec![one("", w().any), one("online", w().online), one("import", w().import)];
        view! {
            <div class="pairs">
                {self.line(w().country, self.country, "text", w().country_hint, "country")}
                {choice(w().channel, self.channel, channels)}
                {self.times()}
                {self.narrow()}
                {checkbox(w().only_updates, self.updates)}
                {checkbox(w().only_suspicious, self.suspicious)}
            </div>
        }
        .into_any()
    }
}
