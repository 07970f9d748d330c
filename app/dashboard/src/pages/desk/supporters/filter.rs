//! What to look for: the same fields for the list, for invalidating, and for exports.

use countersign_shared::admin::supporters::SupporterFilter;
use leptos::prelude::*;

use super::super::kit::{self, Faults};
use super::super::settings::when;
use crate::browser::api::{self, Fault};
use crate::browser::history;

mod view;

/// The fields of a filter, and what the server says is wrong with them.
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
    pub faults: Faults,
    /// Whether the other filters are shown.
    unfolded: RwSignal<bool>,
}

/// What stands in no address of a page: somebody may be known by it.
const PERSONAL: [&str; 2] = ["q", "pattern"];

/// What is shown without unfolding the others.
const ALWAYS_SHOWN: [&str; 2] = ["q", "state"];

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
            faults: RwSignal::default(),
            unfolded: RwSignal::new(false),
        }
    }

    /// What is asked for, as the fields are now.
    pub fn value(self) -> SupporterFilter {
        untrack(|| self.followed())
    }

    /// The same, for what follows the fields.
    pub fn followed(self) -> SupporterFilter {
        let some = |signal: RwSignal<String>| {
            let value = signal.with(|value| value.trim().to_owned());
            (!value.is_empty()).then_some(value)
        };
        let yes = |signal: RwSignal<bool>| signal.get().then_some(true);
        SupporterFilter {
            q: some(self.q),
            state: some(self.state),
            country: some(self.country).map(|code| code.to_ascii_uppercase()),
            channel: some(self.channel),
            updates: yes(self.updates),
            suspicious: yes(self.suspicious),
            from: self.from.with(|local| when::utc(local)),
            to: self.to.with(|local| when::utc(local)),
            domain: some(self.domain),
            network: some(self.network),
            pattern: some(self.pattern),
        }
    }

    fn texts(self) -> [(&'static str, RwSignal<String>); 9] {
        [
            ("q", self.q),
            ("state", self.state),
            ("country", self.country),
            ("channel", self.channel),
            ("from", self.from),
            ("to", self.to),
            ("domain", self.domain),
            ("network", self.network),
            ("pattern", self.pattern),
        ]
    }

    fn marks(self) -> [(&'static str, RwSignal<bool>); 2] {
        [("updates", self.updates), ("suspicious", self.suspicious)]
    }

    fn clear(self) {
        self.texts().into_iter().for_each(|(_, text)| text.set(String::new()));
        self.marks().into_iter().for_each(|(_, mark)| mark.set(false));
    }

    /// As the query of the page's address.
    pub fn address(self) -> String {
        let filter = SupporterFilter { q: None, pattern: None, ..self.value() };
        query(&filter).trim_end_matches('&').to_owned()
    }

    /// Takes over what the page's address asks for.
    pub fn fill(self) {
        let unfold = |name| {
            if !ALWAYS_SHOWN.contains(&name) {
                self.unfolded.set(true);
            }
        };
        for (name, text) in self.texts() {
            if PERSONAL.contains(&name) {
                continue;
            }
            let asked = history::query(name).unwrap_or_default();
            if !asked.is_empty() {
                unfold(name);
            }
            text.set(match name {
                "from" | "to" => when::local(Some(&asked)),
                _ => asked,
            });
        }
        for (name, mark) in self.marks() {
            let asked = history::query(name).as_deref() == Some("true");
            if asked {
                unfold(name);
            }
            mark.set(asked);
        }
    }

    /// Takes over what another filter says of what many are invalidated by, if it says anything.
    pub fn narrow_to(self, other: Self) {
        let of =
            |filter: Self| [filter.network, filter.domain, filter.pattern, filter.from, filter.to];
        let said = of(other).map(|text| text.get_untracked());
        if said.iter().any(|text| !text.is_empty()) {
            of(self).into_iter().zip(said).for_each(|(text, said)| text.set(said));
        }
    }

    /// What is wrong, beside its field. Where the filter is a part of what was sent, so are the
    /// names of its fields.
    pub fn refuse(self, mut fault: Fault) {
        for one in &mut fault.fields {
            if let Some(name) = one.field.strip_prefix("filter.") {
                one.field = name.to_owned();
            }
        }
        kit::refuse(self.faults, fault);
    }
}
