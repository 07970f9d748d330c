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
pub const ADMIN_SUPPORTERS: &str = "/api/v1/admin/campaigns/{slug}/supporters";
pub const ADMIN_SUPPORTER: &str = "/api/v1/admin/campaigns/{slug}/supporters/{id}";
pub const ADMIN_WITHDRAW: &str = "/api/v1/admin/campaigns/{slug}/supporters/{id}/withdraw";
pub const ADMIN_ERASE: &str = "/api/v1/admin/campaigns/{slug}/supporters/{id}/erase";
pub const ADMIN_RELEASE: &str = "/api/v1/admin/campaigns/{slug}/supporters/{id}/release";
pub const ADMIN_REFUSE: &str = "/api/v1/admin/campaigns/{slug}/supporters/{id}/refuse";
pub const ADMIN_BULK: &str = "/api/v1/admin/campaigns/{slug}/bulk";
pub const ADMIN_BULK_JOB: &str = "/api/v1/admin/campaigns/{slug}/bulk/{id}";
pub const ADMIN_BULK_UNDO: &str = "/api/v1/admin/campaigns/{slug}/bulk/{id}/undo";
pub const ADMIN_OFFLINE: &str = "/api/v1/admin/campaigns/{slug}/offline";
pub const ADMIN_IMPORTS: &str = "/api/v1/admin/campaigns/{slug}/imports";
pub const ADMIN_IMPORT_UNDO: &str = "/api/v1/admin/campaigns/{slug}/imports/{id}/undo";
pub const ADMIN_LABELLED: &str = "/api/v1/admin/campaigns/{slug}/labelled";
pub const ADMIN_LABELLED_COUNT: &str = "/api/v1/admin/campaigns/{slug}/labelled/{id}";
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
