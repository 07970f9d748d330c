//! The exact state a widget is painted from.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use countersign_shared::widget::{Posted, View};
use countersign_shared::{Code, WidgetState, i18n, locale};
use http::request::Parts;
use http::{HeaderMap, header};
use jiff::SignedDuration;

use super::campaign;
use super::locale::{LocaleMessages, messages};
use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::store::StoredCampaign;

/// For so long a page that is painted anew says why the number fell.
const NEWS: SignedDuration = SignedDuration::from_hours(1);

/// What a widget is asked to look like.
#[derive(Debug, Default)]
pub struct Look {
    /// BCP 47; without it the browser's wishes count, then the campaign's default.
    pub lang: Option<String>,
    /// `full` or `counter`.
    pub view: View,
    /// `auto`, `light` or `dark`; without it the campaign decides.
    pub theme: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Look {
    type Rejection = Infallible;

    /// Reads `lang`, `view` and `theme`, and leaves everything else in the query string alone.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let view = query(parts, "view").unwrap_or_default();
        let theme = query(parts, "theme")
            .filter(|theme| ["auto", "light", "dark"].contains(&theme.as_str()));
        Ok(Self { lang: query(parts, "lang"), view: View::from_text(&view), theme })
    }
}

/// The first value of this name in the query string.
pub fn query(parts: &Parts, name: &str) -> Option<String> {
    let query = parts.uri.query()?.as_bytes();
    let value = form_urlencoded::parse(query).find(|(key, _)| key == name)?.1;
    Some(value.into_owned()).filter(|value| !value.is_empty())
}

/// Builds the state. `posted` is what a form without script sent.
pub fn build(
    web: &Web,
    campaign: &StoredCampaign,
    look: &Look,
    headers: &HeaderMap,
    posted: Option<Posted>,
) -> Result<WidgetState, ApiError> {
    let locale = negotiate(campaign, look.lang.as_deref(), headers);
    let LocaleMessages { dir, catalog, countries, .. } = speak(&locale)?;
    let mut public = campaign::public(web, campaign)?;
    if !fell_lately(web, campaign) {
        public.totals.reason = None;
    }
    if let Some(theme) = &look.theme {
        public.theme.scheme.clone_from(theme);
    }
    Ok(WidgetState {
        server: web.app.config.public_url.clone(),
        view: look.view,
        locale,
        dir,
        catalog,
        countries,
        campaign: public,
        embed_token: None,
        posted,
    })
}

/// Whether the total fell so lately that a page painted now says why. The totals themselves give the
/// reason for as long as the number is lower than it was, for whoever has seen the higher one.
fn fell_lately(web: &Web, campaign: &StoredCampaign) -> bool {
    let fell_at = web.app.hub.snapshot(campaign.id).and_then(|now| now.fell_at);
    fell_at.is_some_and(|at| web.app.clock.now().duration_since(at) < NEWS)
}

/// The language of the campaign's texts that serves the reader best.
pub fn negotiate(campaign: &StoredCampaign, lang: Option<&str>, headers: &HeaderMap) -> String {
    let settings = &campaign.campaign;
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut wanted: Vec<&str> = lang.into_iter().collect();
    wanted.extend(accepted.map(locale::accept_language).unwrap_or_default());
    let available: Vec<&str> = settings.texts.keys().map(String::as_str).collect();
    locale::negotiate(&wanted, &available).unwrap_or(&settings.default_locale).to_owned()
}

/// A campaign may be written in a language that the widget does not speak: then its buttons are
/// in the nearest one that it does.
pub fn speak(locale: &str) -> Result<LocaleMessages, ApiError> {
    let nearest = locale::negotiate(&[locale], i18n::LOCALES).unwrap_or("en");
    let mut spoken = messages(nearest).ok_or_else(|| ApiError::new(Code::Internal))?;
    if let Ok(shown) = countersign_shared::Locale::parse(locale) {
        spoken.dir = shown.direction().to_owned();
    }
    Ok(spoken)
}
