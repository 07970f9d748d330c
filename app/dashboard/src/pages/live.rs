//! The live page of a campaign.

use leptos::prelude::*;

use super::top;
use crate::route::{Route, Tab};
use crate::words::{live, shell};

pub fn page(slug: String) -> AnyView {
    let actions = view! {
        <a class="btn" href=Route::Screen(slug.clone()).path()>{live::w().big_screen}</a>
        <a class="btn primary" href=Route::Campaign(slug.clone(), Tab::Exports).path()>
            {live::w().export}
        </a>
    };
    top(&slug, Tab::Live, shell::w().live, actions).into_any()
}
