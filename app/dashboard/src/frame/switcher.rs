//! Which campaign this is, and the way to another.

use countersign_shared::CampaignStatus;
use countersign_shared::admin::Permission;
use countersign_shared::admin::campaigns::{CampaignSummary, Stage};
use leptos::prelude::*;

use crate::parts::live::live;
use crate::parts::menu;
use crate::route::{Route, Tab};
use crate::session;
use crate::words::shell::w;

/// The campaign's name as a menu of the others that are not archived, and its state.
pub fn switcher(slug: String, tab: Tab) -> AnyView {
    let slug = StoredValue::new(slug);
    let title = move || {
        let slug = slug.get_value();
        session::campaign(&slug).map_or(slug, |campaign| campaign.title)
    };
    let pill = move || slug.with_value(|slug| session::campaign(slug)).map(|one| mark(&one));
    let links = move || {
        let shown = session::campaigns().get().unwrap_or_default().into_iter().filter(move |it| {
            it.stage != Stage::Archived || slug.with_value(|slug| *slug == it.slug)
        });
        let links = shown.map(move |campaign| {
            let current = slug.with_value(|slug| *slug == campaign.slug).then_some("true");
            let mark = mark(&campaign);
            let path = Route::Campaign(campaign.slug, tab).path();
            view! { <li><a href=path aria-current=current>{campaign.title} {mark}</a></li> }
        });
        links.collect_view()
    };
    let new = move || {
        session::may(Permission::Edit).then(
            || view! { <li class="ruled"><a href=Route::New.path()>{w().new_campaign}</a></li> },
        )
    };
    let all = Route::Campaigns.path();
    let inside = live(move || {
        view! { <ul>{live(links)} {live(new)} <li><a href=all.clone()>{w().all_campaigns}</a></li></ul> }
    });
    view! {
        <div class="where">
            {menu(w().switch_campaign, "switch", title, inside)}
            {live(pill)}
        </div>
    }
    .into_any()
}

/// Where a campaign is in its life.
pub fn mark(campaign: &CampaignSummary) -> AnyView {
    let (kind, text) = match (campaign.stage, campaign.status) {
        (Stage::Draft, _) => ("draft", w().stage_draft),
        (Stage::Archived, _) => ("closed", w().stage_archived),
        (Stage::Live, CampaignStatus::Open) => ("live", w().stage_live),
        (Stage::Live, CampaignStatus::NotYetOpen) => ("draft", w().stage_soon),
        (Stage::Live, CampaignStatus::Closed) => ("closed", w().stage_closed),
    };
    view! { <span class=format!("pill {kind}")>{text}</span> }.into_any()
}
