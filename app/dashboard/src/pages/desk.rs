//! The pages of running a campaign and of taking its data away.

use countersign_shared::admin::Permission;
use leptos::prelude::*;

use crate::parts::{empty, heading};
use crate::route::{Route, Tab};
use crate::session;
use crate::words::shell::w;

mod audit;
mod campaigns;
mod embed;
mod exports;
mod kit;
mod offline;
mod privacy;
mod settings;
mod supporters;
mod team;
mod webhooks;

/// What a role must allow for a page to be of use. Whoever comes by an old link is told so, instead of
/// filling in a form that the server refuses in the end.
fn asks(route: &Route) -> Permission {
    match route {
        Route::New | Route::Campaign(_, Tab::Settings | Tab::Privacy) => Permission::Edit,
        Route::Team | Route::Audit | Route::Campaign(_, Tab::Webhooks) => Permission::Manage,
        _ => Permission::View,
    }
}

fn forbidden() -> AnyView {
    view! {
        {heading(w().forbidden_title)}
        <section class="card">{empty(w().forbidden_title, w().forbidden_text, ())}</section>
    }
    .into_any()
}

/// The page of this route, where it is one of these.
pub fn page(route: Route) -> Option<AnyView> {
    // The page that is open stays as it is when only what is known of the organizer changes.
    if !untrack(|| session::may(asks(&route))) {
        return Some(forbidden());
    }
    Some(match route {
        Route::Campaigns => campaigns::page(),
        Route::New => settings::new(),
        Route::Team => team::page(),
        Route::Audit => audit::page(),
        Route::Campaign(slug, tab) => match tab {
            Tab::Supporters => supporters::page(slug),
            Tab::Offline => offline::page(slug),
            Tab::Embed => embed::page(slug),
            Tab::Exports => exports::page(slug),
            Tab::Settings => settings::page(slug),
            Tab::Privacy => privacy::page(slug),
            Tab::Webhooks => webhooks::page(slug),
            Tab::Live => return None,
        },
        _ => return None,
    })
}
