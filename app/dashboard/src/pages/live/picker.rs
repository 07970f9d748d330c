//! Which days to look at.

use leptos::prelude::*;

use crate::browser::{history, intl};
use crate::day::Day;
use crate::parts::live::hear;
use crate::parts::{About, checkbox, field, menu};
use crate::range::Range;
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

pub fn picker() -> AnyView {
    let asked = || history::query("range").and_then(|text| Range::parse(&text));
    let range = Memo::new(move |_| asked().unwrap_or(Range::Last(30)));
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
    let compare = RwSignal::new(history::query("compare").is_some());
    Effect::new(move |before: Option<bool>| {
        let on = compare.get();
        if before.is_some_and(|before| before != on) {
            history::set_query("compare", on.then_some("yes"));
        }
        on
    });
    let content = view! {
        <ul>{offered.collect_view()}</ul>
        <div class="ruled">{custom(range)}</div>
        <div class="ruled">{checkbox(w().compare, compare)}</div>
    };
    menu(w().range, "btn ends", move || name(range.get()), content)
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
