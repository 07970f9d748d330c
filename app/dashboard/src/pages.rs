//! One page a file, and the table that leads to them.

use countersign_shared::admin::Permission;
use leptos::prelude::*;

use crate::browser::history;
use crate::frame;
use crate::parts::live::{effect, live as drawn};
use crate::parts::{empty, heading, unseen_heading};
use crate::route::{Route, Tab};
use crate::session;
use crate::words::shell::w;

mod account;
mod desk;
mod invitation;
mod live;
mod screen;
mod sign_in;

/// Pages that are for those who are not signed in too.
pub fn open(route: Route) -> AnyView {
    match route {
        Route::SignIn => sign_in::page(),
        Route::Invitation(token) => invitation::page(token),
        Route::Screen(slug) => screen::page(slug),
        _ => ().into_any(),
    }
}

/// Pages inside the frame.
pub fn signed_in(route: Route) -> AnyView {
    match route {
        Route::Account => account::page(),
        Route::Home => home().into_any(),
        Route::Campaign(slug, Tab::Live) => live::page(slug).into_any(),
        other => desk::page(other).unwrap_or_else(lost),
    }
}

/// The top of a page of a campaign: which one it is, what the page is, and what can be done.
pub fn top<A: IntoView>(slug: &str, tab: Tab, title: &'static str, actions: A) -> AnyView {
    let heading = match tab {
        Tab::Live => unseen_heading(title).into_any(),
        _ => heading(title).into_any(),
    };
    let class = if tab == Tab::Live { "top large" } else { "top" };
    view! {
        <header class=class>
            <div>{frame::switcher(slug.to_owned(), tab)} {heading}</div>
            <div class="acts">{actions}</div>
        </header>
    }
    .into_any()
}

/// The way to the lines that put the widget on a site.
fn to_embed(slug: &str) -> AnyView {
    let path = Route::Campaign(slug.to_owned(), Tab::Embed).path();
    view! { <a class="btn" href=path>{w().embed}</a> }.into_any()
}

/// A page for those who are not in yet: one narrow column.
fn door(title: impl Into<String>, content: impl IntoView) -> AnyView {
    view! {
        <main class="door" id="main">
            <p class="brand">{w().product}</p>
            {heading(title)}
            {content}
        </main>
    }
    .into_any()
}

/// The first campaign, all of them where that one is archived, or how to make one.
fn home() -> AnyView {
    effect(|| {
        let some = session::campaigns().with(|all| all.as_ref().is_some_and(|all| !all.is_empty()));
        let first = session::first().map(|slug| Route::Campaign(slug, Tab::Live));
        if let Some(route) = first.or(some.then_some(Route::Campaigns)) {
            history::replace(&route.path());
        }
    });
    let none = move || {
        session::campaigns().with(|all| all.as_ref().is_some_and(Vec::is_empty)).then(|| {
            let may = session::may(Permission::Edit);
            let text = if may { w().no_campaign_text } else { w().no_campaign_wait };
            let next = may.then(|| {
                view! { <a class="btn primary" href=Route::New.path()>{w().new_campaign}</a> }
            });
            view! {
                {heading(w().campaigns)}
                <section class="card">{empty(w().no_campaign_title, text, next)}</section>
            }
        })
    };
    drawn(none).into_any()
}

fn lost() -> AnyView {
    let next = view! { <a class="btn" href="/admin">{w().lost_go}</a> };
    view! {
        {heading(w().lost_title)}
        <section class="card">{empty(w().lost_title, w().lost_text, next)}</section>
    }
    .into_any()
}
