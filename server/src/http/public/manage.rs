//! `/manage/{token}`: what a person may do with their own pledge. No account, no script.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use countersign_shared::admin::supporters::Correction;
use countersign_shared::i18n::{self, Arg, Catalog};
use countersign_shared::{Code, FieldError, routes};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::link::{self, Opened};
use crate::http::error::ApiError;
use crate::http::html::Escaped;
use crate::http::web::Web;
use crate::organizer::{Caller, audit};
use crate::store::audit::Entry;
use crate::store::mails::CONFIRM_DAYS;
use crate::store::supporters::Act;
use crate::supporters::act::{self, ActError};

/// `GET /manage/{token}`.
pub async fn show(
    State(web): State<Arc<Web>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    match Opened::find(&web, &token).await? {
        Some(opened) => Ok(page(&web, &opened, &token, &Said::default())),
        None => Ok(link::gone(&web, &headers)),
    }
}

/// `POST /manage/{token}`: `action` is `save`, `withdraw` or `erase`.
pub async fn change(
    State(web): State<Arc<Web>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let posted = link::posted(&web, request).await?;
    let Some(opened) = Opened::find(&web, &token).await? else {
        return Ok(link::gone(&web, &headers));
    };
    let sent = |name: &str| posted.iter().find(|(it, _)| it == name).map(|(_, value)| &**value);
    let said = match sent("action") {
        Some("save") => save(&web, &opened, correction(&opened, sent)).await?,
        Some("withdraw") => withdraw(&web, &opened).await?,
        Some("erase") if sent("sure").is_some() => return erase(&web, &opened).await,
        Some("erase") => Said { unsure: true, ..Said::default() },
        _ => return Err(ApiError::new(Code::BadRequest)),
    };
    // As it stands now.
    match Opened::find(&web, &token).await? {
        Some(opened) => Ok(page(&web, &opened, &token, &said)),
        None => Ok(link::gone(&web, &headers)),
    }
}

/// What the page says beside what is stored.
#[derive(Default)]
struct Said {
    saved: bool,
    /// Erasing was asked for without the tick that says that it is meant.
    unsure: bool,
    /// What was typed and not taken.
    typed: Option<Correction>,
    errors: Vec<FieldError>,
}

/// Boxes that are not ticked are not sent. What the form does not ask stays as it is.
fn correction<'p>(opened: &Opened, sent: impl Fn(&str) -> Option<&'p str>) -> Correction {
    let fields = opened.campaign.campaign.fields;
    let text = |name: &str| sent(name).map(str::to_owned);
    let ticked = |asked: bool, name: &str| asked.then(|| sent(name).is_some());
    Correction {
        name: text("name"),
        country: text("country"),
        message: text("message").filter(|_| fields.message),
        updates: ticked(fields.updates, "updates"),
        public_name: ticked(fields.public_name, "public_name"),
    }
}

async fn save(web: &Web, opened: &Opened, to: Correction) -> Result<Said, ApiError> {
    if is_so_already(opened, &to) {
        return Ok(Said { saved: true, ..Said::default() });
    }
    let entry = entry(web, opened, "supporter.correct");
    match act::correct(&web.app, &opened.campaign, opened.row.id, &to, &entry).await {
        Ok(_) => Ok(Said { saved: true, ..Said::default() }),
        Err(ActError::Fields(errors)) => Ok(Said { typed: Some(to), errors, ..Said::default() }),
        Err(error) => Err(error.into()),
    }
}

/// Then nothing is written: not into the audit log either.
fn is_so_already(opened: &Opened, to: &Correction) -> bool {
    let (row, person) = (&opened.row, &opened.person);
    let same = |typed: &Option<String>, stored: &str| {
        typed.as_ref().is_none_or(|typed| typed.replace("\r\n", "\n").trim() == stored)
    };
    same(&to.name, &person.name)
        && same(&to.country, &row.country)
        && same(&to.message, person.message.as_deref().unwrap_or_default())
        && to.updates.is_none_or(|updates| updates == row.updates)
        && to.public_name.is_none_or(|shown| shown == row.public_name)
}

async fn withdraw(web: &Web, opened: &Opened) -> Result<Said, ApiError> {
    let entry = entry(web, opened, "supporter.withdraw");
    match act::act(&web.app, &opened.campaign, opened.row.id, Act::Withdraw, &entry).await {
        // Or the organizers took it out before: the page says so.
        Ok(_) | Err(ActError::NotFromHere) => Ok(Said::default()),
        Err(error) => Err(error.into()),
    }
}

async fn erase(web: &Web, opened: &Opened) -> Result<Response, ApiError> {
    let entry = entry(web, opened, "supporter.erase");
    match act::erase(&web.app, &opened.campaign, opened.row.id, &entry).await {
        // Or it was sent twice.
        Ok(_) | Err(ActError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let words = opened.words();
    let (title, text) = (words.text("erased-title"), words.text("erased-text"));
    Ok(link::plain(web, opened.locale(), StatusCode::OK, &title, &text))
}

/// The audit log says that it was the person, and not who that is.
fn entry(web: &Web, opened: &Opened, action: &str) -> Entry {
    let server = Caller::server(opened.campaign.organization);
    let subject = format!("{}/{}", opened.campaign.campaign.slug.as_str(), opened.row.id);
    audit::entry(&web.app, &server, action, &subject, json!({ "by": "the person" }))
}

fn page(web: &Web, opened: &Opened, token: &str, said: &Said) -> Response {
    let words = opened.words();
    let mut body = String::from("<div class=\"cs-body\">\n");
    let _ = writeln!(body, "<p class=\"cs-seal\">{}</p>", Escaped(&standing(opened, &words)));
    if said.saved {
        let saved = words.text("manage-saved");
        let _ = writeln!(body, "<p class=\"cs-notice\" role=\"status\">{}</p>", Escaped(&saved));
    }
    if !said.errors.is_empty() {
        let look = Catalog::built_in(i18n::supported(opened.locale()));
        let look = look.text(&Code::InvalidInput.message_key());
        let _ = writeln!(body, "<p class=\"cs-notice\" role=\"alert\">{}</p>", Escaped(&look));
    }
    let _ = writeln!(body, "<h2 class=\"cs-sub\">{}</h2>", Escaped(&words.text("manage-what")));
    let action = Escaped(&routes::manage(token)).to_string();
    details(&mut body, opened, &words, said, &action);
    if opened.row.quarantine_reason.is_none() {
        let _ = write!(
            body,
            "<h2 class=\"cs-sub\">{}</h2>\n<p>{}</p>\n<form method=\"post\" action=\"{action}\">\
             <button class=\"cs-ghost\" name=\"action\" value=\"withdraw\">{}</button></form>\n",
            Escaped(&words.text("manage-withdraw-title")),
            Escaped(&words.text("manage-withdraw-text")),
            Escaped(&words.text("manage-withdraw-button")),
        );
    }
    let alert = if said.unsure { " role=\"alert\"" } else { "" };
    let unsure = if said.unsure { words.text("manage-erase-unsure") } else { String::new() };
    let _ = write!(
        body,
        "<h2 class=\"cs-sub\">{}</h2>\n<p>{}</p>\n<form method=\"post\" action=\"{action}\">\
         <label class=\"cs-check\"><input type=\"checkbox\" name=\"sure\" aria-describedby=\"sure-note\">\
         <span>{}</span></label>\n<p class=\"cs-note\" id=\"sure-note\" data-bad{alert}>{}</p>\n\
         <button class=\"cs-ghost\" name=\"action\" value=\"erase\">{}</button></form>\n\
         <p class=\"cs-note\">{}</p>\n</div>\n",
        Escaped(&words.text("manage-erase-title")),
        Escaped(&words.text("manage-erase-text")),
        Escaped(&words.text("manage-erase-sure")),
        Escaped(&unsure),
        Escaped(&words.text("manage-erase-button")),
        Escaped(&kept(opened, &words)),
    );
    opened.card(web, &words.text("manage-title"), &body)
}

fn standing(opened: &Opened, words: &Catalog) -> String {
    let (date, contact) = (opened.signed_on(), &opened.campaign.campaign.privacy.contact);
    match opened.row.quarantine_reason.as_deref() {
        None => words.format("manage-counted", &[("date", Arg::Text(&date))]),
        Some("withdrawn") => words.text("manage-withdrawn"),
        Some("refused" | "invalidated") => {
            words.format("manage-removed", &[("contact", Arg::Text(contact))])
        }
        Some(_) => words.text("manage-waiting"),
    }
}

fn kept(opened: &Opened, words: &Catalog) -> String {
    let (key, days) = match opened.waits() {
        true => ("manage-kept-waiting", CONFIRM_DAYS),
        false => ("manage-kept", opened.campaign.campaign.privacy.retention_days),
    };
    words.format(key, &[("days", Arg::Number(days.into()))])
}

/// The form with what is stored, or with what was typed and is at fault.
fn details(body: &mut String, opened: &Opened, words: &Catalog, said: &Said, action: &str) {
    let fields = opened.campaign.campaign.fields;
    let typed = said.typed.as_ref();
    let kept = |typed: Option<&String>, stored: &str| {
        typed.map_or_else(|| stored.to_owned(), Clone::clone)
    };
    let name = kept(typed.and_then(|it| it.name.as_ref()), &opened.person.name);
    let country = kept(typed.and_then(|it| it.country.as_ref()), &opened.row.country);
    let stored = opened.person.message.as_deref().unwrap_or_default();
    let message = kept(typed.and_then(|it| it.message.as_ref()), stored);
    let label = |key: &str| Escaped(&words.text(key)).to_string();
    let _ = writeln!(body, "<form method=\"post\" action=\"{action}\">");
    field(body, said, opened.locale(), ("name", &label("manage-name")), |extra| {
        let value = Escaped(&name);
        format!(
            "<input class=\"cs-input\" autocomplete=\"name\" required value=\"{value}\" {extra}>"
        )
    });
    // Another address is another signature.
    let _ = writeln!(
        body,
        "<div class=\"cs-field\"><span class=\"cs-label\">{}</span><span><bdi dir=\"ltr\">{}</bdi></span></div>",
        label("manage-email"),
        Escaped(&opened.person.email),
    );
    field(body, said, opened.locale(), ("country", &label("manage-country")), |extra| {
        let mut list = format!("<select class=\"cs-input cs-select\" {extra}>");
        for line in i18n::countries(opened.locale()) {
            let chosen = if line.code == country { " selected" } else { "" };
            let (code, name) = (Escaped(&line.code), Escaped(&line.name));
            let _ = write!(list, "<option value=\"{code}\"{chosen}>{name}</option>");
        }
        list + "</select>"
    });
    if fields.message {
        field(body, said, opened.locale(), ("message", &label("manage-message")), |extra| {
            let text = Escaped(&message);
            format!("<textarea class=\"cs-input\" rows=\"3\" {extra}>{text}</textarea>")
        });
    }
    let boxes = [
        (fields.public_name, "public_name", "manage-public", opened.row.public_name),
        (fields.updates, "updates", "manage-updates", opened.row.updates),
    ];
    for (_, name, key, ticked) in boxes.into_iter().filter(|(asked, ..)| *asked) {
        let ticked = if ticked { " checked" } else { "" };
        let _ = writeln!(
            body,
            "<label class=\"cs-check\"><input type=\"checkbox\" name=\"{name}\"{ticked}>\
             <span>{}</span></label>",
            label(key),
        );
    }
    let _ = writeln!(
        body,
        "<button class=\"cs-button\" name=\"action\" value=\"save\">{}</button>\n</form>",
        label("manage-save"),
    );
}

/// One field with its label, and what is wrong with it. `input` is given the attributes that tie
/// them together.
fn field(
    body: &mut String,
    said: &Said,
    locale: &str,
    (name, label): (&str, &str),
    input: impl FnOnce(&str) -> String,
) {
    let error = said.errors.iter().find(|error| error.field == name);
    let text = error.map(|error| {
        let key = Code::from_text(&error.code).unwrap_or(Code::FieldInvalid).message_key();
        Catalog::built_in(i18n::supported(locale)).text(&key)
    });
    let invalid = if error.is_some() { " aria-invalid=\"true\"" } else { "" };
    let extra =
        format!("name=\"{name}\" id=\"own-{name}\" aria-describedby=\"own-{name}-note\"{invalid}");
    let _ = writeln!(
        body,
        "<div class=\"cs-field\"><label class=\"cs-label\" for=\"own-{name}\">{label}</label>{}\
         <p class=\"cs-note\" id=\"own-{name}-note\" data-bad>{}</p></div>",
        input(&extra),
        Escaped(text.as_deref().unwrap_or_default()),
    );
}
