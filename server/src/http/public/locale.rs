//! `GET /api/v1/locales/{locale}`: the messages of another language, for switching to it.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::widget::CountryName;
use countersign_shared::{Code, Locale, Problem, i18n, routes};
use http::{HeaderValue, header};

use crate::http::error::ApiError;

const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// One language's messages and country names.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct LocaleMessages {
    /// BCP 47.
    pub locale: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// The messages in compact form: a line each, the key, `=`, the pattern.
    pub catalog: String,
    /// Every country, in the order in which this language lists them.
    pub countries: Vec<CountryName>,
}

/// The messages and country names of one language.
#[utoipa::path(
    get,
    path = routes::LOCALE,
    tag = "campaign",
    params(("locale" = String, Path, description = "BCP 47, such as `fr`")),
    responses(
        (status = 200, description = "Messages and country names", body = LocaleMessages),
        (status = 404, description = "No such language", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(Path(locale): Path<String>) -> Result<Response, ApiError> {
    let messages = messages(&locale).ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(([(header::CACHE_CONTROL, CACHE)], axum::Json(messages)).into_response())
}

/// `None` for a language that there are no messages in.
pub fn messages(locale: &str) -> Option<LocaleMessages> {
    let catalog = i18n::compact(locale)?.to_owned();
    let dir = Locale::parse(locale).map_or("ltr", |locale| locale.direction()).to_owned();
    let countries = i18n::countries(locale);
    Some(LocaleMessages { locale: locale.to_owned(), dir, catalog, countries })
}
