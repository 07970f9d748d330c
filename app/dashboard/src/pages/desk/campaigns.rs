//! Every campaign of the organization, archived ones too: those are in no menu.

use countersign_shared::admin::Permission;
use countersign_shared::admin::campaigns::CampaignSummary;
use leptos::prelude::*;

use super::kit::{row, table, text};
use crate::browser::intl;
use crate::frame;
use crate::parts::heading;
use crate::parts::live::live;
use crate::route::{Route, Tab};
use crate::session;
use crate::words::shell::w;

pub fn page() -> AnyView {
    let new = move || {
        session::may(Permission::Edit)
            .then(|| view! { <a class="btn primary" href=Route::New.path()>{w().new_campaign}</a> })
    };
    let rows = move || {
        let rows = session::campaigns().get().unwrap_or_default().into_iter().map(line);
        table(w().campaigns, &[w().campaigns, w().stage, w().pledges, w().goal], rows.collect())
    };
    view! {
        <header class="top">{heading(w().campaigns)}<div class="acts">{live(new)}</div></header>
        <section class="card">{live(rows)}</section>
    }
    .into_any()
}

fn line(campaign: CampaignSummary) -> AnyView {
    let mark = frame::mark(&campaign);
    let goal = campaign.goal.map(intl::number).unwrap_or_default();
    let path = Route::Campaign(campaign.slug, Tab::Live).path();
    let link = view! { <a href=path>{campaign.title}</a> };
    row(vec![link.into_any(), mark, text(intl::number(campaign.total)), text(goal)])
}
