//! What to look for: the same fields for the list, for invalidating, and for exports.

use countersign_shared::admin::supporters::SupporterFilter;
use leptos::prelude::*;

use super::super::kit::{hinted, plain, press, some};
use super::super::settings::when;
use crate::browser::api;
use crate::parts::live::hear;
use crate::parts::{checkbox, choice};
use crate::words::people::w;

/// The fields of a filter.
#[derive(Clone, Copy)]
pub struct Filter {
    q: RwSignal<String>,
    state: RwSignal<String>,
    country: RwSignal<String>,
    channel: RwSignal<String>,
    updates: RwSignal<bool>,
    suspicious: RwSignal<bool>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    domain: RwSignal<String>,
    network: RwSignal<String>,
    pattern: RwSignal<String>,
}

/// Everybody.
pub fn nothing() -> SupporterFilter {
    SupporterFilter {
        q: None,
        state: None,
        country: None,
        channel: None,
        updates: None,
        suspicious: None,
        from: None,
        to: None,
        domain: None,
        network: None,
        pattern: None,
    }
}

/// As a query, with an `&` after each part.
pub fn query(filter: &SupporterFilter) -> String {
    let texts = [
        ("q", &filter.q),
        ("state", &filter.state),
        ("country", &filter.country),
        ("channel", &filter.channel),
        ("from", &filter.from),
        ("to", &filter.to),
        ("domain", &filter.domain),
        ("network", &filter.network),
        ("pattern", &filter.pattern),
    ];
    let mut query = String::new();
    for (name, value) in texts {
        if let Some(value) = value {
            query.push_str(&format!("{name}={}&", api::encoded(value)));
        }
    }
    for (name, value) in [("updates", filter.updates), ("suspicious", filter.suspicious)] {
        if let Some(value) = value {
            query.push_str(&format!("{name}={value}&"));
        }
    }
    query
}

impl Filter {
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            q: text(),
            state: text(),
            country: text(),
            channel: text(),
            updates: RwSignal::new(false),
            suspicious: RwSignal::new(false),
            from: text(),
            to: text(),
            domain: text(),
            network: text(),
            pattern: text(),
        }
    }

    pub fn value(self) -> SupporterFilter {
        let yes = |signal: RwSignal<bool>| signal.get_untracked().then_some(true);
        SupporterFilter {
            q: some(self.q),
            state: some(self.state),
            country: some(self.country).map(|code| code.to_uppercase()),
            channel: some(self.channel),
            updates: yes(self.updates),
            suspicious: yes(self.suspicious),
            from: when::utc(&self.from.get_untracked()),
            to: when::utc(&self.to.get_untracked()),
            domain: some(self.domain),
            network: some(self.network),
            pattern: some(self.pattern),
        }
    }

    fn clear(self) {
        let texts = [
            self.q,
            self.state,
            self.country,
            self.channel,
            self.from,
            self.to,
            self.domain,
            self.network,
            self.pattern,
        ];
        texts.into_iter().for_each(|text| text.set(String::new()));
        self.updates.set(false);
        self.suspicious.set(false);
    }

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
        view! {
            <form class="stack" role="search" on:submit=hear(submit)>
                <div class="beside">
                    {hinted(w().search, self.q, "search", w().search_hint)}
                    {self.states()}
                    <button class="btn primary" aria-busy=move || busy.get().to_string()>
                        {w().find}
                    </button>
                    {press(w().clear, "btn", RwSignal::new(false), clear)}
                </div>
                <details>
                    <summary>{w().more_filters}</summary>
                    {self.more()}
                </details>
            </form>
        }
        .into_any()
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
            {hinted(w().country, self.country, "text", w().country_hint)}
            {choice(w().channel, self.channel, channels)}
            {plain(w().from, self.from, "datetime-local")}
            {plain(w().to, self.to, "datetime-local")}
            {checkbox(w().only_updates, self.updates)}
            {checkbox(w().only_suspicious, self.suspicious)}
        }
        .into_any()
    }

    /// What many can be invalidated by.
    pub fn narrow(self) -> AnyView {
        view! {
            {hinted(w().network, self.network, "text", w().network_hint)}
            {plain(w().domain, self.domain, "text")}
            {hinted(w().pattern, self.pattern, "text", w().pattern_hint)}
        }
        .into_any()
    }

    pub fn times(self) -> AnyView {
        view! {
            {plain(w().from, self.from, "datetime-local")}
            {plain(w().to, self.to, "datetime-local")}
        }
        .into_any()
    }

    fn more(self) -> AnyView {
        let one = |key: &str, words: &str| (key.to_owned(), words.to_owned());
        let channels = vec![one("", w().any), one("online", w().online), one("import", w().import)];
        view! {
            <div class="pairs">
                {hinted(w().country, self.country, "text", w().country_hint)}
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
