//! What stays around every page: the way in, the navigation, and what is said in passing.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::api;
use crate::browser::history::{self, unsaved};
use crate::pages;
use crate::parts::live::{effect, live};
use crate::parts::{confirm, toasts};
use crate::route::{self, Route};
use crate::session::{self, Who};
use crate::words::shell::w;

mod nav;
mod switcher;

pub use nav::forget;
pub use switcher::{mark, switcher};

/// The whole dashboard.
pub fn app() -> AnyView {
    session::start();
    let place = history::place();
    history::start();
    let route = Memo::new(move |_| place.with(|place| Route::parse(&place.path)));
    // The big screen works signed out: it asks nobody who it is.
    effect(move || {
        let ask = route.with(|route| !matches!(route, Route::Screen(_)));
        if ask && session::who().with_untracked(|who| *who == Who::Unknown) {
            spawn_local(session::recognise());
        }
    });
    effect(move || lead(&route.get()));
    view! {
        {live(move || framed(route.get()))}
        {confirm(unsaved::asks(), w().leave, || w().leave_text.to_owned(), w().leave_yes, unsaved::drop_it)}
        {toasts::toasts(None)}
    }
    .into_any()
}

/// To the way in for those who are not signed in, and on from it for those who are.
fn lead(route: &Route) {
    match session::who().get() {
        Who::Nobody if !route.is_open() => {
            let place = history::place().get_untracked();
            let mark = if place.query.is_empty() { "" } else { "?" };
            let asked = api::encoded(&[&place.path, mark, &place.query].concat());
            history::replace(&format!("{}?next={asked}", Route::SignIn.path()));
        }
        Who::Known(_) if *route == Route::SignIn => {
            let asked = history::query("next");
            history::replace(&route::next(asked.as_deref()));
        }
        _ => {}
    }
}

fn framed(route: Route) -> AnyView {
    if route.is_open() {
        return pages::open(route);
    }
    // The page stays as it is when only what is known of the organizer changes.
    let known = Memo::new(|_| session::who().with(|who| matches!(who, Who::Known(_))));
    let shown = route.clone();
    view! {
        <a class="skip" href="#main">{w().skip}</a>
        <div class="shell">
            {nav::nav(route)}
            <main id="main" tabindex="-1">
                {live(move || match known.get() {
                    true => pages::signed_in(shown.clone()),
                    false => crate::parts::skeleton(3).into_any(),
                })}
            </main>
        </div>
    }
    .into_any()
}
