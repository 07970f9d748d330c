//! The words of an e-mail, in the language of the signer.

use std::fmt::Write as _;

use countersign_shared::i18n::{self, Arg};
use countersign_shared::{Email, Locale, routes};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use super::smtp::{SendError, Smtp};
use crate::App;
use crate::campaign::Campaign;
use crate::store::mails::{CONFIRM_DAYS, Letter, MailKind};

/// `None` where there is no more need of it.
pub(super) fn compose(
    app: &App,
    smtp: &Smtp,
    letter: &Letter,
) -> Result<Option<Message>, SendError> {
    let now = app.clock.now();
    if !letter.is_needed(now) {
        return Ok(None);
    }
    let campaign = app.campaigns.by_id(letter.campaign);
    // One that this node has not heard of yet is there at the next try.
    let campaign = &campaign.ok_or(SendError::Campaign)?.campaign;
    let person = app
        .secrets
        .open(&campaign.slug, letter.key_version, &letter.fingerprint, &letter.sealed)
        .map_err(|_| SendError::Sealed)?;
    let token = app.secrets.link_token(&letter.id);
    let path = match letter.kind {
        MailKind::Confirm => routes::confirm(&token),
        MailKind::Known => routes::manage(&token),
    };
    let words = Words::of(campaign, letter, format!("{}{path}", app.config.public_url));
    let mut id = String::with_capacity(32);
    for byte in letter.id {
        let _ = write!(id, "{byte:02x}");
    }
    let message = Message::builder()
        .from(smtp.sender(&one_line(&campaign.privacy.controller)))
        .to(Mailbox::new(None, address(&person.email)?))
        .subject(&words.subject)
        .date(now.into())
        // The same in every try: who gets it twice sees it once.
        .message_id(Some(format!("<{id}@{}>", smtp.host())))
        // Nobody's holiday answers it (RFC 3834).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    let message = match campaign.privacy.contact.parse::<Address>() {
        Ok(contact) => message.reply_to(Mailbox::new(None, contact)),
        Err(_) => message,
    };
    let parts = MultiPart::alternative_plain_html(words.plain(), words.html());
    message.multipart(parts).map(Some).map_err(|_| SendError::Address)
}

/// As mail servers take it: the domain in ASCII.
fn address(typed: &str) -> Result<Address, SendError> {
    let email = Email::parse(typed).map_err(|_| SendError::Address)?;
    Address::new(email.local(), email.domain_ascii()).map_err(|_| SendError::Address)
}

/// What stands in an e-mail, in its order.
struct Words {
    locale: String,
    subject: String,
    why: String,
    /// The campaign's own promise, where the e-mail asks for it.
    pledge: Option<String>,
    act: String,
    button: String,
    link: String,
    ignore: String,
    by_hand: String,
    from: String,
}

impl Words {
    fn of(campaign: &Campaign, letter: &Letter, link: String) -> Self {
        let (_, texts) = campaign.texts_for(&letter.locale);
        let words = i18n::mail(&letter.locale);
        let say = |what: &str| {
            let args = [
                ("title", Arg::Text(&texts.title)),
                ("days", Arg::Number(CONFIRM_DAYS.into())),
                ("controller", Arg::Text(&campaign.privacy.controller)),
                ("contact", Arg::Text(&campaign.privacy.contact)),
            ];
            words.format(what, &args)
        };
        let of_kind = |what: &str| say(&format!("{}-{what}", letter.kind.as_str()));
        Self {
            locale: words.locale().to_owned(),
            subject: one_line(&of_kind("subject")),
            why: of_kind("why"),
            pledge: (letter.kind == MailKind::Confirm).then(|| texts.pledge.clone()),
            act: of_kind("act"),
            button: of_kind("button"),
            link,
            ignore: of_kind("ignore"),
            by_hand: say("mail-link"),
            from: say("mail-from"),
        }
    }

    fn plain(&self) -> String {
        let quoted = |pledge: &String| format!("    {}\n\n", pledge.replace('\n', "\n    "));
        format!(
            "{}\n\n{}{}\n\n{}\n\n{}\n\n--\u{20}\n{}\n",
            self.why,
            self.pledge.as_ref().map(quoted).unwrap_or_default(),
            self.act,
            self.link,
            self.ignore,
            self.from,
        )
    }

    /// Nothing is loaded from anywhere: nobody learns whether it was opened.
    fn html(&self) -> String {
        let text = |text: &str| escaped(text).replace('\n', "<br>");
        let quoted = |pledge: &String| {
            let style = "margin:0 0 16px;padding:4px 16px;border-inline-start:3px solid #888;\
                         font-size:18px";
            format!("<blockquote style=\"{style}\">{}</blockquote>\n", text(pledge))
        };
        let locale = Locale::parse(&self.locale);
        format!(
            include_str!("letter.html"),
            lang = escaped(&self.locale),
            dir = locale.map_or("ltr", |locale| locale.direction()),
            subject = escaped(&self.subject),
            why = text(&self.why),
            pledge = self.pledge.as_ref().map(quoted).unwrap_or_default(),
            act = text(&self.act),
            button = escaped(&self.button),
            link = escaped(&self.link),
            ignore = text(&self.ignore),
            by_hand = escaped(&self.by_hand),
            from = text(&self.from),
        )
    }
}

/// For a header: a title and the name of an organization may have several lines, and a header that
/// had them could not be written.
fn one_line(text: &str) -> String {
    let apart = |letter: char| letter.is_whitespace() || letter.is_control();
    text.split(apart).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
