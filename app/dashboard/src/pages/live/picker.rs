//! Which days to look at.

use leptos::prelude::*;

use super::watch::Watch;
use crate::browser::{history, intl};
use crate::day::Day;
use crate::parts::live::{hear, live};
use crate::parts::{About, choice, field, menu};
use crate::range::{Against, Range};
use crate::words::fill;
use crate::words::live::w;

fn name(range: Range) -> String {
    match range {
        Range::Today => w().today.to_owned(),
        Range::Last(days) => fill(w().last_days, &[("n", &days.to_string())]),
        Range::All => w().all_time.to_owned(),
        Range::Between(from, to) => {
            let day = |day: Day| intl::plain_day(day);
            format!("{} – {}", day(from), day(to))
        }
    }
}

pub fn picker(watch: Watch) -> AnyView {
    let range = watch.range;
    let offered = Range::OFFERED.into_iter().map(move |offer| {
        let choose = move |_| history::set_query("range", Some(&offer.text()));
        let current = move || (range.get() == offer).then_some("true");
        view! {
            <li>
                <button type="button" data-closes aria-current=current on:click=hear(choose)>
                    {name(offer)}
                </button>
            </li>
        }
    });
    let content = view! {
        <ul>{offered.collect_view()}</ul>
        <div class="ruled">{custom(range)}</div>
        {compare(range)}
    };
    menu(w().range, "btn ends", move || name(range.get()), content)
}

/// Days of one's own begin with the day that stands in the address.
const OWN: &str = "own";

fn compare(range: Memo<Range>) -> AnyView {
    let asked = untrack(|| history::query("compare")).unwrap_or_default();
    let own = Day::parse(&asked);
    let kind = RwSignal::new(if own.is_some() { OWN.to_owned() } else { asked });
    let day = RwSignal::new(own.unwrap_or(intl::today().plus(-60)).to_string());
    Effect::new(move |before: Option<String>| {
        let chosen = if kind.with(|kind| kind == OWN) { day.get() } else { kind.get() };
        if before.is_some_and(|before| before != chosen) {
            let known = Against::parse(&chosen).map(|_| chosen.as_str());
            history::set_query("compare", known);
        }
        chosen
    });
    let options = [
        ("", w().compare_nothing),
        ("before", w().compare_with_before),
        ("year", w().compare_with_year),
        (OWN, w().compare_with_own),
    ];
    let options = options.map(|(key, text)| (key.to_owned(), text.to_owned())).to_vec();
    let about = move || About { kind: "date", required: true, ..About::default() };
    let is_own = Memo::new(move |_| kind.with(|kind| kind == OWN));
    let all = move || range.get() == Range::All;
    view! {
        <fieldset class="ruled days" disabled=all>
            {choice(w().compare, kind, options)}
            {live(move || is_own.get().then(|| field(w().compare_from, day, about(), || None)))}
            {live(move || all().then(|| view! { <p class="sub">{w().compare_none}</p> }))}
        </fieldset>
    }
    .into_any()
}

fn custom(range: Memo<Range>) -> AnyView {
    let today = intl::today();
    let (first, last) = match range.get_untracked() {
        Range::Between(from, to) => (from, to),
        other => {
            let span = other.span(today);
            (span.map_or(today.plus(-30), |span| span.from), today)
        }
    };
    let from = RwSignal::new(first.to_string());
    let to = RwSignal::new(last.to_string());
    let wrong = RwSignal::new(false);
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = format!("{}..{}", from.get_untracked(), to.get_untracked());
        wrong.set(Range::parse(&text).is_none());
        if !wrong.get_untracked() {
            history::set_query("range", Some(&text));
        }
    };
    let about = || About { kind: "date", required: true, ..About::default() };
    let fault = move || wrong.get().then(|| w().days_wrong.to_owned());
    view! {
        <form class="days" on:submit=hear(apply)>
            {field(w().from_day, from, about(), || None)}
            {field(w().to_day, to, about(), fault)}
            <button class="btn">{w().apply}</button>
        </form>
    }
    .into_any()
}
