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
/// Where an invitation is accepted.
pub const ADMIN_INVITATION_PAGE: &str = "/admin/invitation/{token}";
pub const ADMIN_SESSION: &str = "/api/v1/admin/session";
pub const ADMIN_SESSIONS: &str = "/api/v1/admin/sessions";
pub const ADMIN_INVITATION: &str = "/api/v1/admin/invitations/{token}";
pub const ADMIN_PASSKEYS: &str = "/api/v1/admin/passkeys";
pub const ADMIN_PASSKEYS_BEGIN: &str = "/api/v1/admin/passkeys/begin";
pub const ADMIN_PASSKEY: &str = "/api/v1/admin/passkeys/{id}";
pub const ADMIN_SESSION_PASSKEY: &str = "/api/v1/admin/session/passkey";
pub const ADMIN_SESSION_PASSKEY_BEGIN: &str = "/api/v1/admin/session/passkey/begin";
pub const ADMIN_TEAM: &str = "/api/v1/admin/team";
pub const ADMIN_TEAM_INVITATIONS: &str = "/api/v1/admin/team/invitations";
pub const ADMIN_TEAM_INVITATION: &str = "/api/v1/admin/team/invitations/{id}";
pub const ADMIN_TEAM_MEMBER: &str = "/api/v1/admin/team/{id}";
pub const ADMIN_TOKENS: &str = "/api/v1/admin/tokens";
pub const ADMIN_TOKEN: &str = "/api/v1/admin/tokens/{id}";
pub const ADMIN_AUDIT: &str = "/api/v1/admin/audit";
pub const ADMIN_AUDIT_PROOF: &str = "/api/v1/admin/audit/proof";

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
pub fn invitation_page(token: &str) -> String {
    fill(ADMIN_INVITATION_PAGE, token)
}
