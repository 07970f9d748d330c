//! Many that wait for a decision: all that the list shows, one after the other.

use countersign_shared::admin::supporters::Done;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::kit::press;
use super::List;
use crate::browser::{api, intl};
use crate::parts::confirm;
use crate::parts::live::live;
use crate::session;
use crate::words::fill;
use crate::words::people::w;

#[derive(Clone, Copy)]
struct Held {
    list: List,
    busy: RwSignal<bool>,
}

pub fn held(list: List) -> AnyView {
    let held = Held { list, busy: RwSignal::new(false) };
    let number = Memo::new(move |_| held.waiting().len());
    let (counts, refuses) = (RwSignal::new(false), RwSignal::new(false));
    let said = move |words| fill(words, &[("n", &intl::number(number.get() as u64))]);
    let bar = move || {
        (number.get() > 1).then(|| {
            view! {
                <div class="row">
                    <span class="sub">{said(w().many_wait)}</span>
                    {press(w().many_release, "btn", held.busy, move || counts.set(true))}
                    {press(w().many_refuse, "btn danger", held.busy, move || refuses.set(true))}
                </div>
            }
        })
    };
    view! {
        {live(bar)}
        {confirm(
            counts,
            w().many_release,
            move || said(w().many_release_sure),
            w().many_release,
            move || held.decide("release"),
        )}
        {confirm(
            refuses,
            w().many_refuse,
            move || said(w().many_refuse_sure),
            w().many_refuse,
            move || held.decide("refuse"),
        )}
    }
    .into_any()
}

impl Held {
    fn waiting(self) -> Vec<i64> {
        self.list.items.with(|items| {
            let waits =
                items.iter().filter(|one| one.state == "quarantined" && !one.waits_for_mailbox);
            waits.map(|one| one.id).collect()
        })
    }

    fn decide(self, verb: &'static str) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let ids = untrack(|| self.waiting());
        let slug = self.list.slug.get_value();
        spawn_local(async move {
            let (mut decided, mut total) = (0, 0);
            for id in ids {
                let path = api::of(&slug, &format!("supporters/{id}/{verb}"));
                let done = api::act::<Done>("POST", &path).await;
                // The page may be gone by now: what is left stays as it is.
                if self.busy.try_get_untracked().is_none() {
                    return;
                }
                match done {
                    Ok(done) => {
                        (decided, total) = (decided + 1, done.total);
                        self.list.replace(id, done.supporter);
                    }
                    Err(fault) => {
                        session::say_fault(&fault);
                        break;
                    }
                }
            }
            self.busy.set(false);
            let (decided, total) = (intl::number(decided), intl::number(total));
            session::say(fill(w().many_done, &[("n", &decided), ("total", &total)]));
        });
    }
}
