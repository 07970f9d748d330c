//! A whole page around a painted widget: what `/c/{slug}` and `/embed/{slug}` share.

use std::fmt::Write as _;

use countersign_shared::campaign::Theme;
use countersign_shared::{WidgetState, routes};
use http::StatusCode;

use super::assets;
use crate::http::error::ApiError;
use crate::http::html::{Escaped, Framing, Page, script_json};
use crate::http::web::Web;

/// Paints the widget and puts the exact state beside it, for the script to take over from.
pub fn page(web: &Web, state: &WidgetState, framing: Framing) -> Result<Page, ApiError> {
    let nonce = web.random_id();
    let painted = countersign_widget::render(state);
    let json = script_json(state).map_err(ApiError::internal)?;
    let title = state.campaign.texts.get(&state.locale).map(|texts| texts.title.clone());
    let title = title.unwrap_or_default();
    // The heading stands outside of what the script takes over, for those who hear the page.
    let body = format!(
        "<header><h1 class=\"page-unseen\">{heading}</h1></header>\n\
         <main id=\"countersign\" class=\"campaign\" aria-label=\"{heading}\">{painted}</main>\n\
         <script type=\"application/json\" id=\"countersign-state\">{json}</script>\n",
        heading = Escaped(&title),
    );
    Ok(Page {
        status: StatusCode::OK,
        lang: state.locale.clone(),
        dir: state.dir.clone(),
        title,
        head: head(state, &nonce),
        body,
        nonce,
        framing,
    })
}

/// Style first, so that the first paint is the right one; the WebAssembly is on its way before
/// the script that asks for it.
fn head(state: &WidgetState, nonce: &str) -> String {
    let mut head = String::new();
    for sheet in [assets::path("page", "css"), assets::path("widget", "css")].iter().flatten() {
        let _ = writeln!(head, "<link rel=\"stylesheet\" href=\"{}\">", Escaped(sheet));
    }
    let _ = writeln!(head, "<style nonce=\"{nonce}\">{}</style>", theme(state));
    let parts =
        (assets::path("widget", "js"), assets::path("widget", "wasm"), assets::path("page", "js"));
    if let (Some(glue), Some(wasm), Some(script)) = parts {
        let _ = write!(
            head,
            "<link rel=\"modulepreload\" href=\"{glue}\" data-glue>\n\
             <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" \
             crossorigin data-wasm>\n\
             <script type=\"module\" src=\"{script}\"></script>\n",
            glue = Escaped(&glue),
            wasm = Escaped(&wasm),
            script = Escaped(&script),
        );
    }
    head
}

/// The campaign's colours. The declarations are made from checked values only, so nothing in them
/// can end the style element.
pub fn theme(state: &WidgetState) -> String {
    colours(&state.campaign.theme)
}

/// [`theme`] of any campaign.
pub fn colours(theme: &Theme) -> String {
    let rule = |declarations: &str| format!(":root,.cs-root.cs-root{{{declarations}}}");
    match theme.scheme.as_str() {
        "light" => rule(&format!("color-scheme:light;{}", theme.light)),
        "dark" => rule(&format!("color-scheme:dark;{}", theme.dark)),
        _ => format!(
            "{}@media(prefers-color-scheme:dark){{{}}}",
            rule(&format!("color-scheme:light dark;{}", theme.light)),
            rule(&theme.dark)
        ),
    }
}

/// What search engines and messengers show of the page.
pub fn describe(state: &WidgetState) -> String {
    let campaign = &state.campaign;
    let Some(texts) = campaign.texts.get(&state.locale) else { return String::new() };
    let address = |locale: &str| {
        let path = routes::page(&campaign.slug);
        match locale == campaign.default_locale {
            true => format!("{}{path}", state.server),
            false => format!("{}{path}?lang={locale}", state.server),
        }
    };
    let own = address(&state.locale);
    let mut head = String::new();
    let _ = write!(
        head,
        "<meta name=\"description\" content=\"{pledge}\">\n\
         <link rel=\"canonical\" href=\"{own}\">\n\
         <meta property=\"og:type\" content=\"website\">\n\
         <meta property=\"og:title\" content=\"{title}\">\n\
         <meta property=\"og:description\" content=\"{pledge}\">\n\
         <meta property=\"og:url\" content=\"{own}\">\n\
         <meta property=\"og:locale\" content=\"{locale}\">\n\
         <meta name=\"twitter:card\" content=\"summary\">\n",
        title = Escaped(&texts.title),
        pledge = Escaped(&texts.pledge),
        own = Escaped(&own),
        locale = Escaped(&state.locale.replace('-', "_")),
    );
    for locale in campaign.texts.keys() {
        let (tag, href) = (Escaped(locale), address(locale));
        let href = Escaped(&href);
        let _ = writeln!(head, "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{href}\">");
    }
    let fallback = address(&campaign.default_locale);
    let fallback = Escaped(&fallback);
    let _ = writeln!(head, "<link rel=\"alternate\" hreflang=\"x-default\" href=\"{fallback}\">");
    head
}
