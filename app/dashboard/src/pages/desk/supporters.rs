//! Those who signed: found among a million, looked at, corrected, taken out.

use countersign_shared::admin::Permission;
use countersign_shared::admin::supporters::{Supporter, SupporterFilter, SupporterPage};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::kit::{Faults, press, press_for, progress, row, table, text};
use crate::browser::{api, history, intl};
use crate::pages::{to_embed, top};
use crate::parts::empty;
use crate::parts::live::{effect, live};
use crate::route::{Route, Tab};
use crate::session;
use crate::words::people::w;
use crate::words::{fill, shell};

mod bulk;
mod detail;
pub mod filter;
mod held;

use filter::Filter;

/// So many are shown at once; more on request.
const PAGE: usize = 50;

/// The list, and how far the search has come.
#[derive(Clone, Copy)]
pub struct List {
    slug: StoredValue<String>,
    filter: RwSignal<SupporterFilter>,
    items: RwSignal<Vec<Supporter>>,
    next: RwSignal<Option<String>>,
    /// Rows read for this filter, and how many there are.
    read: RwSignal<(u64, u64)>,
    busy: RwSignal<bool>,
    /// Rises with every search: answers to an older one are dropped.
    turn: StoredValue<u32>,
    failed: RwSignal<Option<String>>,
    /// Those of the fields of the filter.
    faults: Faults,
}

impl List {
    fn new(slug: &str, faults: Faults) -> Self {
        Self {
            slug: StoredValue::new(slug.to_owned()),
            filter: RwSignal::new(filter::nothing()),
            items: RwSignal::default(),
            next: RwSignal::default(),
            read: RwSignal::default(),
            busy: RwSignal::new(true),
            turn: StoredValue::new(0),
            failed: RwSignal::default(),
            faults,
        }
    }

    /// Begins anew with this filter.
    fn find(self, filter: SupporterFilter) {
        self.stop();
        self.filter.set(filter);
        self.items.set(Vec::new());
        self.next.set(None);
        self.read.set((0, 0));
        self.go_on();
    }

    fn stop(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.busy.set(false);
    }

    /// Reads on until there is another page to show, or nothing more to read.
    fn go_on(self) {
        self.stop();
        self.busy.set(true);
        self.failed.set(None);
        self.faults.set(Vec::new());
        let mine = self.turn.get_value();
        let wanted = self.items.with_untracked(Vec::len) + PAGE;
        spawn_local(async move {
            while self.step(mine, wanted).await {}
            if self.turn.try_get_value() == Some(mine) {
                self.busy.set(false);
            }
        });
    }

    /// One request; says whether to send another.
    async fn step(self, mine: u32, wanted: usize) -> bool {
        let Some(filter) = self.filter.try_get_untracked() else { return false };
        let mut query = filter::query(&filter);
        query.push_str(&format!("limit={PAGE}"));
        if let Some(after) = self.next.get_untracked() {
            query.push_str(&format!("&after={}", api::encoded(&after)));
        }
        let path = api::of(&self.slug.get_value(), &format!("supporters?{query}"));
        let page = api::get::<SupporterPage>(&path).await;
        if self.turn.try_get_value() != Some(mine) {
            return false;
        }
        match page {
            Ok(page) => {
                self.read.update(|(read, of)| (*read, *of) = (*read + page.read, page.of));
                self.items.update(|items| items.extend(page.items));
                self.next.set(page.next);
                self.next.with_untracked(Option::is_some)
                    && self.items.with_untracked(Vec::len) < wanted
            }
            Err(fault) => {
                self.failed.set(Some(fault.text));
                self.faults.set(fault.fields);
                false
            }
        }
    }

    /// Puts what became of somebody in their place; without one, they are gone.
    pub fn replace(self, id: i64, now: Option<Supporter>) {
        self.items.update(|items| {
            let Some(at) = items.iter().position(|one| one.id == id) else { return };
            match now {
                Some(now) => items[at] = now,
                None => {
                    items.remove(at);
                }
            }
        });
    }
}

pub fn page(slug: String) -> AnyView {
    let filter = Filter::new();
    let list = List::new(&slug, filter.faults);
    let find = searching(&slug, filter, list);
    let open = RwSignal::new(None::<Supporter>);
    let (bulk_open, narrowed) = (RwSignal::new(false), Filter::new());
    let invalidate = move || {
        narrowed.narrow_to(filter);
        bulk_open.set(true);
    };
    let may = session::may(Permission::Moderate);
    let actions = may.then(|| press(w().bulk, "btn", RwSignal::new(false), invalidate));
    view! {
        {top(&slug, Tab::Supporters, shell::w().supporters, actions)}
        <section class="card">{filter.view(move || find.run(()), list.busy)}</section>
        <section class="card">
            {live(move || how_far(list))}
            {may.then(|| held::held(list))}
            {live(move || rows(list, open))}
            <div class="row">{live(move || more(list))}</div>
        </section>
        {detail::detail(list, open)}
        {may.then(|| bulk::bulk(slug, bulk_open, narrowed, move || list.find(filter.value())))}
    }
    .into_any()
}

/// The address says what is looked for: links of alarms lead to it, a search can be shared, and Back
/// leads to what was looked for before. Gives back how to search.
fn searching(slug: &str, filter: Filter, list: List) -> Callback<()> {
    let here = Route::Campaign(slug.to_owned(), Tab::Supporters).path();
    let path = here.clone();
    let asked = Memo::new(move |_| {
        history::place().with(|place| (place.path == path).then(|| place.query.clone()))
    });
    effect(move || {
        if asked.get().is_some() {
            untrack(|| filter.fill());
            list.find(filter.value());
        }
    });
    Callback::new(move |()| {
        let wanted = filter.address();
        if asked.get_untracked().as_ref() == Some(&wanted) {
            return list.find(filter.value());
        }
        let mark = if wanted.is_empty() { "" } else { "?" };
        history::go(&[&*here, mark, &wanted].concat());
    })
}

fn how_far(list: List) -> AnyView {
    let (read, of) = list.read.get();
    let found = list.items.with(Vec::len) as u64;
    if let Some(fault) = list.failed.get() {
        return view! { <p class="problem" role="alert">{fault}</p> }.into_any();
    }
    if list.busy.get() {
        let (done, all) = (intl::number(read), intl::number(of));
        let found = intl::number(found);
        let words = fill(w().reading, &[("read", &done), ("of", &all), ("found", &found)]);
        let stop = press(w().stop, "quiet", RwSignal::new(false), move || list.stop());
        return view! { <div class="row">{progress(words, read, of)} {stop}</div> }.into_any();
    }
    let said = fill(w().shown, &[("n", &intl::number(found))]);
    view! { <p class="sub" role="status">{said}</p> }.into_any()
}

fn rows(list: List, open: RwSignal<Option<Supporter>>) -> AnyView {
    let items = list.items.get();
    if items.is_empty() {
        let busy = list.busy.get();
        let filtered = list.filter.with(|filter| *filter != filter::nothing());
        return match (busy, filtered) {
            (true, _) => ().into_any(),
            (false, true) => empty(w().none_found, w().none_found_text, ()),
            (false, false) => {
                empty(w().none_yet, w().none_yet_text, to_embed(&list.slug.get_value()))
            }
        };
    }
    let line = |one: Supporter| {
        let who =
            one.name.clone().unwrap_or_else(|| fill(w().somebody, &[("id", &one.id.to_string())]));
        let cells = vec![
            text(who.clone()),
            address(one.email.as_deref().unwrap_or_default()),
            text(intl::country(&one.country)),
            text(intl::date_time(&one.signed_at)),
            state_mark(&one),
            press_for(w().look, who, RwSignal::new(false), move || open.set(Some(one.clone()))),
        ];
        row(cells)
    };
    let heads = [w().name, w().email, w().country, w().signed_at, w().state, ""];
    let table = table(shell::w().supporters, &heads, items.into_iter().map(line).collect());
    view! { <div class="people">{table}</div> }.into_any()
}

/// An address that is too long for its place breaks before its domain.
fn address(email: &str) -> AnyView {
    let (local, domain) = email.split_at(email.rfind('@').unwrap_or(email.len()));
    view! { {local.to_owned()} <wbr/> {domain.to_owned()} }.into_any()
}

fn more(list: List) -> Option<AnyView> {
    let rest = !list.busy.get() && list.next.with(Option::is_some);
    rest.then(|| press(w().read_on, "btn", RwSignal::new(false), move || list.go_on()))
}

/// The state, in words and with a dot.
pub fn state_mark(one: &Supporter) -> AnyView {
    let (class, words) = match one.state.as_str() {
        _ if one.waits_for_mailbox => ("pill draft", w().unconfirmed),
        "counted" => ("pill live", w().counted),
        "quarantined" => ("pill draft", w().quarantined),
        "unconfirmed" => ("pill draft", w().unconfirmed),
        "withdrawn" => ("pill", w().withdrawn),
        "refused" => ("pill", w().refused),
        _ => ("pill", w().invalidated),
    };
    view! { <span class=class>{words}</span> }.into_any()
}
