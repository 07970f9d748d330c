//! The real widget, painted with settings that nobody has saved.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::campaigns::{Preview, PreviewRequest};
use countersign_shared::{Problem, Totals, View, WidgetState, routes};

use super::{page_url, refuse};
use crate::assets::files;
use crate::campaign::Campaign;
use crate::http::error::ApiError;
use crate::http::html::Escaped;
use crate::http::json::Json;
use crate::http::public::{assets, painted, widget_state};
use crate::http::web::Web;

/// Paints the widget as these settings would have it. Stores nothing, and nothing in it runs.
#[utoipa::path(
    post,
    path = routes::ADMIN_CAMPAIGN_PREVIEW,
    tag = "organizers",
    request_body = PreviewRequest,
    security(("token" = [])),
    responses(
        (status = 200, description = "A whole document, and its parts", body = Preview),
        (status = 422, description = "Settings with faults", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn paint(
    State(web): State<Arc<Web>>,
    Json(asked): Json<PreviewRequest>,
) -> Result<Answer<Preview>, ApiError> {
    let campaign = Campaign::from_settings(&asked.settings).map_err(refuse)?;
    let state = state(&web, &campaign, &asked)?;
    let painted = countersign_widget::render(&state);
    let theme = painted::theme(&state);
    let html = document(&state, &painted, &theme);
    Ok(Answer(Preview { html, painted, theme, style: assets::path("widget", "css") }))
}

fn state(web: &Web, campaign: &Campaign, asked: &PreviewRequest) -> Result<WidgetState, ApiError> {
    let now = web.app.clock.now();
    let locale = campaign.texts_for(&asked.locale).0.to_owned();
    let spoken = widget_state::speak(&locale)?;
    let hidden = campaign.hides(asked.total);
    let totals = Totals {
        campaign: campaign.slug.as_str().to_owned(),
        epoch: 0,
        seq: 0,
        total: (!hidden).then_some(asked.total),
        goal: campaign.goal_for(if hidden { 0 } else { asked.total }),
        countries: if hidden { BTreeMap::new() } else { spread(asked.total) },
        as_of: now.to_string(),
        partial: false,
        reason: None,
        open: true,
        revision: 0,
    };
    let mut public =
        campaign.public(now, totals, String::new(), page_url(web, &campaign.settings()));
    // A draft is looked at as people will see it once it is live.
    if campaign.is_draft() {
        let live = Campaign { stage: crate::campaign::Stage::Live, ..campaign.clone() };
        public.status = live.status(now);
    }
    if ["light", "dark"].contains(&asked.scheme.as_str()) {
        public.theme.scheme.clone_from(&asked.scheme);
    }
    Ok(WidgetState {
        server: web.app.config.public_url.clone(),
        view: View::Full,
        locale,
        dir: spoken.dir,
        catalog: spoken.catalog,
        countries: spoken.countries,
        campaign: public,
        embed_token: None,
        posted: None,
    })
}

/// Invented, so that the line below the number reads as it will: a half, a third, and the rest.
fn spread(total: u64) -> BTreeMap<String, u64> {
    let (half, third) = (total / 2, total / 3);
    let all = [("FR", third), ("IN", total - half - third), ("KE", half)];
    all.map(|(code, counted)| (code.to_owned(), counted)).into()
}

/// The sheet is our own, and the theme is made of checked values: nothing in them ends the element.
fn document(state: &WidgetState, painted: &str, theme: &str) -> String {
    let is_sheet = |name: &str| name.starts_with("widget-") && name.ends_with(".css");
    let sheet = files().iter().find(|file| is_sheet(file.name));
    let sheet = sheet.map_or(String::new(), |file| String::from_utf8_lossy(file.bytes).into());
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{title}</title>\n<style>{sheet}{theme}body{{margin:16px}}</style>\n</head>\n\
         <body>{painted}</body>\n</html>\n",
        lang = Escaped(&state.locale),
        dir = Escaped(&state.dir),
        title = Escaped(&state.campaign.slug),
    )
}
