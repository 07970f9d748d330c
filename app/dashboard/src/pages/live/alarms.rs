//! What wants to be looked at, above everything else.

use countersign_shared::admin::Permission;
use countersign_shared::admin::insight::{Alarm, Alarms};
use leptos::prelude::*;

use super::watch::Watch;
use crate::browser::{api, intl};
use crate::parts::live::live;
use crate::route::{Route, Tab};
use crate::session;
use crate::words::fill;
use crate::words::live::w;

pub fn alarms(watch: Watch) -> AnyView {
    let loaded = watch.now::<Alarms>("alarms");
    // Only a new alarm is read out, not each answer that says the same.
    let known = Memo::new(move |_| loaded.value().map(|all| all.alarms).unwrap_or_default());
    let slug = watch.slug;
    view! {
        <div class="alarms" role="status" aria-label=w().alarms>
            {live(move || (!watch.linked.get()).then(|| view! {
                <p class="alarm warn">{w().stream_lost}</p>
            }))}
            {live(move || match watch.pulse.with(|pulse| pulse.fell.clone()).as_deref() {
                Some("recount") => Some(view! { <p class="alarm warn">{w().fell_recount}</p> }),
                Some(_) => Some(view! { <p class="alarm warn">{w().fell_removed}</p> }),
                None => None,
            })}
            {live(move || {
                let all = known.get().into_iter().map(|alarm| line(&slug.get_value(), alarm));
                all.collect_view()
            })}
        </div>
    }
    .into_any()
}

fn line(slug: &str, alarm: Alarm) -> AnyView {
    let filter = match alarm.kind.as_str() {
        "rise_network" => Some("network"),
        "rise_domain" => Some("domain"),
        _ => None,
    };
    let look = filter.zip(alarm.subject).filter(|_| session::may(Permission::SeePeople));
    let look = look.map(|(key, subject)| {
        let list = Route::Campaign(slug.to_owned(), Tab::Supporters).path();
        let path = format!("{list}?{key}={}", api::encoded(&subject));
        view! { <a href=path>{w().alarm_look}</a> }
    });
    let class = if alarm.level == "bad" { "alarm bad" } else { "alarm warn" };
    let since = fill(w().alarm_since, &[("when", &intl::short_time(&alarm.since))]);
    view! { <p class=class><span>{alarm.text}</span> <span class="sub">{since}</span> {look}</p> }
        .into_any()
}
