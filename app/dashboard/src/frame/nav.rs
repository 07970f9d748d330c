//! The navigation at the side; on phones behind a button at the top.

use countersign_shared::admin::Permission;
use countersign_shared::admin::account::{ChangeOrganization, Me};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::api;
use crate::browser::history::{self, unsaved};
use crate::parts::live::{hear, live};
use crate::parts::menu;
use crate::route::{Route, Tab};
use crate::session;
use crate::words::shell::w;

/// A line of the navigation: what it says, where it leads, what it asks of the organizer.
type Line = (&'static str, Route, Permission);

pub fn nav(route: Route) -> AnyView {
    let open = RwSignal::new(false);
    // Pages without a campaign keep the links to the one that was looked at last.
    let slug = route.slug().map(str::to_owned).or_else(last);
    if let Some(slug) = &slug {
        keep(slug);
    }
    let first = move || {
        let slug = slug.clone().or_else(session::first);
        slug.map(of_campaign).unwrap_or_default()
    };
    let first = StoredValue::new(first);
    let here = StoredValue::new(route);
    let group = move |part: fn(&Line) -> bool| {
        let lines = first.with_value(|first| first()).into_iter().filter(part);
        let lines = lines.filter(|line| session::may(line.2));
        let links = lines.map(|(text, route, _)| {
            let current = here.with_value(|here| (*here == route).then_some("page"));
            view! { <li><a href=route.path() aria-current=current>{text}</a></li> }
        });
        links.collect_view()
    };
    let others = move || {
        let lines: [Line; 3] = [
            (w().team, Route::Team, Permission::Manage),
            (w().audit, Route::Audit, Permission::Manage),
            (w().account, Route::Account, Permission::Account),
        ];
        let links =
            lines.into_iter().filter(|line| session::may(line.2)).map(|(text, route, _)| {
                let current = here.with_value(|here| (*here == route).then_some("page"));
                view! { <li><a href=route.path() aria-current=current>{text}</a></li> }
            });
        links.collect_view()
    };
    view! {
        <header class="bar">
            <a class="brand" href="/admin">{w().product}</a>
            <button
                type="button"
                class="btn"
                aria-controls="side"
                aria-expanded=move || open.get().to_string()
                on:click=hear(move |_| open.update(|open| *open = !*open))
            >
                {w().menu}
            </button>
        </header>
        <nav id="side" class="side" class:open=open aria-label=w().main_nav>
            <a class="brand" href="/admin">{w().product}</a>
            <ul>{live(move || group(|line| is_daily(&line.1)))}</ul>
            <hr/>
            <ul>
                {live(move || group(|line| !is_daily(&line.1)))}
                {live(others)}
            </ul>
            <div class="whoami">
                {live(move || session::me().map(|me| view! {
                    <span class="sub">{me.email.clone()}<br/>{organization(me)}</span>
                }))}
                <button type="button" class="quiet" on:click=hear(move |_| unsaved::leave(sign_out))>
                    {w().sign_out}
                </button>
            </div>
        </nav>
    }
    .into_any()
}

/// The organization; a menu for those who belong to several.
fn organization(me: Me) -> AnyView {
    if me.organizations.len() < 2 {
        return view! { {me.organization} }.into_any();
    }
    let lines = me.organizations.into_iter().map(|one| {
        let current = one.current.then_some("true");
        view! {
            <li>
                <button
                    type="button"
                    class="quiet"
                    data-closes
                    aria-current=current
                    on:click=hear(move |_| change_organization(one.id))
                >
                    {one.name}
                </button>
            </li>
        }
    });
    let inside = view! { <ul>{lines.collect_view()}</ul> };
    menu(w().switch_organization, "switch", move || me.organization.clone(), inside)
}

fn change_organization(organization: i64) {
    spawn_local(async move {
        let to = ChangeOrganization { organization };
        match api::post::<Me>(&api::admin("session/organization"), &to).await {
            Ok(me) => {
                session::move_to(me);
                history::go(&Route::Home.path());
            }
            Err(fault) => session::say_fault(&fault),
        }
    });
}

/// What is opened every day stands above the line.
fn is_daily(route: &Route) -> bool {
    !matches!(route, Route::Campaign(_, Tab::Settings | Tab::Privacy | Tab::Webhooks))
}

fn of_campaign(slug: String) -> Vec<Line> {
    let line = |text, tab, asks| (text, Route::Campaign(slug.clone(), tab), asks);
    vec![
        line(w().live, Tab::Live, Permission::View),
        line(w().supporters, Tab::Supporters, Permission::View),
        line(w().offline, Tab::Offline, Permission::View),
        line(w().embed, Tab::Embed, Permission::View),
        line(w().exports, Tab::Exports, Permission::View),
        line(w().settings, Tab::Settings, Permission::Edit),
        line(w().privacy, Tab::Privacy, Permission::Edit),
        line(w().webhooks, Tab::Webhooks, Permission::Manage),
    ]
}

fn sign_out() {
    spawn_local(async {
        let out = api::act::<()>("DELETE", &api::admin("session")).await;
        match out {
            Err(fault) if fault.status != 401 => session::say_fault(&fault),
            _ => {
                history::replace(&Route::SignIn.path());
                session::lost();
            }
        }
    });
}

thread_local! {
    static LAST: std::cell::RefCell<Option<String>> = const { std::cell::RefCell::new(None) };
}

fn keep(slug: &str) {
    LAST.replace(Some(slug.to_owned()));
}

/// The campaigns are others from now on.
pub fn forget() {
    LAST.take();
}

/// The campaign that was looked at last, since the load of the page.
pub fn last() -> Option<String> {
    LAST.with_borrow(Clone::clone)
}
