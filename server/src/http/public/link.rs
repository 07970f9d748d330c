//! What the link of an e-mail opens, and the pages around it. Whoever holds it holds the mailbox.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::response::Response;
use countersign_shared::i18n::{self, Catalog};
use countersign_shared::{Code, Locale, locale};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{assets, home, painted};
use crate::campaign::Stage;
use crate::http::error::ApiError;
use crate::http::html::{Escaped, Framing, Page};
use crate::http::web::Web;
use crate::secrets::Person;
use crate::store::mails::{MailId, StoredMail};
use crate::store::supporters::may_be_confirmed;
use crate::store::{ExportRow, StoredCampaign};
use crate::supporters::find;

/// A pledge, opened by its link.
pub struct Opened {
    pub id: MailId,
    pub mail: StoredMail,
    pub campaign: Arc<StoredCampaign>,
    pub row: ExportRow<'static>,
    pub person: Person,
}

impl Opened {
    /// `None` for a link that was guessed, cut off, or of a person who is deleted: nobody learns
    /// which.
    pub async fn find(web: &Web, token: &str) -> Result<Option<Self>, ApiError> {
        let Some(id) = web.app.secrets.read_link(token) else { return Ok(None) };
        let Some(mail) = web.app.store.mail(id).await? else { return Ok(None) };
        let campaign = web.app.campaigns.by_id(mail.campaign);
        let Some(campaign) = campaign else { return Ok(None) };
        let found = find::one(&web.app, &campaign, mail.pledge).await?;
        let Some((row, Some(person))) = found else { return Ok(None) };
        Ok(Some(Self { id, mail, campaign, row, person }))
    }

    /// The language that they signed in.
    pub fn locale(&self) -> &str {
        &self.row.locale
    }

    pub fn words(&self) -> Catalog {
        i18n::mail(self.locale())
    }

    /// The country's name in that language.
    pub fn country(&self) -> String {
        let named =
            i18n::countries(self.locale()).into_iter().find(|it| it.code == self.row.country);
        named.map_or_else(|| self.row.country.clone().into_owned(), |it| it.name)
    }

    /// Names what is stored now: another signature, and another correction, is another one.
    pub fn state(&self) -> String {
        let sealed = self.row.sealed.as_deref().unwrap_or_default();
        let flags = [u8::from(self.row.public_name), u8::from(self.row.updates)];
        let mut hasher = blake3::Hasher::new();
        for part in [sealed, self.row.country.as_bytes(), &flags] {
            hasher.update(part);
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }

    /// Whether it is not decided yet: its mailbox may still say yes.
    pub fn waits(&self) -> bool {
        may_be_confirmed(self.row.quarantine_reason.as_deref())
    }

    pub fn is_archived(&self) -> bool {
        self.campaign.campaign.stage == Stage::Archived
    }

    /// The day of signing (UTC), as the widget writes days.
    pub fn signed_on(&self) -> String {
        day(self.locale(), self.row.signed_at)
    }

    /// A page in the colours of the campaign. `body` is markup.
    pub fn card(&self, web: &Web, title: &str, body: &str) -> Response {
        let campaign = &self.campaign.campaign;
        let (_, texts) = campaign.texts_for(self.locale());
        let (lang, dir) = spoken(self.locale());
        let (nonce, theme) = (web.random_id(), campaign.theme());
        let mut head = String::new();
        for sheet in [assets::path("page", "css"), assets::path("widget", "css")].iter().flatten() {
            let _ = writeln!(head, "<link rel=\"stylesheet\" href=\"{}\">", Escaped(sheet));
        }
        let _ = writeln!(head, "<style nonce=\"{nonce}\">{}</style>", painted::colours(&theme));
        let body = format!(
            "<main id=\"countersign\" class=\"campaign\">\n\
             <div class=\"cs-root\" data-view=\"counter\" data-scheme=\"{}\">\n<div class=\"cs-card\">\n\
             <header class=\"cs-head\"><p class=\"cs-kick\" dir=\"auto\">{}</p>\
             <h1 class=\"cs-title\">{}</h1></header>\n{body}</div>\n</div>\n</main>\n",
            Escaped(&theme.scheme),
            Escaped(&texts.title),
            Escaped(title),
        );
        let page = Page {
            status: StatusCode::OK,
            lang: lang.to_owned(),
            dir: dir.to_owned(),
            title: format!("{title} · {}", texts.title),
            head,
            body,
            nonce,
            framing: Framing::Nobody,
        };
        private(page.respond(web))
    }
}

/// The one page for every link that opens nothing.
pub fn gone(web: &Web, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let wanted = accepted.map(locale::accept_language).unwrap_or_default();
    let wanted = locale::negotiate(&wanted, i18n::LOCALES).unwrap_or(i18n::LOCALES[0]);
    let words = i18n::mail(wanted);
    plain(web, wanted, StatusCode::NOT_FOUND, &words.text("gone-title"), &words.text("gone-text"))
}

/// A page without a campaign.
pub fn plain(web: &Web, locale: &str, status: StatusCode, title: &str, text: &str) -> Response {
    let (lang, dir) = spoken(locale);
    let body = format!(
        "<main class=\"page\">\n<h1>{}</h1>\n<p>{}</p>\n</main>\n",
        Escaped(title),
        Escaped(text)
    );
    let mut page = Page::plain(web, title, body);
    (page.status, page.lang, page.dir) = (status, lang.to_owned(), dir.to_owned());
    page.head = home::stylesheet();
    private(page.respond(web))
}

/// The language of the words, and where its lines begin.
fn spoken(locale: &str) -> (&'static str, &'static str) {
    let language = i18n::supported(locale);
    (language, Locale::parse(language).map_or("ltr", |locale| locale.direction()))
}

/// The address of such a page opens it: no other site hears of it, and no search engine keeps it.
fn private(mut response: Response) -> Response {
    const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    response
}

fn day(locale: &str, at: Timestamp) -> String {
    let date = at.to_zoned(TimeZone::UTC).date();
    let month =
        Catalog::built_in(i18n::supported(locale)).text(&format!("month-{:02}", date.month()));
    format!("{} {month} {}", date.day(), date.year())
}

/// What a form sent, as pairs.
pub async fn posted(
    web: &Web,
    request: axum::extract::Request,
) -> Result<Vec<(String, String)>, ApiError> {
    let bytes = crate::http::body::read(request.into_body(), web.settings.body_deadline).await?;
    let pairs = form_urlencoded::parse(&bytes);
    let pairs: Vec<_> =
        pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    if pairs.len() > 32 { Err(ApiError::new(Code::BadRequest)) } else { Ok(pairs) }
}
