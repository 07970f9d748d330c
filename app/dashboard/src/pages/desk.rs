//! The pages of running a campaign and of taking its data away.

use leptos::prelude::*;

use crate::route::{Route, Tab};

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

/// The page of this route, where it is one of these.
pub fn page(route: Route) -> Option<AnyView> {
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
