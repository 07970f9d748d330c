//! The number, the last hour by minute, and when the goal falls.

use std::sync::Arc;

use countersign_shared::admin::Permission;
use countersign_shared::admin::insight::Overview;
use leptos::prelude::*;

use super::watch::Watch;
use crate::browser::intl;
use crate::browser::js::Timer;
use crate::digits::px;
use crate::minutes::{Ahead, MINUTE, Minutes, ahead};
use crate::parts::figure::{Cursor, Figure, carried, figure, svg};
use crate::parts::live::{effect, live};
use crate::parts::table::{Cell, Table};
use crate::route::{Route, Tab};
use crate::session;
use crate::words::fill;
use crate::words::live::w;

const HEIGHT: f64 = 72.0;

pub fn card(watch: Watch) -> AnyView {
    let loaded = watch.now::<Overview>("overview");
    let overview = Memo::new(move |_| loaded.value());
    let minutes = RwSignal::new(Minutes::new(now(), []));
    effect(move || {
        if let Some(overview) = overview.get() {
            let counted = overview.minutes.iter();
            let counted = counted.filter_map(|one| Some((intl::millis(&one.at)?, one.counted)));
            minutes.set(Minutes::new(now(), counted));
        }
    });
    let roll = Timer::every(5_000, move |_| {
        let moved = minutes.try_with_untracked(|minutes| {
            let mut next = minutes.clone();
            next.roll(now());
            (next != *minutes).then_some(next)
        });
        if let Some(next) = moved.flatten() {
            let _ = minutes.try_set(next);
        }
    });
    StoredValue::new_local(roll);
    let total = Memo::new(move |_| {
        let known = overview.with(|overview| Some(overview.as_ref()?.total));
        watch.pulse.with(|pulse| pulse.total).or(known)
    });
    let goal = Memo::new(move |_| {
        let known = overview.with(|overview| overview.as_ref()?.goal);
        watch.pulse.with(|pulse| pulse.total.and(pulse.goal)).or(known)
    });
    let pace = Memo::new(move |_| {
        overview.with(|overview| overview.as_ref().map_or(0.0, |overview| overview.pace))
    });
    let summary = Signal::derive(move || {
        minutes.with(|minutes| {
            let most = minutes.counted().iter().max().copied().unwrap_or(0);
            let (sum, most) = (intl::number(minutes.sum()), intl::number(most));
            fill(w().minutes_summary, &[("n", &sum), ("most", &most)])
        })
    });
    let time = move |at: usize| intl::iso(minutes.with(|minutes| minutes.began(at)));
    let cursor = Cursor {
        at: RwSignal::new(None),
        count: Signal::derive(|| 60),
        text: Arc::new(move |at| {
            let counted = minutes.with(|minutes| minutes.counted().get(at).copied().unwrap_or(0));
            let (time, n) = (intl::clock(&time(at)), intl::number(counted));
            fill(w().minute_point, &[("time", &time), ("n", &n)])
        }),
        pick: Arc::new(|event, place| {
            carried(event).or(Some((place * 60.0) as usize).filter(|at| *at < 60))
        }),
    };
    let rows = move || {
        let counted = minutes.with(|minutes| *minutes.counted());
        let row = |at: usize| {
            let iso = time(at);
            vec![Cell::both(intl::clock(&iso), iso), Cell::number(counted[at])]
        };
        Table { head: vec![w().when, w().signed], rows: (0..60).rev().map(row).collect() }
    };
    let at = cursor.at;
    let chart = move |width: f64| svg(width, HEIGHT, summary, bars(width, minutes, at));
    let people = Route::Campaign(watch.slug.get_value(), Tab::Supporters).path();
    let waiting = format!("{people}?state=");
    let about = Figure {
        title: w().minutes_title.to_owned(),
        note: Signal::derive(String::new),
        file: "last-60-minutes".to_owned(),
        wide: 0,
        cursor: Some(cursor),
    };
    let ends = view! {
        <div class="ends sub" aria-hidden="true"><span>{w().minutes_ago}</span><span>{w().now}</span></div>
    };
    view! {
        <section class="card w4 number">
            <h2>
                <span>{w().pledges}</span>
                <span>{live(move || match goal.get() {
                    Some(goal) => fill(w().goal, &[("n", &intl::number(goal))]),
                    None => w().no_goal.to_owned(),
                })}</span>
            </h2>
            <p class="big">{live(move || total.get().map_or("–".to_owned(), intl::number))}</p>
            <p class="sub">
                <span class="up">{live(move || intl::signed(minutes.with(Minutes::sum) as i64))}</span>
                " " {w().last_hour} " · "
                {live(move || fill(w().pace, &[("n", &intl::decimal(pace.get()))]))}
                {live(move || goal_line(total.get().unwrap_or(0), goal.get(), pace.get()))}
            </p>
            {figure(about, chart, rows, ends)}
            {live(move || overview.with(|overview| {
                overview.as_ref().map(|overview| parts(overview, &waiting))
            }))}
            <div role="status">{loaded.said()}</div>
        </section>
    }
    .into_any()
}

fn now() -> f64 {
    js_sys::Date::now()
}

fn bars(width: f64, minutes: RwSignal<Minutes>, at: RwSignal<Option<usize>>) -> AnyView {
    let step = width / 60.0;
    let bars = (0..60).map(|n| {
        let height = move || {
            minutes.with(|minutes| {
                let most = minutes.counted().iter().max().copied().unwrap_or(0).max(1);
                // A minute with somebody in it is never flat.
                match minutes.counted()[n] {
                    0 => 1.0,
                    count => (count as f64 / most as f64 * (HEIGHT - 4.0)).max(3.0),
                }
            })
        };
        let x = n as f64 * step;
        view! {
            <rect
                class="minute"
                class:on=move || at.get() == Some(n)
                x=px(x)
                width=px((step - 2.0).max(1.5))
                y=move || px(HEIGHT - height())
                height=move || px(height())
                rx="1.5"
                data-at=n.to_string()
            ></rect>
        }
    });
    bars.collect_view().into_any()
}

fn goal_line(total: u64, goal: Option<u64>, pace: f64) -> String {
    let text = match ahead(total, goal, pace) {
        Ahead::None => return String::new(),
        Ahead::Reached => w().goal_reached.to_owned(),
        Ahead::Never => w().goal_never.to_owned(),
        Ahead::In(left) => {
            let at = intl::iso(now() + left);
            match intl::day(&at) == Some(intl::today()) {
                true => fill(w().goal_today, &[("time", &intl::clock(&at))]),
                false if left > 300.0 * 24.0 * 60.0 * MINUTE => {
                    fill(w().goal_on, &[("day", &intl::long_day(&at))])
                }
                false => fill(w().goal_on, &[("day", &intl::short_day(&at))]),
            }
        }
    };
    format!(" · {text}")
}

/// What the number is made of, where it is not of one piece.
fn parts(overview: &Overview, waiting: &str) -> AnyView {
    let parts = [
        (w().online, overview.online),
        (w().imported, overview.imported),
        (w().labelled, overview.labelled),
    ];
    let apart = [
        ("quarantined", w().quarantined, overview.quarantined),
        ("unconfirmed", w().unconfirmed, overview.unconfirmed),
    ];
    let of_one =
        overview.imported + overview.labelled + overview.quarantined + overview.unconfirmed == 0;
    let shown = parts.into_iter().filter(|(_, count)| *count > 0 && !of_one);
    let line = |text: AnyView, count| {
        view! { <div><dt>{text}</dt><dd>{intl::number(count)}</dd></div> }.into_any()
    };
    let lines = shown.map(|(text, count)| line(text.into_any(), count)).collect_view();
    let apart = apart.into_iter().filter(|(.., count)| *count > 0).map(|(state, text, count)| {
        let text = match session::may(Permission::SeePeople) {
            true => view! { <a href=format!("{waiting}{state}")>{text}</a> }.into_any(),
            false => text.into_any(),
        };
        line(text, count)
    });
    view! { <dl class="parts">{lines}{apart.collect_view()}</dl> }.into_any()
}
