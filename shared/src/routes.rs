//! Every URL path, written once. `{slug}` is axum's syntax; the functions fill it in.

pub const CAMPAIGN: &str = "/api/v1/campaigns/{slug}";
pub const PLEDGES: &str = "/api/v1/campaigns/{slug}/pledges";
pub const TOTALS: &str = "/api/v1/campaigns/{slug}/totals";
pub const STREAM: &str = "/api/v1/campaigns/{slug}/stream";
pub const HISTORY: &str = "/api/v1/campaigns/{slug}/history";
/// What `embed.js` paints from: the widget as HTML, and the state to hydrate it with.
pub const WIDGET: &str = "/api/v1/campaigns/{slug}/widget";
/// Views, starts and shares.
pub const EVENTS: &str = "/api/v1/campaigns/{slug}/events";
pub const OPEN_DATA_CSV: &str = "/api/v1/campaigns/{slug}/open-data.csv";
pub const OPEN_DATA_JSON: &str = "/api/v1/campaigns/{slug}/open-data.json";
pub const QR: &str = "/api/v1/campaigns/{slug}/qr.svg";
pub const ADMIN_OVERVIEW: &str = "/api/v1/admin/campaigns/{slug}/overview";
pub const ADMIN_SERIES: &str = "/api/v1/admin/campaigns/{slug}/series";
pub const ADMIN_COUNTRIES: &str = "/api/v1/admin/campaigns/{slug}/countries";
pub const ADMIN_FUNNEL: &str = "/api/v1/admin/campaigns/{slug}/funnel";
pub const ADMIN_SOURCES: &str = "/api/v1/admin/campaigns/{slug}/sources";
pub const ADMIN_MARKS: &str = "/api/v1/admin/campaigns/{slug}/marks";
pub const ADMIN_MARK: &str = "/api/v1/admin/campaigns/{slug}/marks/{id}";
pub const ADMIN_ALARMS: &str = "/api/v1/admin/campaigns/{slug}/alarms";
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
pub const EXPORT_XLSX: &str = "/api/v1/admin/campaigns/{slug}/pledges.xlsx";
/// How far an export is, by the id that whoever started it gave it.
pub const ADMIN_EXPORT: &str = "/api/v1/admin/campaigns/{slug}/exports/{id}";
pub const ADMIN_WEBHOOKS: &str = "/api/v1/admin/campaigns/{slug}/webhooks";
pub const ADMIN_WEBHOOK: &str = "/api/v1/admin/campaigns/{slug}/webhooks/{id}";
pub const ADMIN_WEBHOOK_ROTATE: &str = "/api/v1/admin/campaigns/{slug}/webhooks/{id}/rotate";
pub const ADMIN_WEBHOOK_TEST: &str = "/api/v1/admin/campaigns/{slug}/webhooks/{id}/test";
pub const ADMIN_DELIVERIES: &str = "/api/v1/admin/campaigns/{slug}/webhooks/{id}/deliveries";
pub const ADMIN_REPLAY: &str =
    "/api/v1/admin/campaigns/{slug}/webhooks/{id}/deliveries/{delivery}/replay";
/// The Open Supporter Data Interface: what other tools begin with.
pub const OSDI: &str = "/api/v1/osdi";
pub const OSDI_PETITIONS: &str = "/api/v1/osdi/petitions";
pub const OSDI_PETITION: &str = "/api/v1/osdi/petitions/{slug}";
pub const OSDI_RECORD: &str = "/api/v1/osdi/petitions/{slug}/record_signature_helper";
pub const OSDI_SIGNATURES: &str = "/api/v1/osdi/petitions/{slug}/signatures";
pub const OSDI_SIGNATURE: &str = "/api/v1/osdi/petitions/{slug}/signatures/{id}";
pub const OSDI_PERSON: &str = "/api/v1/osdi/petitions/{slug}/people/{id}";
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
/// Where the link of an e-mail leads: a button there confirms.
pub const CONFIRM: &str = "/confirm/{token}";
/// What a person may do with their own pledge.
pub const MANAGE: &str = "/manage/{token}";
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
/// The same, as some type it.
pub const ADMIN_SLASH: &str = "/admin/";
/// Every page of it: the same document.
pub const ADMIN_PAGES: &str = "/admin/{*path}";
/// Where an invitation is accepted.
pub const ADMIN_INVITATION_PAGE: &str = "/admin/invitation/{token}";
pub const ADMIN_SESSION: &str = "/api/v1/admin/session";
pub const ADMIN_SESSION_ORGANIZATION: &str = "/api/v1/admin/session/organization";
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
pub const ADMIN_TEAM_RESET: &str = "/api/v1/admin/team/{id}/reset";
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
pub fn events(slug: &str) -> String {
    fill(EVENTS, slug)
}
pub fn widget(slug: &str) -> String {
    fill(WIDGET, slug)
}
pub fn qr(slug: &str) -> String {
    fill(QR, slug)
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
pub fn confirm(token: &str) -> String {
    fill(CONFIRM, token)
}
pub fn manage(token: &str) -> String {
    fill(MANAGE, token)
}
pub fn invitation_page(token: &str) -> String {
    fill(ADMIN_INVITATION_PAGE, token)
}
