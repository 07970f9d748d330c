//! `/confirm/{token}`: the mailbox says yes.
//!
//! Looking changes nothing: mail scanners open links, and some run what they find. A button does it.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use countersign_shared::i18n::Arg;
use countersign_shared::routes;
use http::{HeaderMap, StatusCode};

use super::link::{self, Opened};
use crate::http::error::ApiError;
use crate::http::html::Escaped;
use crate::http::web::Web;
use crate::store::supporters::Acted;
use crate::supporters::act;

/// `GET /confirm/{token}`: what it is about, and the button.
pub async fn show(
    State(web): State<Arc<Web>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Some(opened) = Opened::find(&web, &token).await? else {
        return Ok(link::gone(&web, &headers));
    };
    Ok(match standing(&web, &opened) {
        Standing::Counted => confirmed(&web, &opened, &token, None),
        Standing::Waits => asks(&web, &opened, &token, false),
        Standing::Over => over(&web, &opened),
        Standing::Neither => link::gone(&web, &headers),
    })
}

/// `POST /confirm/{token}`: the button. Pressed twice, it says the same.
///
/// Our own page says in `seen` what it showed. Somebody may have signed with this address in other
/// words since: then it is shown anew.
pub async fn confirm(
    State(web): State<Arc<Web>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let posted = link::posted(&web, request).await?;
    let Some(opened) = Opened::find(&web, &token).await? else {
        return Ok(link::gone(&web, &headers));
    };
    match standing(&web, &opened) {
        Standing::Counted => return Ok(confirmed(&web, &opened, &token, None)),
        Standing::Waits
            if posted.iter().any(|(name, it)| name == "seen" && *it != opened.state()) =>
        {
            return Ok(asks(&web, &opened, &token, true));
        }
        Standing::Waits => {}
        Standing::Over => return Ok(over(&web, &opened)),
        Standing::Neither => return Ok(link::gone(&web, &headers)),
    }
    let app = &web.app;
    Ok(match app.store.confirm(opened.id, app.clock.now()).await? {
        acted @ Acted::Done(_) => {
            metrics::counter!("countersign_pledges_total", "outcome" => "confirmed").increment(1);
            let total = act::settle(app, &opened.campaign, acted)?;
            let shown = !opened.campaign.campaign.hides(total);
            confirmed(&web, &opened, &token, shown.then_some(total))
        }
        Acted::AlreadySo => confirmed(&web, &opened, &token, None),
        _ => link::gone(&web, &headers),
    })
}

enum Standing {
    Counted,
    Waits,
    /// The campaign is archived.
    Over,
    /// Too late, taken back, or taken out of the number.
    Neither,
}

/// How it looks; the transaction decides.
fn standing(web: &Web, opened: &Opened) -> Standing {
    let is_young = opened.mail.confirms(web.app.clock.now());
    match opened.row.quarantine_reason {
        None => Standing::Counted,
        Some(_) if !opened.waits() || !is_young => Standing::Neither,
        Some(_) if opened.is_archived() => Standing::Over,
        Some(_) => Standing::Waits,
    }
}

fn over(web: &Web, opened: &Opened) -> Response {
    let words = opened.words();
    let (title, text) = (words.text("over-title"), words.text("over-text"));
    link::plain(web, opened.locale(), StatusCode::OK, &title, &text)
}

/// `changed`: it is not what the page showed before.
fn asks(web: &Web, opened: &Opened, token: &str, changed: bool) -> Response {
    let words = opened.words();
    let (_, texts) = opened.campaign.campaign.texts_for(opened.locale());
    let country = opened.country();
    let who = [("name", Arg::Text(&opened.person.name)), ("country", Arg::Text(&country))];
    let mut body = String::from("<div class=\"cs-body\">\n");
    if changed {
        let text = words.text("asks-changed");
        let _ = writeln!(body, "<p class=\"cs-notice\" role=\"alert\">{}</p>", Escaped(&text));
    }
    let _ = writeln!(body, "<p class=\"cs-seal\" dir=\"auto\">{}</p>", Escaped(&texts.pledge));
    let _ = writeln!(body, "<p>{}</p>", Escaped(&words.format("asks-as", &who)));
    if let Some(message) = &opened.person.message {
        let said = words.format("asks-message", &[("message", Arg::Text(message))]);
        let _ = writeln!(body, "<p>{}</p>", Escaped(&said));
    }
    if opened.campaign.campaign.fields.public_name {
        let key = if opened.row.public_name { "asks-public" } else { "asks-private" };
        let _ = writeln!(body, "<p>{}</p>", Escaped(&words.text(key)));
    }
    if opened.campaign.campaign.fields.updates && opened.row.updates {
        let _ = writeln!(body, "<p>{}</p>", Escaped(&words.text("asks-updates")));
    }
    let _ = write!(
        body,
        "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"seen\" value=\"{}\">\
         <button class=\"cs-button\" type=\"submit\">{}</button></form>\n\
         <p class=\"cs-note\">{}</p>\n<a class=\"cs-quiet\" href=\"{}\">{}</a>\n</div>\n",
        Escaped(&routes::confirm(token)),
        Escaped(&opened.state()),
        Escaped(&words.text("confirm-button")),
        Escaped(&words.text("asks-not-you")),
        Escaped(&routes::manage(token)),
        Escaped(&words.text("asks-manage")),
    );
    opened.card(web, &words.text("asks-title"), &body)
}

/// `number` is there once: later nobody knows which number they were.
fn confirmed(web: &Web, opened: &Opened, token: &str, number: Option<u64>) -> Response {
    let words = opened.words();
    let (_, texts) = opened.campaign.campaign.texts_for(opened.locale());
    let title = words.format("confirmed-title", &[("name", Arg::Text(&opened.person.name))]);
    let said = match number {
        Some(number) => words.format("confirmed-number", &[("number", Arg::Number(number))]),
        None => words.text("confirmed-again"),
    };
    let body = format!(
        "<div class=\"cs-body\">\n<div class=\"cs-seal\" role=\"status\"><p>{}</p><p dir=\"auto\">{}</p></div>\n\
         <a class=\"cs-button cs-link\" href=\"{}\">{}</a>\n<a class=\"cs-quiet\" href=\"{}\">{}</a>\n</div>\n",
        Escaped(&said),
        Escaped(&texts.thanks),
        Escaped(&routes::page(opened.campaign.campaign.slug.as_str())),
        Escaped(&words.text("confirmed-campaign")),
        Escaped(&routes::manage(token)),
        Escaped(&words.text("confirmed-manage")),
    );
    opened.card(web, &title, &body)
}
