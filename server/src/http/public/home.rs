//! `/`: the campaigns that can be signed.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use countersign_shared::{CampaignStatus, routes};
use http::HeaderMap;

use super::assets;
use super::widget_state::negotiate;
use crate::http::html::{Escaped, Page};
use crate::http::web::Web;

/// `GET /`.
pub async fn show(State(web): State<Arc<Web>>, headers: HeaderMap) -> Response {
    let now = web.app.clock.now();
    let mut open = web.app.campaigns.all();
    open.retain(|campaign| campaign.campaign.status(now) == CampaignStatus::Open);
    open.sort_by(|a, b| a.campaign.slug.cmp(&b.campaign.slug));
    let mut body = String::from("<main class=\"page\">\n<h1>Countersign</h1>\n");
    body.push_str(match open.is_empty() {
        true => "<p>No campaign is open now.</p>\n",
        false => "<ul>\n",
    });
    for campaign in &open {
        let locale = negotiate(campaign, None, &headers);
        let (locale, texts) = campaign.campaign.texts_for(&locale);
        let path = routes::page(campaign.campaign.slug.as_str());
        let _ = writeln!(
            body,
            "<li lang=\"{}\" dir=\"auto\"><a href=\"{}\">{}</a><br>{}</li>",
            Escaped(locale),
            Escaped(&path),
            Escaped(&texts.title),
            Escaped(&texts.pledge),
        );
    }
    if !open.is_empty() {
        body.push_str("</ul>\n");
    }
    body.push_str("</main>\n");
    let mut page = Page::plain(&web, "Countersign", body);
    page.head = stylesheet();
    page.respond(&web)
}

/// The sheet of our own pages, where this build has one.
pub fn stylesheet() -> String {
    let sheet = assets::path("page", "css");
    let link = |path: String| format!("<link rel=\"stylesheet\" href=\"{}\">\n", Escaped(&path));
    sheet.map(link).unwrap_or_default()
}
