//! What to put on a site, and whether it will work there.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use countersign_shared::admin::campaigns::{EmbedCheck, Snippets, Stage};
use countersign_shared::{CampaignStatus, Problem, i18n, locale, routes};
use qrcode::QrCode;
use qrcode::render::svg;

use super::page_url;
use crate::assets;
use crate::campaign::Campaign;
use crate::http::error::ApiError;
use crate::http::html::Escaped;
use crate::http::public::campaign::Found;
use crate::http::web::Web;

/// Snippets for a site, and a QR code.
#[utoipa::path(
    get,
    path = routes::ADMIN_EMBED,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "What to put where", body = Snippets),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn snippets(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
) -> Result<Answer<Snippets>, ApiError> {
    let (server, campaign) = (&web.app.config.public_url, &campaign.campaign);
    let slug = campaign.slug.as_str();
    let link = page_url(&web, &campaign.settings());
    // Directly above the script they would gain nothing. They name what stays: the widget's other
    // files have the hash of their content in their names, and a hint for one would be wrong from the
    // next update of the server on.
    let head = format!(
        "<link rel=\"preconnect\" href=\"{server}\" crossorigin>\n\
         <link rel=\"modulepreload\" href=\"{server}/embed.js\">\n"
    );
    let script = format!("<script type=\"module\" src=\"{server}/embed.js\"></script>\n");
    let element = |view: &str| {
        format!(
            "{script}<pledge-widget campaign=\"{slug}\"{view}><a href=\"{link}\">{}</a></pledge-widget>\n",
            Escaped(button(campaign))
        )
    };
    let iframe = iframe(server, campaign);
    Ok(Answer(Snippets {
        element: element(""),
        counter: element(" view=\"counter\""),
        head,
        wordpress: format!("<!-- wp:html -->\n{iframe}<!-- /wp:html -->\n"),
        iframe,
        qr: qr(&format!("{link}?utm_source=qr"))?,
        link,
    }))
}

/// The words for where nothing but a link can be shown.
fn button(campaign: &Campaign) -> &str {
    &campaign.texts_for(&campaign.default_locale).1.button
}

fn iframe(server: &str, campaign: &Campaign) -> String {
    let title = &campaign.texts_for(&campaign.default_locale).1.title;
    format!(
        "<iframe src=\"{server}{}\" title=\"{}\" width=\"100%\" height=\"760\" style=\"border:0\" \
         loading=\"lazy\" allow=\"clipboard-write; web-share\"></iframe>\n",
        routes::frame(campaign.slug.as_str()),
        Escaped(title),
    )
}

/// The code as an SVG element, with the quiet zone that readers need (ISO/IEC 18004).
fn qr(link: &str) -> Result<String, ApiError> {
    let code = QrCode::new(link.as_bytes()).map_err(ApiError::internal)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build();
    let begin = image.find("<svg").unwrap_or(0);
    Ok(image[begin..].to_owned())
}

/// Whether an embed of this campaign works, from the settings alone: nothing is fetched.
#[utoipa::path(
    get,
    path = routes::ADMIN_EMBED_CHECK,
    tag = "organizers",
    params(("slug" = String, Path, description = "The campaign's short name")),
    security(("token" = [])),
    responses(
        (status = 200, description = "A line for each thing that was looked at", body = Vec<EmbedCheck>),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn check(State(web): State<Arc<Web>>, Found(campaign): Found) -> Answer<Vec<EmbedCheck>> {
    let campaign = &campaign.campaign;
    let mut found = vec![
        stage(campaign, campaign.status(web.app.clock.now())),
        origins(campaign),
        address(&web.app.config.public_url),
    ];
    if !assets::has_widget() {
        let advice =
            "This server was built without the widget: build it with `cargo xtask widget`.";
        found.push(line("bad", "The widget's program", advice));
    } else {
        found.push(line("ok", "The widget's program", "It is part of this server."));
    }
    found.extend(languages(campaign));
    Answer(found)
}

fn line(verdict: &str, what: &str, advice: impl Into<String>) -> EmbedCheck {
    EmbedCheck { verdict: verdict.to_owned(), what: what.to_owned(), advice: advice.into() }
}

fn stage(campaign: &Campaign, status: CampaignStatus) -> EmbedCheck {
    let what = "The campaign";
    match (campaign.stage, status) {
        (Stage::Draft, _) => line("bad", what, "It is a draft: sites show nothing. Make it live."),
        (Stage::Archived, _) => line("warn", what, "It is archived: the widget says it is closed."),
        (_, CampaignStatus::Closed) => line("warn", what, "It is closed: nobody can sign."),
        (_, CampaignStatus::NotYetOpen) => line("warn", what, "It has not opened yet."),
        (_, CampaignStatus::Open) => line("ok", what, "It is live and open."),
    }
}

fn origins(campaign: &Campaign) -> EmbedCheck {
    let what = "The sites that may embed it";
    if campaign.allows_any_origin() {
        let advice = "Any site may embed it and send pledges. List your own sites instead of *.";
        return line("warn", what, advice);
    }
    let sites: Vec<&str> = campaign.origins.iter().map(crate::campaign::Origin::as_str).collect();
    match sites.as_slice() {
        [] => {
            line("bad", what, "None: only the campaign's own page works. Add your site's origin.")
        }
        sites => match sites.iter().find(|site| site.starts_with("http://") && !is_local(site)) {
            Some(site) => {
                line("warn", what, format!("{site} is not encrypted; serve it by https."))
            }
            None => line("ok", what, sites.join(", ")),
        },
    }
}

fn address(server: &str) -> EmbedCheck {
    let what = "This server's address";
    if server.starts_with("https://") {
        return line("ok", what, server);
    }
    let advice = "It is not https: browsers refuse it on pages that are. Set public_url to the \
                  address that people use.";
    line(if is_local(server) { "warn" } else { "bad" }, what, format!("{server}. {advice}"))
}

/// Whether only this machine can reach the address.
fn is_local(address: &str) -> bool {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.strip_prefix('[').map_or_else(
        || rest.split(':').next().unwrap_or_default(),
        |rest| rest.split(']').next().unwrap_or_default(),
    );
    host == "localhost" || host == "127.0.0.1" || host == "::1"
}

fn languages(campaign: &Campaign) -> Vec<EmbedCheck> {
    let what = "Languages";
    let all: Vec<&str> = campaign.texts.keys().map(String::as_str).collect();
    let unspoken: Vec<&str> = all
        .iter()
        .filter(|tag| locale::negotiate(&[tag], i18n::LOCALES).is_none())
        .copied()
        .collect();
    if unspoken.is_empty() {
        return vec![line("ok", what, all.join(", "))];
    }
    let advice = "the campaign's texts are shown, but the form's own words come in English.";
    vec![line("warn", what, format!("{}: {advice}", unspoken.join(", ")))]
}
