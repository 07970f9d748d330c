//! What was sent to one webhook, and what came back.

use countersign_shared::admin::Page;
use countersign_shared::admin::hooks::Delivery;
use leptos::prelude::*;

use super::super::kit::{open_while, press, press_for, row, table, text, work};
use super::Hooks;
use crate::browser::{api, intl};
use crate::parts::live::{effect, live};
use crate::parts::{dialog, skeleton};
use crate::session;
use crate::words::team::w;
use crate::words::{fill, shell};

#[derive(Clone, Copy)]
struct List {
    hooks: Hooks,
    items: RwSignal<Vec<Delivery>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

pub fn deliveries(hooks: Hooks) -> AnyView {
    let open = open_while(hooks.looked_at);
    let list = List {
        hooks,
        items: RwSignal::default(),
        next: RwSignal::default(),
        busy: RwSignal::new(false),
    };
    effect(move || {
        if hooks.looked_at.with(Option::is_some) {
            list.begin();
        }
    });
    let title = move || {
        let url = hooks.looked_at.with(|one| one.as_ref().map(|one| one.url.clone()));
        fill(w().deliveries_of, &[("url", &url.unwrap_or_default())])
    };
    dialog(open, live(title), move || {
        view! {
            {live(move || list.rows())}
            <div class="row ends">
                {live(move || list.next.with(Option::is_some).then(|| {
                    press(shell::w().more, "btn", list.busy, move || list.more())
                }))}
                {press(shell::w().close, "btn", RwSignal::new(false), move || open.set(false))}
            </div>
        }
    })
}

impl List {
    fn begin(self) {
        self.items.set(Vec::new());
        self.next.set(None);
        self.more();
    }

    fn path(self, rest: &str) -> Option<String> {
        let id = self.hooks.looked_at.with_untracked(|one| Some(one.as_ref()?.id))?;
        Some(self.hooks.path(&format!("/{id}/deliveries{rest}")))
    }

    fn more(self) {
        let after =
            self.next.get_untracked().map(|after| format!("?after={}", api::encoded(&after)));
        let Some(path) = self.path(&after.unwrap_or_default()) else { return };
        work(self.busy, async move { api::get::<Page<Delivery>>(&path).await }, move |page| {
            self.items.update(|items| items.extend(page.items));
            self.next.set(page.next);
        });
    }

    fn replay(self, delivery: &str) {
        let Some(path) = self.path(&format!("/{delivery}/replay")) else { return };
        work(
            self.busy,
            async move { api::act::<serde_json::Value>("POST", &path).await },
            move |_| {
                session::say(w().replayed);
                self.hooks.follow();
            },
        );
    }

    fn rows(self) -> AnyView {
        let items = self.items.get();
        if items.is_empty() {
            return match self.busy.get() {
                true => skeleton(3),
                false => view! { <p class="sub">{w().deliveries_none}</p> }.into_any(),
            };
        }
        let heads = [w().event, w().hook_state, w().attempts, w().payload, ""];
        table(w().deliveries, &heads, items.into_iter().map(|one| self.line(one)).collect())
    }

    fn line(self, one: Delivery) -> AnyView {
        let words = match one.state.as_str() {
            "pending" => w().delivery_pending,
            "delivered" => w().delivery_delivered,
            _ => w().delivery_failed,
        };
        let next = one.next_at.as_deref().filter(|_| one.state == "pending");
        let next = next.map(|at| fill(w().delivery_next, &[("when", &intl::short_time(at))]));
        let status = one.last_status.map(|status| status.to_string());
        let said: Vec<String> =
            [Some(words.to_owned()), next, status, one.last_error].into_iter().flatten().collect();
        let when = format!("{}, {}", event_name(&one.event), intl::short_time(&one.created_at));
        let id = one.id.clone();
        row(vec![
            text(when),
            text(said.join(", ")),
            text(one.attempts.to_string()),
            view! {
                <details><summary>{w().payload}</summary><pre tabindex="0">{one.payload}</pre></details>
            }
            .into_any(),
            press_for(w().replay, one.id, self.busy, move || self.replay(&id)),
        ])
    }
}

fn event_name(event: &str) -> &'static str {
    super::event_words(event)
}
