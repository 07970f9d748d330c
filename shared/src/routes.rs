//! Every URL path, written once. `{slug}` is axum's syntax; the functions fill it in.

pub const CAMPAIGN: &str = "/api/v1/campaigns/{slug}";
pub const PLEDGES: &str = "/api/v1/campaigns/{slug}/pledges";
pub const TOTALS: &str = "/api/v1/campaigns/{slug}/totals";
pub const STREAM: &str = "/api/v1/campaigns/{slug}/stream";
pub const HISTORY: &str = "/api/v1/campaigns/{slug}/history";
/// What `embed.js` paints from: the widget as HTML, and the state to hydrate it with.
pub const WIDGET: &str = "/api/v1/campaigns/{slug}/widget";
pub const EXPORT_CSV: &str = "/api/v1/admin/campaigns/{slug}/pledges.csv";
pub const EXPORT_NDJSON: &str = "/api/v1/admin/campaigns/{slug}/pledges.ndjson";
pub const ADMIN_CAMPAIGNS: &str = "/api/v1/admin/campaigns";
pub const ADMIN_CAMPAIGN: &str = "/api/v1/admin/campaigns/{slug}";
pub const ADMIN_CAMPAIGN_CHECK: &str = "/api/v1/admin/campaigns/check";
pub const ADMIN_CAMPAIGN_PREVIEW: &str = "/api/v1/admin/campaigns/preview";
pub const ADMIN_CAMPAIGN_IMPORT: &str = "/api/v1/admin/campaigns/import";
pub const ADMIN_CAMPAIGN_TOML: &str = "/api/v1/admin/campaigns/{slug}/campaign.toml";
pub const ADMIN_CAMPAIGN_DUPLICATE: &str = "/api/v1/admin/campaigns/{slug}/duplicate";
pub const ADMIN_CAMPAIGN_STAGE: &str = "/api/v1/admin/campaigns/{slug}/stage";
pub const ADMIN_EMBED: &str = "/api/v1/admin/campaigns/{slug}/embed";
pub const ADMIN_EMBED_CHECK: &str = "/api/v1/admin/campaigns/{slug}/embed/check";
pub const PAGE: &str = "/c/{slug}";
pub const FRAME: &str = "/embed/{slug}";
pub const EMBED_JS: &str = "/embed.js";
pub const ASSETS: &str = "/assets/{file}";
/// The messages of one locale in the compact form of [`crate::i18n`].
pub const LOCALE: &str = "/api/v1/locales/{locale}";
pub const HEALTH: &str = "/healthz";
pub const READY: &str = "/readyz";
pub const OPENAPI: &str = "/openapi.json";
pub const DOCS: &str = "/docs";
/// The organizers' dashboard.
pub const ADMIN: &str = "/admin";
/// Every page of it: the same document.
pub const ADMIN_PAGES: &str = "/admin/{*path}";

fn fill(path: &str, value: &str) -> String {
    match (path.find('{'), path.find('}')) {
        (Some(from), Some(to)) => format!("{}{}{}", &path[..from], value, &path[to + 1..]),
        _ => path.to_owned(),
    }
}

pub fn campaign(slug: &str) -> String {
    fill(CAMPAIGN, slug)
}
pub fn pledges(slug: &str) -> String {
    fill(PLEDGES, slug)
}
pub fn totals(slug: &str) -> String {
    fill(TOTALS, slug)
}
pub fn stream(slug: &str) -> String {
    fill(STREAM, slug)
}
pub fn history(slug: &str) -> String {
    fill(HISTORY, slug)
}
pub fn widget(slug: &str) -> String {
    fill(WIDGET, slug)
}
pub fn page(slug: &str) -> String {
    fill(PAGE, slug)
}
pub fn frame(slug: &str) -> String {
    fill(FRAME, slug)
}
pub fn locale(locale: &str) -> String {
    fill(LOCALE, locale)
}
