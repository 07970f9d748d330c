//! The live page of a campaign.

use countersign_shared::admin::Permission;
use leptos::prelude::*;

use super::top;
use crate::parts::live::live;
use crate::route::{Route, Tab};
use crate::session;
use crate::words::{live, shell};

mod alarms;
mod compare;
mod flags;
mod funnel;
mod kept;
mod marks;
mod minutes;
mod picker;
mod sources;
mod total;
mod watch;
mod world;

use watch::Watch;

pub fn page(slug: String) -> AnyView {
    let watch = Watch::new(slug.clone());
    let export = Route::Campaign(slug.clone(), Tab::Exports).path();
    let actions = view! {
        {picker::picker(watch)}
        <a class="btn" href=Route::Screen(slug.clone()).path()>{live::w().big_screen}</a>
        {live(move || session::may(Permission::View).then(|| view! {
            <a class="btn primary" href=export.clone()>{live::w().export}</a>
        }))}
    };
    let compares = Memo::new(move |_| watch.against.get().is_some());
    view! {
        {top(&slug, Tab::Live, shell::w().live, actions)}
        {alarms::alarms(watch)}
        <div class="grid">
            {minutes::card(watch)}
            {live(move || match compares.get() {
                true => compare::figure(watch),
                false => total::figure(watch),
            })}
            {world::figure(watch)}
            <div class="stack w4">
                {funnel::figure(watch)}
                {sources::card(watch)}
            </div>
        </div>
    }
    .into_any()
}
