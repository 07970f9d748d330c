//! The pages of running a campaign and of taking its data away.

use leptos::prelude::*;

use crate::route::Route;

/// The page of this route, where it is one of these.
pub fn page(_: Route) -> Option<AnyView> {
    None
}
